"""Records: exact line numbers, bad ones told apart, good ones never lost."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.exceptions import EncodingError, RefusedFileError
from reports.reading import records
from reports.reading.records import RecordReader

pytestmark = pytest.mark.unit


def read(data, *, cells=3, delimiter=",", pieces=None, header=b""):
    reader = RecordReader(delimiter=delimiter, cell_count=cells, line=2, header=header)
    chunks = pieces or [data]
    blocks = [reader.feed(chunk) for chunk in chunks] + [reader.finish()]
    payload = b"".join(block.payload for block in blocks).decode()
    # PostgreSQL lets quotes close and open within a cell, Python's reader does not.
    payload = payload.replace('\n"\\."\n', "\n\\.\n").replace('\n"\\."\n', "\n\\.\n")
    rows = list(csv.reader(io.StringIO(payload, newline=""), delimiter=delimiter))
    bad = [(bad.line, bad.reason) for block in blocks for bad in block.bad]
    assert sum(block.rows for block in blocks) == len(rows)
    return rows, bad


def test_plain_lines_pass_with_their_line_number():
    rows, bad = read(b"a,b,c\nd,e,f\n")

    assert rows == [["2", "a", "b", "c"], ["3", "d", "e", "f"]]
    assert bad == []


def test_last_line_needs_no_line_end():
    rows, _ = read(b"a,b,c\nd,e,f")

    assert rows[-1] == ["3", "d", "e", "f"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(end):
    rows, bad = read(f"a,b,c{end}{end}d,e,f{end}".encode())

    assert [row[0] for row in rows] == ["2", "4"]
    assert bad == []


def test_line_end_cut_by_a_chunk_counts_once():
    rows, _ = read(b"", pieces=[b"a,b,c\r", b"\nd,e,f\r", b"\n", b"\r\ng,h,i"])

    assert [row[0] for row in rows] == ["2", "3", "5"]


def test_quoted_cells_keep_delimiters_quotes_and_line_breaks():
    rows, bad = read(b'"""LA VALLEE"" - x, y",b,c\n"line\none","",\nd,e,f\n')

    assert rows == [
        ["2", '"LA VALLEE" - x, y', "b", "c"],
        ["3", "line\none", "", ""],
        ["5", "d", "e", "f"],
    ]
    assert bad == []


def test_record_cut_by_a_chunk_is_put_together():
    rows, bad = read(b"", pieces=[b'a,"one\n', b"two\nthr", b'ee",c\nd,e,f\n'])

    assert rows == [["2", "a", "one\ntwo\nthree", "c"], ["5", "d", "e", "f"]]
    assert bad == []


def test_stray_quote_inside_a_cell_is_kept():
    rows, bad = read(b'12" vinyl,b,c\nd,e,f\n')

    assert rows == [["2", '12" vinyl', "b", "c"], ["3", "d", "e", "f"]]
    assert bad == []


def test_too_few_and_too_many_cells_are_told():
    rows, bad = read(b'a,b\na,b,c\na,b,c,d\n"a",b\n')

    assert [row[0] for row in rows] == ["3"]
    assert bad == [
        (2, "Too few cells: 2 where the header has 3."),
        (4, "Too many cells: 4 where the header has 3."),
        (5, "Too few cells: 2 where the header has 3."),
    ]


def test_unclosed_quote_rejects_its_own_line_only():
    rows, bad = read(b'a,"b,c\nd,e,f\ng,"h, i",j\n')

    assert rows == [["3", "d", "e", "f"], ["4", "g", "h, i", "j"]]
    assert [line for line, _ in bad] == [2]


def test_unclosed_quote_in_the_last_line_is_told():
    rows, bad = read(b'a,b,c\nd,e,"f\n')

    assert len(rows) == 1
    assert bad == [(3, records.UNCLOSED)]


def test_unclosed_quote_far_from_the_end_does_not_swallow_the_file():
    lines = [b'x,"y,z', *(b"a,b,c" for _ in range(1000))]

    rows, bad = read(b"\n".join(lines))

    assert len(rows) == 1000
    assert bad == [(2, records.UNCLOSED)]


def test_nul_bytes_reject_their_row():
    rows, bad = read(b'a,b,c\nd,\0,f\n"g\nh\0",i,j\nk,l,m\n')

    assert [row[0] for row in rows] == ["2", "6"]
    assert bad[0] == (3, records.NUL_BYTE)


