"""Whether a cell is an edit, what it means, and what is wrong with it; pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stdnum import ean

from catalog import fields, values
from catalog.clean_text import clean_text
from catalog.fields import Field, Shape, UnmappableValueError
from catalog.spreadsheets.cells import LONGEST_CELL, shown, split_items, unguarded
from catalog.spreadsheets.mapping import Mapping

LOST_ZERO = (
    "This UPC has 11 digits and fits its check digit with a zero in front: a "
    "spreadsheet program dropped the zero."
)
_NO_UPC = (
    "a UPC or EAN of 12 or 13 digits; 1.9E+11, a final .0 or six zeros at the end "
    "mean that a spreadsheet program damaged it"
)
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!)")
_NEVER_UNKNOWN = {"is_administered", "is_hidden"}
_LICENSES = {name.lower(): name for name in fields.LICENSES if name}


class Verdict(StrEnum):
    """What a cell turned out to be."""

    SAME = "same"
    EDIT = "edit"
    REPAIR = "repair"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the new value of an edit or repair, and the reason of the others."""

    verdict: Verdict
    new: Any = None
    reason: str = ""


SAME = Judgement(Verdict.SAME)


def judge(field: Field, raw: str, current: Any, mapping: Mapping) -> Judgement:
    """Compare one cell, which is not blank, with the current value."""
    text = unguarded(raw)
    if text == unguarded(clean_text(shown(field, current))):
        return SAME
    if text == mapping.clear_token:
        return _cleared(field, current)
    if _ERROR.fullmatch(text):
        return _refused("The formula in this cell failed; enter the value itself.")
    if len(text) >= LONGEST_CELL:
        return _refused("This text is as long as a cell can be and may be cut off.")
    try:
        new = _read(field, text, mapping)
    except UnmappableValueError as exc:
        return _refused(f"Expected {exc}.")
    if _is_same(field, new, current):
        return SAME
    return _checked(field, new)


def _refused(reason: str) -> Judgement:
    return Judgement(Verdict.REFUSED, reason=reason)


def _cleared(field: Field, current: Any) -> Judgement:
    if field.name in _NEVER_UNKNOWN:
        return _refused("This is either Yes or No; it cannot be cleared.")
    if current == field.empty:
        return SAME
    findings = field.check(field.empty) if field.shape is not Shape.FLAG else []
    return _refused(" ".join(findings)) if findings else _edit(field.empty)


def _edit(new: Any) -> Judgement:
    return Judgement(Verdict.EDIT, new)


def _is_same(field: Field, new: Any, current: Any) -> bool:
    if new == current or _lost_zeros(new, current):
        return True
    try:
        return bool(new == field.normalise(current))
    except UnmappableValueError:  # YouTube has categories that are not known here
        return False


def _checked(field: Field, new: Any) -> Judgement:
    if field.name == "upc" and re.fullmatch(r"[0-9]{11}", new):
        full = f"0{new}"
        if ean.is_valid(full.zfill(13)):
            return Judgement(Verdict.REPAIR, full, LOST_ZERO)
    findings = field.check(new)
    return _refused(" ".join(findings)) if findings else _edit(new)


def _lost_zeros(new: Any, current: Any) -> bool:
    """A spreadsheet program took digits for a number: nobody edited the cell."""
    return (
        isinstance(new, str)
        and isinstance(current, str)
        and len(new) < len(current)
        and new.isdecimal()
        and current.isdecimal()
        and (current.lstrip("0") or "0") == new
    )


def _read(field: Field, text: str, mapping: Mapping) -> Any:
    """The normal form of a text; raises UnmappableValueError."""
    reader = _READERS.get(field.name)
    if reader is not None:
        return reader(text)
    if field.shape is Shape.LIST:
        return field.normalise(split_items(text, mapping.list_separator))
    if field.shape is Shape.FLAG:
        return values.Flag.normalise(text)
    return field.normalise(text)


def _read_upc(text: str) -> str:
    """Digits; what a spreadsheet program has rounded says nothing."""
    digits = fields.identifier(text)
    is_rounded = digits.endswith("000000") and not ean.is_valid(digits.zfill(13))
    if not digits.isdecimal() or is_rounded:
        raise UnmappableValueError(_NO_UPC)
    return digits


def _read_moment(text: str) -> str:
    try:
        return fields.moment(values.Timestamp.normalise(text))
    except UnmappableValueError:
        return fields.moment(text)  # with an offset, or nonsense that a check refuses


def _read_license(text: str) -> str:
    return _LICENSES.get(text.lower(), text)


_READERS: dict[str, Callable[[str], Any]] = {
    "upc": _read_upc,
    "publish_at": _read_moment,
    "license": _read_license,
    "privacy_status": values.Privacy.normalise,
}
