"""Sheets as programs write them: encodings, delimiters, line ends, workbooks."""

import io
import re
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from catalog.clean_text import clean_text
from catalog.exceptions import UnreadableSheetError
from catalog.spreadsheets import excel, reading
from catalog.spreadsheets.workbook import workbook
from tests.catalog.spreadsheets.conftest import saved_again, saved_by_excel
from tests.catalog.spreadsheets.texts import titles

pytestmark = pytest.mark.unit

KNOWN = {"Video ID", "Title", "ISRC"}


def score(cells):
    return len(KNOWN & set(cells))


def read(data, **options):
    stream = io.BytesIO(data)
    sheet = reading.look_at(stream, score, **options)
    return sheet, list(reading.read_rows(stream, sheet))


def book_of(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


TEXT = "Video ID{0}Title\r\nabc{0}Größe\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
    ],
)
def test_csv_is_read_as_programs_save_it(delimiter, encoding, found):
    sheet, rows = read(TEXT.format(delimiter).encode(encoding))

    assert (sheet.encoding, sheet.delimiter) == (found, delimiter)
    assert sheet.header == ["Video ID", "Title"]
    assert rows == [(2, ["abc", "Größe"])]


def test_encoding_that_a_person_chose_is_used():
    data = "Video ID,Title\nabc,Привет\n".encode("cp1251")

    _, rows = read(data, encoding="cp1251")

    assert rows == [(2, ["abc", "Привет"])]


def test_file_that_is_not_in_the_chosen_encoding_says_where():
    data = b"Video ID,Title\nabc,Song\n" + b"def,\xff\n" * 30_000

    with pytest.raises(UnreadableSheetError, match="is not UTF-8"):
        read(data, encoding="utf-8-sig")


def test_quoted_cell_keeps_its_lines_and_the_next_row_its_number():
    _, rows = read(b'Video ID,Title\nabc,"one\r\ntwo, ""three"""\ndef,x\n')

    assert rows == [(2, ["abc", 'one\ntwo, "three"']), (4, ["def", "x"])]


def test_title_above_the_header_is_passed_over():
    sheet, rows = read(b"Label copy\n\nSong;ISRC;Title\n1;X;Y\n")

    assert (sheet.header, sheet.header_line) == (["Song", "ISRC", "Title"], 3)
    assert rows == [(4, ["1", "X", "Y"])]


def test_line_that_excel_hides_is_passed_over():
    sheet, _ = read(b"sep=;\nVideo ID;Title\nabc;x\n")

    assert sheet.header == ["Video ID", "Title"]


def test_unknown_header_is_the_first_row():
    sheet, _ = read(b"Foo,Bar\n1,2\n")

    assert sheet.header == ["Foo", "Bar"]


def test_rows_get_the_width_of_the_header_and_blank_ones_are_skipped():
    _, rows = read(b"Video ID,Title,\nabc\n,,\ndef,x,y,z\n")

    assert rows == [(2, ["abc", ""]), (4, ["def", "x"])]


def test_samples_are_the_first_rows():
    sheet, _ = read(b"Video ID\n" + b"".join(b"id%d\n" % n for n in range(9)))

    assert sheet.samples == [[f"id{n}"] for n in range(5)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xd0\xcf\x11\xe0 old", "old kind"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b'Video ID,Title\nabc,"' + b"x" * 200_000, "line 2 cannot be read"),
        (b",".join(b"c%d" % n for n in range(400)) + b"\n", "400 columns"),
    ],
)
def test_file_that_cannot_be_read_says_why(data, message):
    with pytest.raises(UnreadableSheetError, match=message):
        read(data)


def test_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")

    with pytest.raises(UnreadableSheetError, match="no workbook"):
        read(file.getvalue())


def test_workbook_that_unpacks_to_far_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(excel, "_RATIO_FREE", 100)
    monkeypatch.setattr(excel, "_MAX_RATIO", 2)

    with pytest.raises(UnreadableSheetError, match="unpacks"):
        read(saved(book_of(["Video ID"], *[["x" * 1000]] * 100)))


def test_cells_of_a_workbook_become_texts():
    data = saved(
        book_of(
            ["Video ID", "Title", "ISRC"],
            ["abc", 36000291452, 3.5],
            [True, datetime(2026, 5, 4, tzinfo=UTC).replace(tzinfo=None), None],
            ["d", datetime(2026, 5, 4, 17, 30, tzinfo=UTC).replace(tzinfo=None), 2.0],
        )
    )

    _, rows = read(data)

    assert rows == [
        (2, ["abc", "36000291452", "3.5"]),
        (3, ["Yes", "2026-05-04", ""]),
        (4, ["d", "2026-05-04 17:30:00", "2"]),
    ]


def test_sheets_with_one_header_are_read_one_after_the_other():
    rows = [["Video ID"], *([f"id{n}"] for n in range(5))]
    data = b"".join(workbook(iter(rows), title="V", rows_per_sheet=2))

    _, found = read(data)

    assert [cells[0] for _, cells in found] == [f"id{n}" for n in range(5)]
    assert len({line for line, _ in found}) == 5


def test_hidden_and_foreign_sheets_are_left_out():
    book = book_of(["Video ID"], ["abc"])
    hidden = book.create_sheet("Hidden")
    hidden.append(["Video ID"])
    hidden.append(["def"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Other").append(["Notes"])

    _, rows = read(saved(book))

    assert rows == [(2, ["abc"])]


@given(titles)
def test_text_survives_a_workbook_that_was_saved_again(text):
    ours = b"".join(workbook([["Video ID", "Title"], ["abc", text]], title="V"))

    _, first = read(ours)
    _, second = read(saved_again(ours))
    _, third = read(saved_by_excel(ours))

    wanted = [(2, ["abc", clean_text(text.replace("\x0b", ""))])]
    assert first == second == third == wanted


def test_string_file_gives_back_any_place():
    strings = excel.StringFile(iter(["a", "", "Größe"]))

    assert [strings[place] for place in (2, 0, 1)] == ["Größe", "a", ""]
    with pytest.raises(IndexError):
        strings[3]
    strings.close()


def test_string_file_reads_no_further_than_it_is_asked():
    taken = []
    strings = excel.StringFile(taken.append(n) or str(n) for n in range(1000))

    assert strings[4] == "4"
    assert len(taken) == 5
    strings.close()


def test_formatted_parts_of_a_text_are_one_text():
    book = book_of(["Video ID"])
    book.active["A2"] = CellRichText("one ", TextBlock(InlineFont(b=True), "two"))

    _, rows = read(saved(book))

    assert rows == [(2, ["one two"])]


def test_workbook_that_lost_its_texts_is_refused():
    ours = b"".join(workbook([["Video ID"], ["abc"]], title="V"))
    whole, damaged = io.BytesIO(saved_by_excel(ours)), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<si>.*</si>", b"", old.read(name)))

    with pytest.raises(UnreadableSheetError, match="damaged"):
        read(damaged.getvalue())
