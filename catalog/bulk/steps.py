"""What a step of a bulk edit is made of: an operation on a field, its inputs; pure.

A step is stored as an object: `{"operation": "replace", "field": "title", "find":
"...", ...}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog import fields
from catalog.bulk.sources import parts_of
from catalog.bulk.texts import Sql
from catalog.fields import Field, Shape

# Names of fields are chosen, not written.
_OF_PINS = frozenset({"set", "clear", "add_items", "remove_items"})


class Kind(StrEnum):
    """How an input is filled in."""

    TEXT = "text"
    VALUE = "value"  # a value of the step's own field
    LINES = "lines"  # one item on each line
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a person fills in for an operation."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on one field, with what the earlier steps made of the row.

    `row` maps names of fields to SQL expressions of their current values.
    """

    field: Field
    row: Mapping[str, str]
    given: Mapping[str, Any]

    @property
    def value(self) -> str:
        return self.row[self.field.name]


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be done, to which shapes of fields, and the SQL of the result."""

    name: str
    label: str
    help: str
    shapes: frozenset[Shape]
    inputs: tuple[Input, ...]
    sql: Callable[[Step], Sql]

    def fits(self, field: Field) -> bool:
        """Whether it can be done to the field, and the result may be valid."""
        if self.name == "clear" and field.check(field.empty):
            return False
        if field.name == "pinned_fields" and self.name not in _OF_PINS:
            return False
        return field.shape in self.shapes

    def reads(self, given: Mapping[str, Any]) -> set[str]:
        """Names of the other fields that the result is made of."""
        named = {str(given.get("source", ""))} | set(parts_of(given.get("template")))
        return named & set(fields.EDITABLE)
