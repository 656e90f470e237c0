"""The schema of the steps of a bulk edit, made of what operations declare."""

from collections.abc import Iterator
from typing import Any

from catalog import fields
from catalog.api.steps import MAKING, MAX_TEXT
from catalog.bulk.operations import OPERATIONS
from catalog.bulk.sources import is_source
from catalog.bulk.steps import Input, Kind, Operation
from catalog.fields import Shape

_TEXTS = {"type": "array", "items": {"type": "string", "minLength": 1}}
_VALUES: dict[Shape, dict[str, Any]] = {
    Shape.TEXT: {"type": "string"},
    Shape.LIST: {"type": "array", "items": {"type": "string"}},
    Shape.FLAG: {"type": "boolean"},
    Shape.PERSON: {"type": "string"},
}


def step_schema() -> dict[str, Any]:
    """One of the operations, on one of the fields that it fits."""
    return {"anyOf": list(_variants())}


def _variants() -> Iterator[dict[str, Any]]:
    for operation in OPERATIONS.values():
        for shape in Shape:
            names = [
                name
                for name, field in fields.EDITABLE.items()
                if field.shape is shape and operation.fits(field)
            ]
            if names:
                yield _variant(operation, names, shape)


def _variant(operation: Operation, names: list[str], shape: Shape) -> dict[str, Any]:
    inputs = {one.name: _input(one, shape) for one in operation.inputs}
    if operation.name in MAKING:
        inputs["only_empty"] = {"type": "boolean", "default": False}
    needed = [one.name for one in operation.inputs if one.is_required]
    return {
        "type": "object",
        "title": f"{operation.label} ({shape})",
        "description": operation.help,
        "required": ["field", "operation", *needed],
        "properties": {
            "field": {"type": "string", "enum": names},
            "operation": {"type": "string", "enum": [operation.name]},
            **inputs,
        },
        "additionalProperties": False,
    }


def _input(one: Input, shape: Shape) -> dict[str, Any]:
    words = [word for word, _ in one.choices]
    if one.name == "source":
        words = [word for word in words if is_source(word)]
    described: dict[Kind, dict[str, Any]] = {
        Kind.TEXT: {
            "type": "string",
            "minLength": int(one.is_required),
            "maxLength": MAX_TEXT,
        },
        Kind.VALUE: _VALUES[shape],
        Kind.LINES: {**_TEXTS, "minItems": 1},
        Kind.FLAG: {"type": "boolean", "default": False},
        Kind.CHOICE: {"type": "string", "enum": words},
        Kind.CHOICES: {
            "type": "array",
            "items": {"type": "string", "enum": words},
            "minItems": 1,
        },
    }
    return described[one.kind] | {"description": one.help or one.label}
