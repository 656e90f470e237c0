"""One row of a release list into the values of a release; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stdnum import ean

from catalog import fields, values
from catalog.releases.columns import COLUMNS
from catalog.spreadsheets.cells import split_items, unguarded
from catalog.value_types import UnmappableValueError

NAMES = tuple(COLUMNS)
LENGTH_LIMIT = 24 * 60 * 60  # seconds; longer ones are counted in another unit
NEITHER = "This row has neither an ISRC nor a title, so it was left out."
LOST_ZERO = "The zero that a spreadsheet program dropped was put in front again."
_ISO = re.compile(r"PT(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.][0-9]+)?S)?")


@dataclass(slots=True)
class ReadRow:
    """Values by name, and what was not taken: column, cell, reason."""

    values: dict[str, Any] = field(default_factory=dict)
    findings: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        return bool(self.values["isrc"] or self.values["title"])

    @property
    def key(self) -> str:
        """ISRC and UPC; a row without ISRC is known by its texts."""
        isrc, upc = self.values["isrc"], self.values["upc"]
        if isrc:
            return f"{isrc}|{upc}"
        names = "|".join([self.values["title"], *self.values["artist"]])
        return f"|{upc}|{names.casefold()}"


def read_row(cells: Sequence[str], columns: Sequence[str], separator: str) -> ReadRow:
    """Read one row; a cell that cannot be read says nothing and is listed."""
    row = ReadRow({name: _EMPTY[column.sql_type] for name, column in COLUMNS.items()})
    for name, cell in zip(columns, cells, strict=False):
        text = unguarded(cell)
        if name and text:
            _read_cell(row, name, text, separator)
    if not row.is_usable:
        row.findings.append(("", "", NEITHER))
    return row


_EMPTY: dict[str, Any] = {"text": "", "text[]": (), "integer": None}


def _read_cell(row: ReadRow, name: str, text: str, separator: str) -> None:
    column = COLUMNS[name]
    try:
        value = _value_of(name, text, separator)
    except UnmappableValueError as exc:
        row.findings.append((column.label, text, f"Expected {exc}."))
        return
    if name == "upc" and re.fullmatch("[0-9]{11}", value):
        value = _with_zero(row, value)
    if problems := column.check(value):
        row.findings.append((column.label, text, " ".join(problems)))
    else:
        row.values[name] = value


def _with_zero(row: ReadRow, digits: str) -> str:
    full = f"0{digits}"
    if not ean.is_valid(full.zfill(13)):
        return digits
    row.findings.append(("UPC", digits, LOST_ZERO))
    return full


def _value_of(name: str, text: str, separator: str) -> Any:
    """The normal form of a cell; raises UnmappableValueError."""
    if name == "length_seconds":
        return read_length(text)
    if COLUMNS[name].sql_type == "text[]":
        return fields.EDITABLE[name].normalise(split_items(text, separator))
    return fields.EDITABLE[name].normalise(text)


def read_length(text: str) -> int | None:
    """Seconds of `225`, `3:45`, `0:03:45.2` or `PT3M45S`; 0 says nothing."""
    iso = _ISO.fullmatch(text.upper())
    if iso and any(iso.groups()):
        hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        length: int | None = hours * 3600 + minutes * 60 + seconds
    else:
        length = values.Seconds.normalise(re.sub(r"[.,][0-9]{1,6}$", "", text))
    if length is not None and length > LENGTH_LIMIT:
        raise UnmappableValueError("seconds or H:MM:SS, at most a day")
    return length or None
