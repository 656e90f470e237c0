"""Fields of the API that take nothing for what it is not."""

import re
from datetime import date
from typing import Any

from rest_framework import serializers

# What `str.strip` leaves of a text, in words that every dialect of patterns has.
NOT_BLANK = (
    r"[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TextField(serializers.CharField):
    """A text: a number in its place is a mistake, not its digits.

    It is too long by what was sent, whatever is trimmed of it.
    """

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return str(super().to_internal_value(data))

    @property
    def pattern(self) -> str | None:
        """What a text must have that is not empty once it is trimmed."""
        is_needed = self.trim_whitespace and not self.allow_blank
        return NOT_BLANK if is_needed else None


class DayField(serializers.DateField):
    """A day as 2025-03-31: none of the other ways in which ISO 8601 writes days."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        day: date = super().to_internal_value(value)
        return day


class YesNoField(serializers.BooleanField):
    """true or false: no word or number that may stand for it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeNumberField(serializers.IntegerField):
    """A whole number: not a text of digits."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str):
            self.fail("invalid")
        return int(super().to_internal_value(data))
