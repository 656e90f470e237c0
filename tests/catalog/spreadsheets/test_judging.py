"""What a cell means beside the value that the catalogue has now."""

import pytest
from hypothesis import given

from catalog import fields
from catalog.clean_text import clean_text
from catalog.spreadsheets import cells
from catalog.spreadsheets.columns import Target
from catalog.spreadsheets.judging import Verdict, judge
from catalog.spreadsheets.mapping import Mapping
from tests.catalog.spreadsheets.texts import lists, titles

pytestmark = pytest.mark.unit

MAPPING = Mapping(Target.VIDEOS, ("video_id", "title"), "video_id")
SEMICOLONS = Mapping(
    Target.VIDEOS, ("video_id", "title"), "video_id", list_separator=";"
)


def of(name, raw, current, mapping=MAPPING):
    return judge(fields.EDITABLE[name], raw, current, mapping)


@pytest.mark.parametrize(
    ("name", "raw", "current"),
    [
        ("title", "Song", "Song"),
        ("title", "'=1+1", "=1+1"),
        ("title", "=1+1", "=1+1"),
        ("title", "[clear]", "[clear]"),
        ("category_id", "Music", "10"),
        ("category_id", "10", "10"),
        ("privacy_status", "Public", "public"),
        ("license", "creativecommon", "creativeCommon"),
        ("embeddable", "TRUE", True),
        ("artist", "Ada | Bob", ["Ada", "Bob"]),
        ("isrc", "us-rc1-76-00001", "USRC17600001"),
        ("upc", "36000291452", "036000291452"),
        ("upc", "36000291452", "0036000291452"),
        ("custom_id", "123", "00123"),
        ("custom_id", "0", "000"),
        ("publish_at", "2026-12-01 17:00:00", "2026-12-01T17:00:00Z"),
        ("label", "[clear]", ""),
    ],
)
def test_cell_that_says_what_we_have_is_no_edit(name, raw, current):
    assert of(name, raw, current).verdict is Verdict.SAME


@pytest.mark.parametrize(
    ("name", "raw", "new"),
    [
        ("title", "'-New", "-New"),
        ("label", "[clear]", ""),
        ("artist", "[clear]", []),
        ("embeddable", "[clear]", None),
        ("embeddable", "no", False),
        ("category_id", "gaming", "20"),
        ("artist", "Either\\|Or|Bob", ["Either|Or", "Bob"]),
        ("upc", "036000291452", "036000291452"),
        ("publish_at", "2027/01/31 08:15", "2027-01-31T08:15:00Z"),
    ],
)
def test_cell_that_differs_is_an_edit(name, raw, new):
    current = {"embeddable": True, "artist": ["X"], "upc": ""}.get(name, "old")

    judged = of(name, raw, current)

    assert (judged.verdict, judged.new) == (Verdict.EDIT, new)


def test_list_is_cut_where_the_person_said():
    assert of("artist", "Ada; Bob", [], SEMICOLONS).new == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("title", "[clear]", "A title is required"),
        ("title", "x" * 101, "101 characters"),
        ("category_id", "Polka", "Expected a YouTube category"),
        ("embeddable", "maybe", "Expected Yes or No"),
        ("is_hidden", "[clear]", "cannot be cleared"),
        ("isrc", "US", "ISRC has 12 characters"),
        ("upc", "1.9E+11", "Expected a UPC or EAN"),
        ("upc", "190296123456.0", "Expected a UPC or EAN"),
        ("upc", "190296000000", "Expected a UPC or EAN"),
        ("upc", "36000291453", "lost a zero"),
        ("upc", "036000291453", "check digit"),
        ("publish_at", "tomorrow", "publishing time"),
        ("album", "#N/A", "formula"),
        ("notes", "x" * 32_767, "cut off"),
    ],
)
def test_cell_that_cannot_be_taken_says_why(name, raw, reason):
    judged = of(name, raw, {"embeddable": True, "is_hidden": False}.get(name, "old"))

    assert judged.verdict is Verdict.REFUSED
    assert reason in judged.reason


def test_lost_zero_is_offered_as_a_repair():
    judged = of("upc", "36000291452", "190296123457")

    assert (judged.verdict, judged.new) == (Verdict.REPAIR, "036000291452")
    assert "dropped the zero" in judged.reason


def test_clearing_word_is_what_the_person_chose():
    mapping = Mapping(
        Target.VIDEOS, ("video_id", "label"), "video_id", clear_token="---"
    )

    assert of("label", "---", "Old", mapping).new == ""
    assert of("label", "[clear]", "Old", mapping).new == "[clear]"


@given(titles)
def test_exported_text_is_never_an_edit(text):
    raw = clean_text(cells.shown(fields.EDITABLE["title"], text))

    assert not raw or of("title", raw, text).verdict is Verdict.SAME


@given(lists)
def test_exported_list_is_never_an_edit(items):
    raw = clean_text(cells.shown(fields.EDITABLE["artist"], items))

    assert not raw or of("artist", raw, items).verdict is Verdict.SAME
