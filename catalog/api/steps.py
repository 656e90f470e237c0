"""The steps of a bulk edit as other systems send them, checked one by one."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import serializers

from catalog import fields
from catalog.bulk.operations import OPERATIONS
from catalog.bulk.sources import is_source, parts_of
from catalog.bulk.steps import Input, Kind, Operation
from catalog.exceptions import InvalidEditError
from catalog.fields import Field, UnmappableValueError

MAX_STEPS = 20
MAX_TEXT = 10_000
# Operations that make a new value, which may be wanted only where none is.
MAKING = frozenset({"set", "assign", "template", "copy", "add_items"})


def read_step(given: Mapping[str, Any]) -> dict[str, Any]:
    """A step as change sets store it.

    Raises ValidationError by name of input for its shape, and InvalidEditError
    for what a rule speaks against.
    """
    edited = _edited(given)
    operation = _operation(given, edited)
    known = {"field", "operation", *(one.name for one in operation.inputs)}
    if operation.name in MAKING:
        known.add("only_empty")
    if unknown := sorted(set(given) - known):
        raise serializers.ValidationError(
            {name: [f"“{operation.name}” has no such input."] for name in unknown}
        )
    step: dict[str, Any] = {"field": edited.name, "operation": operation.name}
    for one in operation.inputs:
        step[one.name] = _read_input(given, one, edited)
    if "only_empty" in known:
        step["only_empty"] = _flag(given.get("only_empty", False), "only_empty")
    return step


def _edited(given: Mapping[str, Any]) -> Field:
    field = fields.EDITABLE.get(str(given.get("field", "")))
    if field is None:
        names = ", ".join(fields.EDITABLE)
        raise serializers.ValidationError({"field": [f"Use one of {names}."]})
    return field


def _operation(given: Mapping[str, Any], edited: Field) -> Operation:
    operation = OPERATIONS.get(str(given.get("operation", "")))
    if operation is None or not operation.fits(edited):
        names = ", ".join(o.name for o in OPERATIONS.values() if o.fits(edited))
        message = f"For {edited.name} use one of {names}."
        raise serializers.ValidationError({"operation": [message]})
    return operation


def _read_input(given: Mapping[str, Any], one: Input, edited: Field) -> Any:
    if one.kind is Kind.FLAG:
        return _flag(given.get(one.name, False), one.name)
    if one.name in given:
        return _READERS[one.kind](given[one.name], one, edited)
    if one.is_required:
        raise _refused(one.name, "This input is required.")
    return ""


def _refused(name: str, message: str) -> serializers.ValidationError:
    return serializers.ValidationError({name: [message]})


def broken(name: str, *findings: str) -> InvalidEditError:
    """The input has the right shape, but a rule speaks against it."""
    return InvalidEditError(fields={name: list(findings)})


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise _refused(name, "Use true or false.")
    return value


def _text(value: Any, one: Input, edited: Field) -> str:
    """As values are stored, so that it is found in them; blanks stay."""
    if not isinstance(value, str) or "\0" in value or len(value) > MAX_TEXT:
        raise _refused(one.name, f"Use a text of up to {MAX_TEXT:,} characters.")
    if one.is_required and not value:
        raise _refused(one.name, "This text may not be empty.")
    if one.name == "template":
        _check_template(value)
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))


def _check_template(template: str) -> None:
    unknown = [name for name in parts_of(template) if not is_source(name)]
    if unknown:
        raise broken("template", f"{{{unknown[0]}}} is not a field.")


def _texts(value: Any, one: Input, edited: Field) -> list[str]:
    is_list = isinstance(value, list) and all(isinstance(row, str) for row in value)
    if not is_list or any("\0" in row for row in value):
        raise _refused(one.name, "Use a list of texts.")
    cleaned = fields.text_list(value)
    if not cleaned:
        raise broken(one.name, "Name at least one.")
    return cleaned


def _choice(value: Any, one: Input, edited: Field) -> str:
    words = [word for word, _ in one.choices]
    if value not in words or (one.name == "source" and not is_source(value)):
        raise _refused(one.name, f"Use one of {', '.join(words)}.")
    return str(value)


def _choices(value: Any, one: Input, edited: Field) -> list[str]:
    chosen = _texts(value, one, edited)
    return [_choice(word, one, edited) for word in chosen]


def _value(value: Any, one: Input, edited: Field) -> Any:
    """A value for every video must be valid as it stands."""
    if not fits_shape(value, edited):
        raise _refused(one.name, f"Use {SHAPES[edited.shape]}.")
    try:
        clean = edited.normalise(value)
    except UnmappableValueError as exc:
        raise broken(one.name, f"Expected {exc}.") from exc
    if found := edited.check(clean):
        raise broken(one.name, *found)
    return clean


SHAPES = {
    fields.Shape.TEXT: "a text",
    fields.Shape.LIST: "a list of texts",
    fields.Shape.FLAG: "true or false",
    fields.Shape.PERSON: "a username, or an empty text",
}


def fits_shape(value: Any, edited: Field) -> bool:
    """Whether JSON has a value of the kind that the field holds."""
    if edited.shape is fields.Shape.FLAG:
        return isinstance(value, bool)
    if edited.shape is fields.Shape.LIST:
        return isinstance(value, list) and all(
            isinstance(item, str) and "\0" not in item for item in value
        )
    return isinstance(value, str) and "\0" not in value


_READERS: dict[Kind, Callable[[Any, Input, Field], Any]] = {
    Kind.TEXT: _text,
    Kind.VALUE: _value,
    Kind.LINES: _texts,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
}
