"""Normal forms and limits of wanted values: SQL says what Python says."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from catalog import check_sql, fields
from catalog.fields import EDITABLE, Shape, UnmappableValueError

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TEXTS = [
    name for name, field in EDITABLE.items() if field.shape is Shape.TEXT
]  # fmt: skip
LISTS = [name for name, field in EDITABLE.items() if field.shape is Shape.LIST]
SAMPLES = [
    "", "  x ", "Song <Live>", "😀" * 51, "a" * 101, "é" * 2501, "Cafe\u0301\r\nx",
    "qz-abc-25 00001", "QZABC250000", "036000291452", "036000291453", "36000291452",
    "4006381333931", "4006381333932", "12 34", "pt_br", "zh-hant-TW", "x-", "10",
    "music", "99", "public", "Public", "creativeCommon", "a b", "A.b-_@/9", "c" * 65,
    "2026-12-01T17:00:00Z", "2026-12-01", "é" * 128, "ü" * 127,
]  # fmt: skip
LIST_SAMPLES = [
    [], [" a ", "A", "b"], ["a,b"], ["<x>"], ["x" * 501], ["a b", "c"] * 90,
    ["é" * 128, "x"], ["", "  "], ["one two", "three"],
    ["title", "isrc"], ["title", "notes"],
]  # fmt: skip


def in_sql(field, value):
    """The normal form that SQL makes of a value, and what it finds wrong."""
    form = check_sql.normal_form(field, f"%s::{field.shape}")
    texts = check_sql.finding_texts(field, "made.value")
    places = form.count("%s::")
    made = f"(SELECT to_jsonb({form})) made (value)"
    sql = f"SELECT made.value #>> '{{}}', {texts} FROM {made}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value] * places)
        form, found = cursor.fetchone()
    return form, found or []


def findings_in_sql(field, value):
    texts = check_sql.finding_texts(field, "given.value")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {texts} FROM (SELECT %s::jsonb) given (value)", [Jsonb(value)]
        )
        return cursor.fetchone()[0] or []


def in_python(field, value):
    try:
        form = field.normalise(value)
    except UnmappableValueError:
        return fields.text(value), [fields.NO_CATEGORY]
    return form, field.check(form)


@pytest.mark.parametrize("name", [n for n in TEXTS if n != "publish_at"])
@pytest.mark.parametrize("value", SAMPLES)
def test_text_has_the_same_form_and_findings_in_sql(name, value):
    field = EDITABLE[name]

    assert in_sql(field, value) == in_python(field, value)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", LIST_SAMPLES)
def test_list_has_the_same_form_and_findings_in_sql(name, value):
    field = EDITABLE[name]
    form, found = in_python(field, value)

    text, found_in_sql = in_sql(field, value)

    assert (text, found_in_sql) == (as_json_text(form), found)


def as_json_text(value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb #>> '{}'", [Jsonb(value)])
        return cursor.fetchone()[0]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_has_the_same_findings_in_sql(text):
    for name in TEXTS:
        value = fields.text(text)

        assert findings_in_sql(EDITABLE[name], value) == EDITABLE[name].check(value)


def test_publishing_time_is_checked_in_sql():
    field = EDITABLE["publish_at"]

    assert findings_in_sql(field, "2026-12-01T17:00:00Z") == []
    assert findings_in_sql(field, "tomorrow") == field.check("tomorrow")


@pytest.mark.parametrize("name", ["is_administered", "is_hidden", "embeddable"])
@pytest.mark.parametrize("value", [True, False, None])
def test_flag_has_the_same_findings_in_sql(name, value):
    field = EDITABLE[name]

    assert findings_in_sql(field, value) == field.check(value)
