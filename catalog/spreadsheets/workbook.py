"""An XLSX file as a stream of bytes: text cells only, constant memory; pure.

openpyxl's write-only mode writes the whole sheet to disk before the first byte
of the file is known, which makes a person wait and needs a worker and a place
for the result. A zip archive can be written to a stream, and text cells need
very little of the format (ECMA-376 part 1, section 18.3.1).
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

# One sheet of XLSX holds 1,048,576 rows; the header takes one of them.
ROWS_PER_SHEET = 1_048_575
_FLUSH_BYTES = 1 << 18
_NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Number format 49 is text: what a person types into the cell stays as typed.
_STYLES = (
    f"{_XML}<styleSheet {_NAMESPACE}>"
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" '
    'applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" '
    'xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_FORBIDDEN = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff"  # by XML
_SPECIAL = re.compile(f"[&<>\\r{_FORBIDDEN}]|_x[0-9A-Fa-f]{{4}}_")
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "_x000D_"}


class _Outlet:
    """Where the archive writes; `take` hands the bytes on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def workbook(
    rows: Iterable[Sequence[str]], *, title: str, rows_per_sheet: int = ROWS_PER_SHEET
) -> Iterator[bytes]:
    """The bytes of a workbook; the first row is the header of every sheet."""
    outlet = _Outlet()
    remaining = _Ahead(iter(rows))
    header = next(remaining)
    names: list[str] = []
    archive = zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=3)  # type: ignore[call-overload]
    with archive:
        while remaining.has_more or not names:
            names.append(title if not names else f"{title} {len(names) + 1}")
            path = f"xl/worksheets/sheet{len(names)}.xml"
            with archive.open(path, "w", force_zip64=True) as sheet:
                sheet.write(_sheet_start(header))
                for part in _sheet_rows(islice(remaining, rows_per_sheet)):
                    sheet.write(part)
                    yield outlet.take()
                sheet.write(b"</sheetData></worksheet>")
        for path, text in _parts(names):
            archive.writestr(path, text)
    yield outlet.take()


class _Ahead:
    """An iterator that knows whether anything follows."""

    def __init__(self, rows: Iterator[Sequence[str]]) -> None:
        self._rows = rows
        self._following = next(rows, None)

    @property
    def has_more(self) -> bool:
        return self._following is not None

    def __iter__(self) -> "_Ahead":
        return self

    def __next__(self) -> Sequence[str]:
        if self._following is None:
            raise StopIteration
        row, self._following = self._following, next(self._rows, None)
        return row


def _sheet_rows(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    lines: list[str] = []
    size = 0
    for number, cells in enumerate(rows, 2):
        lines.append(_row(cells, number, style=1))
        size += len(lines[-1])
        if size > _FLUSH_BYTES:
            yield "".join(lines).encode()
            lines, size = [], 0
    yield "".join(lines).encode()


def _sheet_start(header: Sequence[str]) -> bytes:
    count = len(header)
    return (
        f"{_XML}<worksheet {_NAMESPACE}><sheetViews><sheetView workbookViewId="
        '"0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{count}" width="18" style="1" customWidth="1"/>'
        f"</cols><sheetData>{_row(header, 1, style=2)}"
    ).encode()


def _row(cells: Sequence[str], number: int, style: int) -> str:
    written = [
        f'<c r="{_letters(place)}{number}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{escaped(cell)}</t></is></c>'
        for place, cell in enumerate(cells)
        if cell
    ]
    return f'<row r="{number}">{"".join(written)}</row>'


def escaped(text: str) -> str:
    r"""Text for XML; `_x000D_` stands for \r, so that it survives reading."""
    if not _SPECIAL.search(text):
        return text
    return _SPECIAL.sub(_written, text)


def _written(match: re.Match[str]) -> str:
    if len(match[0]) > 1:
        return f"_x005F{match[0]}"
    return _WRITTEN.get(match[0], "")


_LETTERS: list[str] = []


def _letters(place: int) -> str:
    while len(_LETTERS) <= place:
        index, name = len(_LETTERS) + 1, ""
        while index:
            index, digit = divmod(index - 1, 26)
            name = chr(65 + digit) + name
        _LETTERS.append(name)
    return _LETTERS[place]


def _parts(names: list[str]) -> Iterator[tuple[str, str]]:
    numbered = list(enumerate(names, 1))
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        f'ContentType="{_TYPE}.worksheet+xml"/>'
        for n, _ in numbered
    )
    sheets = "".join(
        f'<sheet name="{escaped(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in numbered
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    yield (
        "xl/workbook.xml",
        f'{_XML}<workbook {_NAMESPACE} xmlns:r="{_OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        _relationships(
            f'{links}<Relationship Id="rId0" Type="{_OFFICE}/styles" '
            'Target="styles.xml"/>'
        ),
    )
    yield "xl/styles.xml", _STYLES
    yield (
        "_rels/.rels",
        _relationships(
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/>'
        ),
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f"{types}</Types>",
    )


def _relationships(inner: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
    )
