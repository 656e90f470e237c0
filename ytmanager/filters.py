"""Query parameters of lists: strict, and named in forms as in the address."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_filters import fields as filter_fields
from django_filters import rest_framework as filters
from drf_spectacular.drainage import set_override

from ytmanager.api_fields import DAY

MOST = 2**63 - 1  # what a key can be
EMPTY = {"type": "string", "maxLength": 0}  # the same as leaving it out
DIGITS = re.compile(r"-?[0-9]{1,19}")


class ListFilterSet(filters.FilterSet):
    """Base of every list's parameters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, parameter in self.filters.items():
            parameter.label = name


def words(*values: str) -> list[tuple[str, str]]:
    """Choices that are called what they are."""
    return [(value, value) for value in values]


class FlagField(forms.Field):
    """`true` or `false`; anything else is an error, not "unknown"."""

    widget = forms.Select(choices=[("", "---------"), *words("true", "false")])

    def to_python(self, value: Any) -> bool | None:
        word = str(value or "").lower()
        if word not in {"", "true", "false"}:
            raise ValidationError("Use true or false.")
        return {"true": True, "false": False}.get(word)


class FlagFilter(filters.BooleanFilter):
    """A filter by `true` or `false`."""

    field_class = FlagField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=FlagField.widget, **kwargs)


class WordField(filter_fields.ChoiceField):
    """One of some fixed words, in any case, with blanks or underscores."""

    def to_python(self, value: Any) -> str:
        return str(value or "").lower().replace(" ", "_")


class WordFilter(filters.ChoiceFilter):
    """A filter by one of some fixed words."""

    field_class = WordField


class DayField(forms.DateField):
    """A day as 2025-03-31, to the digit."""

    def to_python(self, value: Any) -> date | None:
        if value and not DAY.fullmatch(str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class DayFilter(filters.DateFilter):
    """A filter by a day."""

    field_class = DayField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


class DigitsField(forms.IntegerField):
    """A whole number as Python's own `int` does not read it: digits alone."""

    def to_python(self, value: Any) -> int | None:
        if value and not DIGITS.fullmatch(str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class WholeNumberFilter(filters.NumberFilter):
    """A filter by a whole number; bounds stand in the description, too."""

    field_class = DigitsField

    def __init__(self, *args: Any, least: int = 1, most: int = MOST, **kwargs: Any):
        super().__init__(*args, min_value=least, max_value=most, **kwargs)
        bounds = {"type": "integer", "minimum": least, "maximum": most}
        set_override(self, "field", bounds)


def filter_schema(filterset_class: type[filters.FilterSet]) -> dict[str, Any]:
    """The parameters of a list as an object, for requests that name a selection."""
    found = filterset_class.base_filters.items()
    return {
        "type": "object",
        "properties": {
            name: {"anyOf": [parameter_schema(one), EMPTY]} for name, one in found
        },
        "additionalProperties": False,
    }


def parameter_schema(parameter: filters.Filter) -> dict[str, Any]:
    """What one parameter may be, in the words of JSON Schema."""
    told = {"type": "string", "description": str(parameter.extra.get("help_text", ""))}
    if isinstance(parameter, DayFilter):
        return {**told, "format": "date"}
    choices = [word for word, _ in parameter.extra.get("choices", ())]
    if isinstance(parameter, FlagFilter):
        choices = ["true", "false"]
    if isinstance(parameter, FlagFilter | WordFilter):
        return {**told, "anyOf": [{"enum": choices}, {"pattern": spelled(choices)}]}
    return {**told, "enum": choices} if choices else told


def spelled(choices: Iterable[str]) -> str:
    """The words in any case, with blanks or underscores, as a pattern."""
    return f"^({'|'.join(''.join(map(_letter, word)) for word in choices)})$"


def _letter(letter: str) -> str:
    if letter == "_":
        return "[ _]"
    return f"[{letter}{letter.upper()}]" if letter.isalpha() else letter
