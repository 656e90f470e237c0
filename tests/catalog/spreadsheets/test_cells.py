"""One cell: out of a value and back, the same in Python and in SQL."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from psycopg.types.json import Jsonb

from catalog import field_sql, fields
from catalog.spreadsheets import cells
from tests.catalog.spreadsheets.texts import lists, texts


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Song", "Song"),
        ("=1+1", "'=1+1"),
        ("-a_video_id", "'-a_video_id"),
        ("@artist", "'@artist"),
        ("'Tis the season", "'Tis the season"),
        ("'=quoted", "''=quoted"),
    ],
)
def test_cell_that_looks_like_a_formula_is_guarded(text, cell):
    assert cells.guarded(text) == cell
    assert cells.unguarded(cell) == text


@pytest.mark.unit
@pytest.mark.parametrize(
    ("items", "cell"),
    [
        (["Pop", "Rock"], "Pop|Rock"),
        (["AC\\DC"], "AC\\DC"),
        (["Either|Or", "B"], "Either\\|Or|B"),
        (["ends with \\", "B"], "ends with \\\\|B"),
    ],
)
def test_list_becomes_one_cell(items, cell):
    assert cells.joined(items) == cell
    assert cells.split_items(cell) == items


@pytest.mark.unit
@given(texts)
def test_guard_comes_off_exactly(text):
    assert cells.unguarded(cells.guarded(text)) == text


@pytest.mark.unit
@given(lists)
def test_items_come_back_from_their_cell(items):
    assert fields.text_list(cells.split_items(cells.joined(items))) == items


@pytest.mark.unit
def test_items_are_cut_at_another_separator_on_request():
    assert cells.split_items("Pop; Rock", ";") == ["Pop", "Rock"]


def in_sql(field, value):
    """What `sql_cell` makes of a value."""
    column = field_sql.from_json(field, "%(value)s::jsonb")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {cells.sql_cell(field, 'v')} FROM (SELECT {column} AS v) given",
            {"value": Jsonb(value)},
        )
        return cursor.fetchone()[0]


SQL_SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.django_db
@SQL_SETTINGS
@given(texts)
def test_sql_writes_texts_as_python_does(text):
    field = fields.EDITABLE["title"]

    assert in_sql(field, text) == cells.shown(field, text)


@pytest.mark.django_db
@SQL_SETTINGS
@given(lists)
def test_sql_writes_lists_as_python_does(items):
    field = fields.EDITABLE["tags"]

    assert in_sql(field, items) == cells.shown(field, items)


@pytest.mark.django_db
@pytest.mark.parametrize("value", [True, False, None])
def test_sql_writes_flags_as_python_does(value):
    field = fields.EDITABLE["embeddable"]

    assert in_sql(field, value) == cells.shown(field, value)


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "cell"), [("10", "Music"), ("", ""), ("99", "99")])
def test_category_is_shown_by_its_name(value, cell):
    field = fields.EDITABLE["category_id"]

    assert in_sql(field, value) == cells.shown(field, value) == cell
