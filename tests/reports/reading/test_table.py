"""The header is found wherever it is; what is no table is said to be none."""

import csv
import io
import os

import pytest

from reports.exceptions import EmptyFileError, EncodingError, RefusedFileError
from reports.reading import read_table
from reports.services.identify import HeaderSearch

pytestmark = pytest.mark.unit

HEADER = "Video ID,Channel ID,Video title,Views,Claimed status,Time published"


def table_of(data, encoding="utf-8", size=1 << 20):
    pieces = (data[i : i + size] for i in range(0, len(data), size))
    return read_table(pieces, HeaderSearch(), encoding)


def rows_of(table):
    payload = b"".join(block.payload for block in table.blocks()).decode()
    text = io.StringIO(payload, newline="")
    return list(csv.reader(text, delimiter=table.delimiter))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_header_is_found_with_every_delimiter_and_line_end(delimiter, end, size):
    text = f"{HEADER}\na,b,c,d,e,f\n".replace(",", delimiter).replace("\n", end)

    table = table_of(text.encode(), size=size)

    assert table.delimiter == delimiter
    assert rows_of(table) == [["2", *"abcdef"]]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("before", "line"), [("", 1), ("Asset Summary\n", 2), ('"Two\nlines"\n\n', 4)]
)
def test_title_lines_and_a_mark_stand_before_the_header(mark, before, line):
    table = table_of(f"{mark}{before}{HEADER}\n1,2,3,4,5,6".encode())

    assert table.header_line == line
    assert table.header[1] == "Channel ID"
    assert rows_of(table)[0][0] == str(line + 1)


def test_quoted_header_with_a_line_break_is_one_record():
    table = table_of(b'"Video ID","Channel\nID",Video title,Time published\na,b,c,d\n')

    assert table.header[1] == "Channel\nID"
    assert rows_of(table) == [["3", "a", "b", "c", "d"]]


def test_file_without_a_known_header_has_none():
    assert table_of(b"name,colour\na,b\n") is None


def test_header_after_ten_records_is_not_looked_for():
    assert table_of(b"x\n" * 10 + HEADER.encode()) is None


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\xef\xbb\xbf"])
def test_blank_file_is_empty(data):
    with pytest.raises(EmptyFileError):
        table_of(data)


def test_binary_junk_is_no_text():
    with pytest.raises(RefusedFileError, match="not a text file"):
        table_of(os.urandom(5000))


def test_utf16_asks_for_the_encoding_and_is_read_with_it():
    data = f"{HEADER}\na,b,日本,d,e,f\n".encode("utf-16")

    with pytest.raises(EncodingError) as caught:
        table_of(data)

    assert caught.value.details["guess"] == "utf-16"
    assert rows_of(table_of(data, "utf-16"))[0][3] == "日本"


def test_chosen_encoding_is_used():
    data = f"{HEADER}\na,b,Beyoncé,d,e,f\n".encode("cp1252")

    assert rows_of(table_of(data, "cp1252"))[0][3] == "Beyoncé"


def test_wrong_choice_of_encoding_asks_again():
    with pytest.raises(EncodingError, match="not Western European .* either"):
        table_of(f"{HEADER}\n\x81".encode("latin-1"), "cp1252")


def test_nul_byte_before_the_header_is_no_part_of_it():
    table = table_of(f"\0{HEADER}\na,b,c,d,e,f\n".encode())

    assert table.header[0] == "Video ID"
    assert rows_of(table) == [["2", *"abcdef"]]
