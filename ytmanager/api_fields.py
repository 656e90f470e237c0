"""Fields of the API that take nothing for what it is not."""

from typing import Any

from rest_framework import serializers


class TextField(serializers.CharField):
    """A text: a number in its place is a mistake, not its digits."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


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
