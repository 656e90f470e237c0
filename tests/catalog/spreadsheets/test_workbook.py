"""XLSX as a stream: what other programs read in it."""

import io

import openpyxl
import pytest

from catalog.spreadsheets.workbook import workbook

pytestmark = pytest.mark.unit


def opened(rows, **options):
    data = b"".join(workbook(rows, title="Videos", **options))
    return openpyxl.load_workbook(io.BytesIO(data))


def test_workbook_holds_the_texts():
    book = opened([["Video ID", "A & B"], ["'-abc", "one\ntwo <>\u20ac\U0001f3b5"]])

    assert [list(row) for row in book.active.values] == [
        ["Video ID", "A & B"],
        ["'-abc", "one\ntwo <>\u20ac\U0001f3b5"],
    ]


def test_cells_are_text_so_that_identifiers_keep_their_zeros():
    book = opened([["UPC"], ["036000291452"]])

    cell = book.active["A2"]
    assert (cell.value, cell.number_format, cell.data_type) == (
        "036000291452",
        "@",
        "s",
    )


def test_sheet_that_is_full_goes_on_in_the_next_one():
    book = opened([["n"], *([str(n)] for n in range(5))], rows_per_sheet=2)

    assert book.sheetnames == ["Videos", "Videos 2", "Videos 3"]
    assert [[row[0] for row in sheet.values] for sheet in book] == [
        ["n", "0", "1"],
        ["n", "2", "3"],
        ["n", "4"],
    ]


def test_workbook_without_rows_has_its_header():
    assert list(opened([["Video ID"]]).active.values) == [("Video ID",)]


def test_rows_are_written_as_they_come():
    taken = []

    def rows():
        for number in range(20_000):
            taken.append(number)
            yield [f"cell {number} {column}" for column in range(10)]

    stream = workbook(rows(), title="Videos")
    next(stream)

    assert len(taken) < 2_000
