"""The rows of an XLSX workbook in bounded memory, with openpyxl's parser.

openpyxl keeps every shared string in a list. Programs put each text of a sheet
there, so here they are in a temporary file with their places in an array.
"""

import re
import tempfile
import warnings
import zipfile
from array import array
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.etree.ElementTree import iterparse

from catalog.exceptions import UnreadableSheetError

# XLSX packs well, but a sheet of people is no hundred times larger than its file.
_MAX_UNPACKED = 8 << 30
_MAX_RATIO = 200
_RATIO_FREE = 64 << 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Row = tuple[int, list[str]]


class StringFile:
    """A list of texts on disk, filled from an iterator as far as it is asked for."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as we
        self._ends = array("Q", [0])

    def __getitem__(self, place: int) -> str:
        """The text at this place; raises IndexError."""
        while len(self._ends) <= place + 1:
            text = next(self._texts, None)
            if text is None:
                raise IndexError(place)
            self._append(text)
        start, end = self._ends[place], self._ends[place + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def _append(self, text: str) -> None:
        self._file.seek(self._ends[-1])
        self._ends.append(self._ends[-1] + self._file.write(text.encode()))

    def close(self) -> None:
        self._file.close()


def workbook_rows(stream: BinaryIO) -> Iterator[Row]:
    """Row numbers and texts of the sheets that share the first one's header.

    The rows of a second sheet are numbered on. Raises UnreadableSheetError for a
    file that unpacks to far too much, and what openpyxl raises for damaged ones.
    """
    # Dear in memory, so on demand.
    from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]
    from openpyxl.worksheet._read_only import (  # type: ignore[import-untyped]
        ReadOnlyWorksheet,
    )

    class Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
        def _get_size(self) -> None:
            """Some files do not tell, or wrongly; looking would read all rows."""

    class Reader(ExcelReader):  # type: ignore[misc]
        def read_strings(self) -> None:
            self.shared_strings = StringFile(_texts(self.archive, self.package))

        def read_worksheets(self) -> None:
            for sheet, rel in self.parser.find_sheets():
                if sheet.state == "visible" and rel.Type.endswith("/worksheet"):
                    found = Sheet(self.wb, sheet.name, rel.target, self.shared_strings)
                    self.wb._sheets.append(found)

    _check_size(stream)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles, which do not matter here
        reader = Reader(stream, read_only=True, data_only=True, keep_links=False)
        reader.read()
        try:
            yield from _all_rows(reader.wb)
        finally:
            reader.shared_strings.close()


_STRINGS_TYPE = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
)


def _check_size(stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
    packed = stream.seek(0, 2)
    stream.seek(0)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > min(_MAX_UNPACKED, max(_RATIO_FREE, packed * _MAX_RATIO)):
        raise UnreadableSheetError(
            "The file unpacks to far more than a sheet can be, so it was not read."
        )


def _texts(archive: zipfile.ZipFile, package: Any) -> Iterator[str]:
    """Each `si` is a text, whole or in formatted parts; phonetic ones are not."""
    part = package.find(_STRINGS_TYPE)
    if part is None:
        return
    root: Any = None
    with archive.open(part.PartName.removeprefix("/")) as source:
        for event, node in iterparse(source, events=("start", "end")):
            if root is None:
                root = node
            elif event == "end" and node.tag == f"{_MAIN}si":
                runs = [node, *node.iter(f"{_MAIN}r")]
                yield "".join(run.findtext(f"{_MAIN}t") or "" for run in runs)
                root.clear()


def _all_rows(book: Any) -> Iterator[Row]:
    header: list[str] | None = None
    offset = 0
    for sheet in book.worksheets:
        last = 0
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            texts = [as_text(cell) for cell in cells]
            if number == 1 and header is not None and texts != header:
                break
            if number == 1 and header is None:
                header = texts
            last = number
            if number > 1 or offset == 0:
                yield offset + number, texts
        offset += last
        header = header if header and any(header) else None


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)  # half a character


def as_text(cell: Any) -> str:
    """A cell as people see it, as far as its value tells."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _ESCAPED.sub(_character, cell)
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        is_day = cell.time() == time()
        return f"{cell:%Y-%m-%d}" if is_day else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)
