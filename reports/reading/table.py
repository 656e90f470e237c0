"""Find the header, the delimiter and where the rows begin."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reports.exceptions import EmptyFileError, EncodingError, RefusedFileError
from reports.reading.records import Block, RecordReader

HEAD_BYTES = 256 << 10
HEADER_RECORDS = 10
MAX_COLUMNS = 500
DELIMITERS = ",;\t"
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Western European (Windows-1252)",
    "latin-1": "Western European (ISO 8859-1)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1254": "Turkish (Windows-1254)",
    "utf-16": "UTF-16",
}

# Bytes that no text has: 0x1A (end of file under DOS) and white space may occur.
_CONTROLS = (*range(9), *range(14, 26), 28, 29, 30, 31, 127)

IsHeader = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Head:
    """The first records of a file as each delimiter cuts them."""

    delimiter: str
    cells: list[str]
    line: int
    next_line: int


@dataclass(slots=True)
class Table:
    """A file whose header was found; `blocks()` streams its rows once."""

    header: list[str]
    header_line: int
    delimiter: str
    _reader: RecordReader
    _first: bytes
    _chunks: Iterator[bytes]

    def blocks(self) -> Iterator[Block]:
        yield self._reader.feed(self._first)
        for chunk in self._chunks:
            yield self._reader.feed(chunk)
        yield self._reader.finish()


def read_table(
    chunks: Iterator[bytes], is_header: IsHeader, encoding: str = "utf-8"
) -> Table | None:
    """Find the header among the first records; None when there is none.

    Raises EmptyFileError, RefusedFileError for bytes that are no text, and
    EncodingError for UTF-16 that nobody announced.
    """
    head, chunks = _read_head(_as_utf8(chunks, encoding))
    _check_is_text(head)
    text = _plain(head)
    # Names of columns are stored, and a text of PostgreSQL holds no NUL.
    found = _find_header(text.decode("utf-8", "replace").replace("\0", ""), is_header)
    if found is None:
        return None
    if len(found.cells) > MAX_COLUMNS:
        raise RefusedFileError(f"The header has more than {MAX_COLUMNS} columns.")
    lines = text.split(b"\n", found.next_line - 1)
    rows = lines.pop() if len(lines) == found.next_line else b""
    reader = RecordReader(
        delimiter=found.delimiter,
        cell_count=len(found.cells),
        line=found.next_line,
        header=lines[found.line - 1] if found.next_line == found.line + 1 else b"",
    )
    return Table(found.cells, found.line, found.delimiter, reader, rows, chunks)


def _as_utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        return chunks
    return _transcoded(chunks, encoding)


def _transcoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as exc:
        raise EncodingError(
            f"This file is not {ENCODINGS.get(encoding, encoding)} either. "
            "Please choose another encoding."
        ) from exc


def _read_head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    head = b""
    for chunk in chunks:
        head += chunk
        # A line end may be cut in two: \r here and \n in the next chunk.
        if len(head) >= HEAD_BYTES and not head.endswith(b"\r"):
            break
    head = head.removeprefix(codecs.BOM_UTF8)
    if not head.strip():
        raise EmptyFileError("This file is empty: it holds blank lines only.")
    return head, chunks


def _check_is_text(head: bytes) -> None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise EncodingError(
            "This file is UTF-16, not UTF-8. Please confirm the encoding.",
            line=1,
            guess="utf-16",
        )
    sample = head[:HEAD_BYTES]
    controls = sum(sample.count(bytes([code])) for code in _CONTROLS)
    if controls > max(8, len(sample) // 50):
        raise RefusedFileError(
            "This is not a text file. Reports are CSV files, plain or packed as "
            ".gz or .zip."
        )


def _plain(head: bytes) -> bytes:
    return head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _find_header(text: str, is_header: IsHeader) -> Head | None:
    for delimiter in DELIMITERS:
        for head in _first_records(text, delimiter):
            if is_header(head.cells):
                return head
    return None


def _first_records(text: str, delimiter: str) -> Iterator[Head]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for _, cells in zip(range(HEADER_RECORDS), reader, strict=False):
            yield Head(delimiter, cells, line, reader.line_num + 1)
            line = reader.line_num + 1
    except csv.Error:
        return