def test_header_in_the_middle_is_not_a_row():
    rows, bad = read(b"a,b,c\nx,y,z\nd,e,f\n", header=b"x,y,z")

    assert [row[0] for row in rows] == ["2", "4"]
    assert bad == [(3, records.REPEATED_HEADER)]


def test_huge_cell_is_rejected_without_being_kept():
    huge = b"x" * (10 << 20)
    data = b"a,b,c\nd," + huge + b",f\ng,h,i\n"
    pieces = [data[i : i + 65536] for i in range(0, len(data), 65536)]

    rows, bad = read(b"", pieces=pieces)

    assert [row[0] for row in rows] == ["2", "4"]
    assert bad == [(3, records.TOO_LONG)]


def test_huge_cell_in_the_last_row_is_rejected():
    rows, bad = read(b"", pieces=[b"a,b,c\nd,", b"x" * (2 << 20), b"y"])

    assert len(rows) == 1
    assert bad == [(3, records.TOO_LONG)]


def test_huge_quoted_cell_inside_one_chunk_is_rejected():
    rows, bad = read(b'a,"' + b"x" * (2 << 20) + b'",c\nd,e,f\n')

    assert [row[0] for row in rows] == ["3"]
    assert bad == [(2, records.TOO_LONG)]


def test_bytes_that_are_not_utf8_stop_with_the_line():
    with pytest.raises(EncodingError) as caught:
        read("a,b,c\nd,Beyoncé,f\n".encode("cp1252"))

    assert caught.value.details["line"] == 3
    assert "Beyoncé" in caught.value.details["sample"]


def test_characters_cut_by_a_chunk_are_whole():
    data = "a,日本語🎵,c\n".encode()

    rows, bad = read(b"", pieces=[data[i : i + 1] for i in range(len(data))])

    assert rows == [["2", "a", "日本語🎵", "c"]]
    assert bad == []


CELL = st.text(st.sampled_from('ab,;"\n\té日🎵 -=\\.'), max_size=8)


@given(
    table=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12),
    delimiter=st.sampled_from(",;\t"),
    cuts=st.integers(1, 50),
)
def test_whatever_csv_writes_is_read_back(table, delimiter, cuts):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table)
    data = text.getvalue().encode()
    pieces = [data[i : i + cuts] for i in range(0, len(data), cuts)]

    rows, bad = read(b"", pieces=pieces, delimiter=delimiter)

    assert [tuple(row[1:]) for row in rows] == table
    assert bad == []


@given(data=st.binary(max_size=300), cuts=st.integers(1, 40))
def test_any_bytes_are_read_or_refused_in_words(data, cuts):
    data = data.replace(b"\xff", b'"').replace(b"\xfe", b"\n").replace(b"\xfd", b",")
    try:
        rows, bad = read(b"", pieces=[data[i : i + cuts] for i in range(0, 300, cuts)])
    except EncodingError:
        return

    lines = [int(row[0]) for row in rows] + [line for line, _ in bad]
    assert len(set(lines)) == len(lines)


def test_line_that_ends_a_copy_is_never_written_by_itself():
    reader = RecordReader(delimiter=",", cell_count=3, line=2, header=b"")

    block = reader.feed(b'a,"one\n\\.\n\\.\ntwo",c\n')

    assert block.payload == b'2,a,"one\n"\\."\n"\\."\ntwo",c\n'
    assert b"\\." not in block.payload.split(b"\n")


def test_endless_quoted_cell_is_refused_at_once():
    text = b"some text in a line\n" * 500_000
    reader = RecordReader(delimiter=",", cell_count=3, line=2, header=b"a,b,c")

    with pytest.raises(RefusedFileError, match="Line 3 opens a quoted cell"):
        reader.feed(b'1,2,3\nx,"' + text[: 2 << 20])


def test_cell_of_many_lines_is_one_record():
    cell = "\n".join(f"line {n}" for n in range(300))

    rows, bad = read(f'1,"{cell}",3\n4,5,6\n'.encode())

    assert ([row[1:] for row in rows], bad) == (
        [["1", cell, "3"], ["4", "5", "6"]],
        [],
    )
