"""The cells of an uploaded sheet, row by row, from CSV or XLSX.

Nothing here knows a model. CSV may be in UTF-8, UTF-16 or an older encoding,
with commas, semicolons or tabs. Of a workbook the visible sheets that have the
header of the first one are read, as if they followed each other.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from catalog.clean_text import clean_text
from catalog.exceptions import UnreadableSheetError
from catalog.spreadsheets.excel import workbook_rows

DELIMITERS = ",;\t"
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western European (Windows-1252)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1250": "Central European (Windows-1250)",
    "cp1254": "Turkish (Windows-1254)",
}
XLSX = "xlsx"
HEAD_RECORDS = 10
SAMPLE_ROWS = 5
MAX_COLUMNS = 300
_CHUNK = 1 << 20
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

Row = tuple[int, list[str]]
Score = Callable[[Sequence[str]], int]


@dataclass(slots=True)
class Sheet:
    """What a file looks like: its header, some rows, and how to read it again."""

    encoding: str
    delimiter: str
    header: list[str]
    header_line: int
    samples: list[list[str]] = field(default_factory=list)


def look_at(stream: BinaryIO, score: Score, encoding: str = "") -> Sheet:
    """Find the header and some sample rows; `score` says how much a row is one.

    Raises UnreadableSheetError with what the person can do about it.
    """
    chosen = encoding or _encoding_of(stream)
    delimiters = [""] if chosen == XLSX else DELIMITERS
    looks = [_look(stream, chosen, delimiter, score) for delimiter in delimiters]
    best = max((look for look in looks if look), key=lambda look: look[0], default=None)
    if best is None:
        raise UnreadableSheetError("This sheet is empty: it has no header row.")
    sheet = best[1]
    if len(sheet.header) > MAX_COLUMNS:
        raise UnreadableSheetError(
            f"The header has {len(sheet.header)} columns; at most {MAX_COLUMNS} are "
            "read. Please delete the columns that are not needed."
        )
    return sheet


def read_rows(stream: BinaryIO, sheet: Sheet) -> Iterator[Row]:
    """Line number and cells of each row below the header; blank rows are skipped.

    Each row has as many cells as the header. Raises UnreadableSheetError.
    """
    width = len(sheet.header)
    for line, cells in _records(stream, sheet.encoding, sheet.delimiter):
        if line > sheet.header_line and any(cells):
            yield line, (cells + [""] * (width - len(cells)))[:width]


def _encoding_of(stream: BinaryIO) -> str:
    """By magic bytes, then the first encoding that the whole file obeys."""
    stream.seek(0)
    head = stream.read(4)
    if head.startswith(b"PK"):
        return XLSX
    if head.startswith(_OLD_EXCEL):
        raise UnreadableSheetError(
            "This is an Excel file of the old kind (.xls) or one with a password. "
            "Please save it as .xlsx or CSV and upload that."
        )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    stream.seek(0)
    return "utf-8-sig" if _obeys(stream, "utf-8") else "cp1252"


def _obeys(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _look(
    stream: BinaryIO, encoding: str, delimiter: str, score: Score
) -> tuple[tuple[int, int], Sheet] | None:
    """The best header among the first records as this delimiter cuts them."""
    records = _records(stream, encoding, delimiter)
    head = [
        (line, cells)
        for (line, cells), _ in zip(
            records, range(HEAD_RECORDS + SAMPLE_ROWS), strict=False
        )
        if any(cells)
    ]
    marks = [
        (score(cells), len(list(filter(None, cells))))
        for _, cells in head[:HEAD_RECORDS]
    ]
    if not marks:
        return None
    place = max(range(len(marks)), key=lambda n: (marks[n], -n))
    if not marks[place][0]:
        place = 0  # nothing is known here: the first row is the header
    line, cells = head[place]
    while not cells[-1]:
        cells = cells[:-1]
    samples = [(c + [""] * len(cells))[: len(cells)] for _, c in head[place + 1 :]]
    sheet = Sheet(encoding, delimiter, cells, line, samples[:SAMPLE_ROWS])
    return marks[place], sheet


def _records(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    stream.seek(0)
    if encoding == XLSX:
        return _cleaned(_workbook_records(stream))
    return _cleaned(_csv_records(stream, encoding, delimiter))


def _cleaned(rows: Iterator[Row]) -> Iterator[Row]:
    for line, cells in rows:
        yield line, [clean_text(cell.replace("\0", "")) for cell in cells]


def _workbook_records(stream: BinaryIO) -> Iterator[Row]:
    try:
        yield from workbook_rows(stream)
    except (zipfile.BadZipFile, LookupError, ValueError, SyntaxError, EOFError) as exc:
        raise UnreadableSheetError(
            "This Excel file cannot be read: it is damaged or no workbook. Please "
            "open it, save it again as .xlsx and upload that."
        ) from exc


def _csv_records(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            # Excel writes and hides a first line such as sep=;
            if not (line == 1 and cells and cells[0].lower().startswith("sep=")):
                yield line, cells
            line = reader.line_num + 1
    except UnicodeError as exc:
        raise UnreadableSheetError(
            f"From line {line} on, this file is not "
            f"{ENCODINGS.get(encoding, encoding)}. Please choose another encoding."
        ) from exc
    except csv.Error as exc:
        raise UnreadableSheetError(
            f"The row in line {line} cannot be read: a quote is opened and never "
            "closed, or a cell is longer than 128 kB."
        ) from exc
    finally:
        text.detach()
