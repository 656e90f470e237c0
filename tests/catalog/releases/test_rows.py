"""One row of a list, cell by cell."""

import pytest

from catalog.releases.columns import is_header, problems_of, suggest_columns
from catalog.releases.rows import LOST_ZERO, NEITHER, read_length, read_row
from catalog.value_types import UnmappableValueError

pytestmark = pytest.mark.unit
COLUMNS = ("isrc", "upc", "artist", "title", "", "length_seconds")


def read(*cells, separator="|"):
    return read_row(cells, COLUMNS, separator)


def test_row_is_brought_in_normal_form():
    row = read("gb-aye-68-00001", " 036000291452", "Ada|Bob", "Night ", "x", "3:35")

    assert row.findings == []
    assert row.values["isrc"] == "GBAYE6800001"
    assert row.values["artist"] == ["Ada", "Bob"]
    assert (row.values["title"], row.values["length_seconds"]) == ("Night", 215)
    assert row.key == "GBAYE6800001|036000291452"


def test_comma_separates_artists_where_told():
    assert read("", "", "Ada, Bob", "Night", separator=",").values["artist"] == [
        "Ada",
        "Bob",
    ]


def test_row_without_isrc_is_known_by_its_texts():
    assert read("", "036000291452", "Ada", "Night").key == "|036000291452|night|ada"


@pytest.mark.parametrize(
    ("cells", "column", "part"),
    [
        (("GBAYE68", "", "Ada", "Night"), "ISRC", "ISRC"),
        (("", "036000291453", "Ada", "Night"), "UPC", "check digit"),
        (("", "", "Ada", "Night", "", "soon"), "Duration", "Expected"),
    ],
)
def test_cell_that_cannot_be_read_is_listed_and_says_nothing(cells, column, part):
    row = read(*cells)

    ((found, _, reason),) = row.findings
    assert (found, part in reason) == (column, True)
    assert row.values["isrc"] == row.values["upc"] == ""
    assert row.is_usable


def test_lost_zero_of_a_upc_comes_back_and_is_told():
    row = read("", "36000291452", "Ada", "Night")

    assert row.values["upc"] == "036000291452"
    assert row.findings == [("UPC", "36000291452", LOST_ZERO)]


def test_row_without_isrc_and_title_is_not_usable():
    row = read("", "036000291452", "Ada", "")

    assert not row.is_usable
    assert row.findings == [("", "", NEITHER)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("215", 215),
        ("3:35", 215),
        ("0:03:35", 215),
        ("00:03:35.250", 215),
        ("PT3M35S", 215),
        ("0", None),
    ],
)
def test_length_is_read_in_the_usual_forms(text, seconds):
    assert read_length(text) == seconds


@pytest.mark.parametrize("text", ["215000", "PT", "3 min"])
def test_length_in_another_unit_is_refused(text):
    with pytest.raises(UnmappableValueError):
        read_length(text)


def test_header_is_suggested_by_name_and_by_synonym():
    header = ["Track Title", "Main Artist", "EAN/UPC", "isrc", "Title", "Owner"]

    assert suggest_columns(header) == ["", "artist", "upc", "isrc", "title", ""]
    assert is_header(header) == 4


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        (["isrc", "isrc"], "Two columns are ISRC"),
        (["title", "upc"], "Videos are found by"),
        (["isrc", "nonsense"], "not known"),
    ],
)
def test_columns_that_cannot_be_used_are_told(columns, part):
    assert part in " ".join(problems_of(columns))
