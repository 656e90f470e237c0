"""Normal forms of the values that files, forms and APIs bring in.

Each value type knows one normal form twice: in Python (`normalise`) for forms
and API replies, and in SQL (`sql`) for staged report files. A parity test holds
the two together. Sources of the rules: the report formats of YouTube's Content
Manager (three-valued flags, ISO-like timestamps, whole seconds) and the field
list of the Data API.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from catalog.clean_text import (
    BLANKS,
    clean_text,
    sql_is_ascii,
    sql_is_plain,
    sql_quote,
    sql_text,
    sql_trim,
)


class UnmappableValueError(ValueError):
    """A raw value has no normal form; the text says what was expected."""


class ValueType(Protocol):
    """One kind of value: its column type and its normal form, twice."""

    @property
    def sql_type(self) -> str:
        """The PostgreSQL type of the normal form."""

    @property
    def expected(self) -> str:
        """What a person should have written."""

    def normalise(self, raw: str) -> Any:
        """Return the normal form, or None when `raw` says nothing.

        Raises UnmappableValueError for a value without a normal form.
        """

    def sql(self, raw: str) -> str:
        """SQL expression of the normal form; NULL when unknown or unmappable."""


@dataclass(frozen=True, slots=True)
class TextValue:
    """Free text; an empty cell is an observed empty value."""

    sql_type: str = "text"
    expected: str = "text"

    def normalise(self, raw: str) -> str:
        return clean_text(raw)

    def sql(self, raw: str) -> str:
        return sql_text(raw)


@dataclass(frozen=True, slots=True)
class CountValue:
    """A whole number up to 18 digits; an empty cell says nothing."""

    sql_type: str = "bigint"
    expected: str = "a whole number, digits only"

    def normalise(self, raw: str) -> int | None:
        value = raw.strip(BLANKS)
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", value):
            raise UnmappableValueError(self.expected)
        return int(value)

    def sql(self, raw: str) -> str:
        value = sql_trim(raw)
        return (
            f"CASE WHEN {raw} = '' THEN NULL "
            f"WHEN length({raw}) <= 18 AND {raw} ~ '^[0-9]+$' THEN {raw}::bigint "
            f"WHEN {value} ~ '^[0-9]{{1,18}}$' THEN {value}::bigint END"
        )


@dataclass(frozen=True, slots=True)
class SecondsValue:
    """A duration in whole seconds, also written H:MM:SS or M:SS."""

    sql_type: str = "integer"
    expected: str = "whole seconds, M:SS or H:MM:SS"

    def normalise(self, raw: str) -> int | None:
        value = raw.strip(BLANKS)
        if not value:
            return None
        if re.fullmatch(r"[0-9]{1,8}", value):
            return int(value)
        if not re.fullmatch(r"([0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}", value):
            raise UnmappableValueError(self.expected)
        seconds = 0
        for part in value.split(":"):
            seconds = seconds * 60 + int(part)
        return seconds

    def sql(self, raw: str) -> str:
        value = sql_trim(raw)
        parts = f"string_to_array({value}, ':')"
        clock = (
            f"({parts})[cardinality({parts})]::int"
            f" + 60 * ({parts})[cardinality({parts}) - 1]::int"
            f" + 3600 * coalesce(({parts})[cardinality({parts}) - 2]::int, 0)"
        )
        return (
            f"CASE WHEN length({raw}) <= 8 AND {raw} ~ '^[0-9]+$' THEN {raw}::int "
            f"WHEN {value} ~ '^[0-9]{{1,8}}$' THEN {value}::int "
            f"WHEN {value} ~ '^([0-9]{{1,3}}:)?[0-9]{{1,2}}:[0-9]{{2}}$' "
            f"THEN {clock} END"
        )


_CLOCK = (
    r"(?:(?:T| +)([01][0-9]|2[0-3]):([0-5][0-9])"
    r"(?::([0-5][0-9])(?:\.[0-9]{1,9})?)?)? ?(?:UTC|Z)?"
)
_MONTH, _DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12][0-9]|3[01])"
_TIMESTAMP = rf"(20[0-9]{{2}})([-/]?){_MONTH}\2{_DAY}{_CLOCK}"
# Days that exist in every year. A back-reference costs PostgreSQL 50 times as
# much, so each separator has a branch of its own.
_SAFE_DAY = (
    "(?:(?:0[1-9]|1[0-2]){0}(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2]){0}(?:29|30)|(?:0[13578]|1[02]){0}31)"
)
_SAFE_TIMESTAMP = (
    f"20[0-9]{{2}}(?:-{_SAFE_DAY.format('-')}|/{_SAFE_DAY.format('/')}"
    f"|{_SAFE_DAY.format('')}){_CLOCK}"
)


# `2025-08-28 14:05:09 UTC`, as reports write it; PostgreSQL casts it as it stands.
_USUAL_TIMESTAMP = (
    "20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]) "
    "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] UTC"
)


@dataclass(frozen=True, slots=True)
class TimestampValue:
    """A moment in UTC: YYYY-MM-DD, YYYY/MM/DD or YYYYMMDD, optional time."""

    sql_type: str = "timestamptz"
    expected: str = "a date such as 2025-08-31 or 2025/08/31 14:05:00 UTC"

    def normalise(self, raw: str) -> datetime | None:
        value = raw.strip(BLANKS)
        if not value:
            return None
        match = re.fullmatch(_TIMESTAMP, value)
        if not match:
            raise UnmappableValueError(self.expected)
        year, _, month, day, *clock = match.groups()
        hour, minute, second = (int(part or 0) for part in clock)
        try:
            return datetime(
                int(year), int(month), int(day), hour, minute, second, tzinfo=UTC
            )
        except ValueError as exc:  # 31 February
            raise UnmappableValueError(self.expected) from exc

    def sql(self, raw: str) -> str:
        value = sql_trim(raw)
        digits = f"regexp_replace({value}, '[^0-9]', '', 'g')"
        month = (
            f"make_date(substr({digits}, 1, 4)::int, substr({digits}, 5, 2)::int, 1)"
        )
        last_day = f"extract(day FROM {month} + interval '1 month - 1 day')"
        plain = f"split_part(rtrim({raw}, 'UTCZ '), '.', 1)"
        # One pattern for Python and SQL: (?:…) and \2 mean the same in both.
        return (
            f"CASE WHEN {raw} = '' THEN NULL "
            f"WHEN {raw} ~ '^{_USUAL_TIMESTAMP}$' THEN {raw}::timestamptz "
            f"WHEN {raw} ~ '^{_SAFE_TIMESTAMP}$' "
            f"THEN {plain}::timestamp AT TIME ZONE 'UTC' "
            f"WHEN {value} ~ '^{_TIMESTAMP}$' "
            f"THEN CASE WHEN substr({digits}, 7, 2)::int <= {last_day} "
            f"THEN (to_timestamp(rpad(left({digits}, 14), 14, '0'), "
            "'YYYYMMDDHH24MISS')::timestamp AT TIME ZONE 'UTC') END END"
        )


@dataclass(frozen=True, slots=True)
class FlagValue:
    """Yes, no or unknown; an empty cell says nothing."""

    sql_type: str = "boolean"
    expected: str = "Yes or No"

    def normalise(self, raw: str) -> bool | None:
        value = raw.strip(BLANKS).lower()
        if not value:
            return None
        if value in {"yes", "y", "true", "1"}:
            return True
        if value in {"no", "n", "false", "0"}:
            return False
        raise UnmappableValueError(self.expected)

    def sql(self, raw: str) -> str:
        value = f"lower({sql_trim(raw)})"
        return (
            f"CASE {raw} WHEN 'Yes' THEN true WHEN 'No' THEN false WHEN '' THEN NULL "
            f"ELSE CASE WHEN {value} IN ('yes', 'y', 'true', '1') THEN true "
            f"WHEN {value} IN ('no', 'n', 'false', '0') THEN false END END"
        )


@dataclass(frozen=True, slots=True)
class WordValue:
    """One of a few known words, each with its other spellings (lower case)."""

    words: tuple[tuple[str, str], ...]
    expected: str
    sql_type: str = "text"

    def normalise(self, raw: str) -> str | None:
        value = raw.strip(BLANKS)
        if not value:
            return None
        word = dict(self.words).get(value.lower()) if value.isascii() else None
        if word is None:
            raise UnmappableValueError(self.expected)
        return word

    def sql(self, raw: str) -> str:
        cases = " ".join(
            f"WHEN {sql_quote(spelling)} THEN {sql_quote(word)}"
            for spelling, word in self.words
        )
        usual = " ".join(
            f"WHEN {sql_quote(spelling.capitalize())} THEN {sql_quote(word)}"
            for spelling, word in self.words
        )
        value = sql_trim(raw)
        return (
            f"CASE {raw} {cases} {usual} ELSE CASE WHEN {sql_is_ascii(value)} "
            f"THEN CASE lower({value}) {cases} END END END"
        )


@dataclass(frozen=True, slots=True)
class ListValue:
    """Several texts in one cell, split at any of `separators` (one each)."""

    separators: str = "|"
    sql_type: str = "text[]"
    expected: str = "a list"

    def normalise(self, raw: str) -> list[str]:
        first, others = self.separators[0], self.separators[1:]
        for separator in others:
            raw = raw.replace(separator, first)
        return [item for item in map(clean_text, raw.split(first)) if item]

    def sql(self, raw: str) -> str:
        first = self.separators[0]
        same = sql_quote(first * len(self.separators))
        joined = f"translate({raw}, {sql_quote(self.separators)}, {same})"
        items = f"string_to_array({joined}, {sql_quote(first)})"
        return (
            f"CASE WHEN {raw} IS NULL THEN NULL WHEN {raw} = '' THEN '{{}}'::text[] "
            f"WHEN translate({raw}, {sql_quote(self.separators)}, '') = {raw} "
            f"AND {sql_is_plain(raw)} THEN ARRAY[{raw}] "
            f"ELSE ARRAY(SELECT {sql_text('item')} FROM unnest({items}) "
            f"WITH ORDINALITY AS split(item, place) WHERE {sql_text('item')} <> '' "
            "ORDER BY place) END"
        )
