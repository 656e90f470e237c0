"""Normal forms of identifiers: ids, ISRC, UPC; in Python and in SQL, pure."""

import re
from dataclasses import dataclass

from stdnum import ean

from catalog.clean_text import BLANKS, sql_is_ascii, sql_quote, sql_trim
from catalog.value_types import UnmappableValueError


@dataclass(frozen=True, slots=True)
class PatternValue:
    """An identifier: trimmed, blanks and hyphens dropped if told, then matched.

    What matches `pattern` as it stands must be its own normal form.
    """

    pattern: str
    expected: str
    drop: str = ""
    upper: bool = False
    is_empty_known: bool = True
    longest: int = 200
    sql_type: str = "text"

    def normalise(self, raw: str) -> str | None:
        value = raw.strip(BLANKS)
        for character in self.drop:
            value = value.replace(character, "")
        # Letters outside ASCII change case differently in Python and SQL; no
        # pattern admits one, so only ASCII values are ever converted.
        value = value.upper() if self.upper and value.isascii() else value
        if not value:
            return "" if self.is_empty_known else None
        if len(value) > self.longest or not re.fullmatch(self.pattern, value):
            raise UnmappableValueError(self.expected)
        return value

    def sql(self, raw: str) -> str:
        trimmed = sql_trim(raw)
        value = f"translate({trimmed}, {sql_quote(self.drop)}, '')"
        value = f"upper({value})" if self.upper else value
        empty = "''" if self.is_empty_known else "NULL"
        return (
            f"CASE WHEN {raw} = '' THEN {empty} WHEN length({raw}) <= {self.longest} "
            f"AND {raw} ~ '^(?:{self.pattern})$' THEN {raw} "
            f"WHEN {value} = '' THEN {empty} WHEN {sql_is_ascii(trimmed)} "
            f"AND length({value}) <= {self.longest} "
            f"AND {value} ~ '^(?:{self.pattern})$' THEN {value} END"
        )


_GTIN = PatternValue(r"[0-9]{12,13}", "12 or 13 digits", drop="- ")


@dataclass(frozen=True, slots=True)
class UpcValue:
    """A UPC or EAN as reports carry it: 12 or 13 digits, or empty.

    Its check digit is not judged, since what YouTube has is what it has. Only a
    code that ends in six zeros and fails it says nothing: a spreadsheet program
    showed it as 1.90296E+11 and wrote that back as digits.
    """

    sql_type: str = "text"
    expected: str = (
        "a UPC or EAN of 12 or 13 digits; 1.9E+11, a final .0, 11 digits or six "
        "zeros at the end mean that a spreadsheet program damaged it"
    )

    def normalise(self, raw: str) -> str | None:
        try:
            value = _GTIN.normalise(raw)
        except UnmappableValueError as exc:
            raise UnmappableValueError(self.expected) from exc
        if value and value.endswith("000000") and not ean.is_valid(value.zfill(13)):
            raise UnmappableValueError(self.expected)
        return value

    def sql(self, raw: str) -> str:
        value = _GTIN.sql(raw)
        digits = f"lpad({value}, 13, '0')"
        total = " + ".join(
            f"{3 if place % 2 == 0 else 1} * substr({digits}, {place}, 1)::int"
            for place in range(1, 14)
        )
        # Nested, because only CASE keeps the casts away from other values.
        is_rounded = (
            f"CASE WHEN right({value}, 6) = '000000' THEN mod({total}, 10) <> 0 "
            "ELSE false END"
        )
        return (
            f"CASE WHEN strpos({raw}, '000000') = 0 THEN {value} "
            f"WHEN {is_rounded} THEN NULL ELSE {value} END"
        )


@dataclass(frozen=True, slots=True)
class ChannelIdValue:
    """`UC` and 22 characters; some files leave the `UC` out."""

    sql_type: str = "text"
    expected: str = "UC and 22 letters, digits, - or _"

    def normalise(self, raw: str) -> str | None:
        value = raw.strip(BLANKS)
        if not value:
            return None
        if re.fullmatch(r"UC[A-Za-z0-9_-]{22}", value):
            return value
        if re.fullmatch(r"[A-Za-z0-9_-]{22}", value):
            return f"UC{value}"
        raise UnmappableValueError(self.expected)

    def sql(self, raw: str) -> str:
        value = sql_trim(raw)
        return (
            f"CASE WHEN length({raw}) = 24 AND left({raw}, 2) = 'UC' "
            f"AND {raw} ~ '^[A-Za-z0-9_-]+$' THEN {raw} "
            f"WHEN {value} ~ '^UC[A-Za-z0-9_-]{{22}}$' THEN {value} "
            f"WHEN {value} ~ '^[A-Za-z0-9_-]{{22}}$' THEN 'UC' || {value} END"
        )
