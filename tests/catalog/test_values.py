"""Normal forms: what each value becomes, and that SQL says the same as Python."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import clean_text, identifier_types, values
from catalog.value_types import UnmappableValueError

TYPES = {
    name: getattr(values, name)
    for name in (
        "Text",
        "VideoId",
        "ChannelId",
        "AssetId",
        "AssetIds",
        "Isrc",
        "Upc",
        "Count",
        "Seconds",
        "Timestamp",
        "Flag",
        "Category",
        "Privacy",
        "PipeList",
        "SpaceList",
    )
}
TYPES["Short"] = identifier_types.PatternValue("[a-z]+", "up to 5 letters", longest=5)
UNMAPPABLE = "unmappable"

CASES = [
    ("Text", "  Ca\u0301fe\r\nx\r ", "C\u00e1fe\nx"),
    ("Text", "", ""),
    ("Text", "\ufeff\u00a0x\u3000", "x"),
    ("VideoId", " -abcDEF_123 ", "-abcDEF_123"),
    ("VideoId", "", None),
    ("VideoId", "=abcDEF_123", UNMAPPABLE),
    ("VideoId", "abcDEF_1234\n", "abcDEF_1234"),
    ("VideoId", "abcDEF\n_123", UNMAPPABLE),
    ("ChannelId", "UCabcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuv"),
    ("ChannelId", "abcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuv"),
    ("ChannelId", "UCabcdefghijklmnopqrst", "UCUCabcdefghijklmnopqrst"),
    ("ChannelId", "Aurora", UNMAPPABLE),
    ("AssetId", "A123456789012345", "A123456789012345"),
    ("AssetId", "B123456789012345", UNMAPPABLE),
    ("AssetIds", "A1|A2, A3;A4  A5", ["A1", "A2", "A3", "A4", "A5"]),
    ("AssetIds", " | ", []),
    ("Short", " abcde ", "abcde"),
    ("Short", "abcdef", UNMAPPABLE),
    ("Isrc", "qz-abc-25 00001", "QZABC2500001"),
    ("Isrc", "", ""),
    ("Isrc", "-", ""),
    ("Isrc", "ISRC PENDING", UNMAPPABLE),
    ("Isrc", "\u0131zabc2500001", UNMAPPABLE),
    ("Upc", "0-12345 678905", "012345678905"),
    ("Upc", "1.9E+11", UNMAPPABLE),
    ("Upc", "12345678901.0", UNMAPPABLE),
    ("Upc", "190296000000", UNMAPPABLE),
    ("Upc", "1902960000000", UNMAPPABLE),
    ("Upc", "190107000000", "190107000000"),
    ("Upc", "190296000001", "190296000001"),
    ("Upc", "12345678905", UNMAPPABLE),
    ("Upc", "\u0661\u0662\u0663456789012", UNMAPPABLE),
    ("Count", " 42 ", 42),
    ("Count", "0042", 42),
    ("Count", "", None),
    ("Count", "1,000", UNMAPPABLE),
    ("Count", "-1", UNMAPPABLE),
    ("Count", "1" * 19, UNMAPPABLE),
    ("Count", "\u0664", UNMAPPABLE),
    ("Seconds", "75", 75),
    ("Seconds", "1:15", 75),
    ("Seconds", "1:01:15", 3675),
    ("Seconds", "99:99:99", 99 * 3600 + 99 * 60 + 99),
    ("Seconds", "::1", UNMAPPABLE),
    ("Timestamp", "2025-08-31", datetime(2025, 8, 31, tzinfo=UTC)),
    ("Timestamp", "20250831", datetime(2025, 8, 31, tzinfo=UTC)),
    (
        "Timestamp",
        "2025/08/31 14:05:09 UTC",
        datetime(2025, 8, 31, 14, 5, 9, tzinfo=UTC),
    ),
    (
        "Timestamp",
        "2025-08-31T14:05:09.123456Z",
        datetime(2025, 8, 31, 14, 5, 9, tzinfo=UTC),
    ),
    ("Timestamp", "2025-08-31 14:05", datetime(2025, 8, 31, 14, 5, tzinfo=UTC)),
    ("Timestamp", "2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
    ("Timestamp", "2025-02-29", UNMAPPABLE),
    ("Timestamp", "2025/08-31", UNMAPPABLE),
    ("Timestamp", "31.08.2025", UNMAPPABLE),
    ("Timestamp", "2025-08-31 24:00", UNMAPPABLE),
    ("Timestamp", "", None),
    ("Flag", "YES", True),
    ("Flag", "Yes", True),
    ("Flag", "0", False),
    ("Flag", "No", False),
    ("Flag", "", None),
    ("Flag", "maybe", UNMAPPABLE),
    ("Category", "Music", "10"),
    ("Category", "10", "10"),
    ("Category", "gadgets", "20"),
    ("Category", "musi\u212a", UNMAPPABLE),
    ("Privacy", "Public", "public"),
    ("Privacy", "secret", UNMAPPABLE),
    ("PipeList", "a| b ||c", ["a", "b", "c"]),
    ("PipeList", "", []),
    ("SpaceList", "x  y", ["x", "y"]),
]


def in_python(value_type, raw):
    try:
        return value_type.normalise(raw)
    except UnmappableValueError:
        return UNMAPPABLE


def in_sql(value_type, raw):
    """The SQL form; NULL of a value that is not blank is one without a form."""
    expression = value_type.sql("raw.cell").replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression} FROM (SELECT %s::text AS cell) raw", [raw])
        value = cursor.fetchone()[0]
        is_blank = not raw.strip(clean_text.BLANKS)
    return UNMAPPABLE if value is None and not is_blank else value


@pytest.mark.parametrize(("name", "raw", "expected"), CASES)
def test_value_has_its_normal_form(name, raw, expected):
    assert in_python(TYPES[name], raw) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "raw", "expected"), CASES)
def test_sql_gives_the_same_normal_form(name, raw, expected):
    found = in_sql(TYPES[name], raw)

    assert found == expected
    assert type(found) is type(expected)


RAW = st.text(
    st.one_of(
        st.sampled_from(
            "0123456789:-/.|,; \t\n\r\x0b\u00a0\u200b\u3000\ufeffABCUTZYyesNno+E\u0131"
            "\u0130\u212a\u0301\u0130\u00df\u1e9e\u2028\x85\x1c'\"\\%{}"
        ),
        st.characters(exclude_characters="\0", exclude_categories=("Cs", "Cn")),
    ),
    max_size=30,
)
LIKELY = st.one_of(
    RAW,
    st.from_regex(r"20\d\d[-/]?[01]\d[-/]?[0-3]\d([T ][0-2]\d:[0-5]\d)? ?(UTC|Z)?"),
    st.from_regex(r"[ ]?\d{1,3}(:\d{1,2}){0,3}\n?"),
    st.from_regex(r"[A-Za-z]{2}-?[A-Z0-9]{3}-?[0-9]{7} ?", fullmatch=True),
    st.sampled_from(["Yes", "nO", "TRUE", "1", "y", "music", "Unlisted", "-", "--"]),
)


@pytest.mark.django_db
@pytest.mark.parametrize("name", TYPES)
@given(raws=st.lists(LIKELY, min_size=1, max_size=40))
@settings(max_examples=settings.default.max_examples // 2)
def test_sql_and_python_agree_about_any_value(name, raws):
    value_type = TYPES[name]
    raws = [raw for raw in raws if "\0" not in raw]

    expression = value_type.sql("raw.cell").replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {expression} FROM unnest(%s::text[]) WITH ORDINALITY "
            "AS raw(cell, place) ORDER BY place",
            [raws],
        )
        found = [row[0] for row in cursor.fetchall()]

    expected = [in_python(value_type, raw) for raw in raws]
    assert found == [None if value == UNMAPPABLE else value for value in expected]


CLOCKS = (
    "", " 14:05", "T14:05:09Z", " 14:05:09 UTC", " 25:00:00 UTC", " 23:60:00",
    " 23:59:59.9999999 UTC", "  00:00:00", "UTC", "T1",
)  # fmt: skip
DAYS = [
    f"{year}{separator}{month:02d}{separator}{day:02d}{clock}"
    for year in (2023, 2024)
    for separator in ("-", "/", "")
    for month in range(14)
    for day in range(33)
    for clock in CLOCKS
]


@pytest.mark.django_db
def test_sql_and_python_agree_about_every_day_of_the_calendar():
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {values.Timestamp.sql('raw.cell').replace('%', '%%')} "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS raw(cell, place) "
            "ORDER BY place",
            [DAYS],
        )
        found = [row[0] or UNMAPPABLE for row in cursor.fetchall()]

    assert found == [in_python(values.Timestamp, day) for day in DAYS]
