"""What a bulk edit can do to a field: one declaration each; pure.

A step of an edit is stored as an object: `{"operation": "replace", "field":
"title", "find": "...", ...}`. An operation names the inputs that a person fills
in and makes SQL of them. Operations that change one text change each item of a
list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog import fields
from catalog.bulk import texts
from catalog.bulk.sources import (
    CHANNEL_SOURCES,
    VIDEO_ID,
    is_source,
    parts_of,
    split_template,
)
from catalog.bulk.texts import Sql, TextChange
from catalog.field_sql import SQL_EMPTY
from catalog.fields import Field, Shape

_JOINED = ", "
# A list with each name once, whatever its case, where it stood first.
_FIRSTS = (
    "ARRAY(SELECT name FROM (SELECT DISTINCT ON (lower(btrim(name))) name, place "
    "FROM unnest(list) WITH ORDINALITY AS listed(name, place) "
    "ORDER BY lower(btrim(name)), place) firsts ORDER BY place)"
)
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


def _as_text(step: Step, name: str) -> str:
    if name in CHANNEL_SOURCES:
        return CHANNEL_SOURCES[name][1]
    if name == VIDEO_ID:
        return "v.video_id"
    value = step.row[name]
    is_list = fields.EDITABLE[name].shape is Shape.LIST
    return f"array_to_string({value}, '{_JOINED}')" if is_list else value


def _items(value: str, item: Sql, where: str = "true") -> Sql:
    return Sql(
        f"ARRAY(SELECT {item.text} FROM unnest({value}) WITH ORDINALITY "
        f"AS items(item, place) WHERE {where} ORDER BY place)",
        item.params,
    )


def _each_text(step: Step, change: TextChange) -> Sql:
    """The changed text, or the list of the changed items."""
    if step.field.shape is Shape.LIST:
        return _items(step.value, change("item"))
    return change(step.value)


def _set(step: Step) -> Sql:
    value = step.given["value"]
    return Sql(f"%s::{step.field.sql_type}", (value,))


def _clear(step: Step) -> Sql:
    return Sql(SQL_EMPTY[step.field.shape])


def _replace(step: Step) -> Sql:
    change = texts.replace(
        step.given["find"],
        step.given.get("new", ""),
        is_pattern=bool(step.given.get("is_pattern")),
        ignores_case=bool(step.given.get("ignores_case")),
    )
    return _each_text(step, change)


def _add_items(step: Step) -> Sql:
    """Items that are there already, in whatever case, are not added again."""
    first = {item.lower(): item for item in reversed(step.given["items"])}
    return Sql(
        f"({step.value} || ARRAY(SELECT item FROM unnest(%s::text[]) "
        "WITH ORDINALITY AS added(item, place) WHERE lower(item) NOT IN "
        f"(SELECT lower(known) FROM unnest({step.value}) known) ORDER BY place))",
        (list(first.values())[::-1],),
    )


def _remove_items(step: Step) -> Sql:
    unwanted = [item.lower() for item in step.given["items"]]
    kept = _items(step.value, Sql("item"), "lower(item) <> ALL(%s)")
    return Sql(kept.text, (unwanted,))


def _template(step: Step) -> Sql:
    """Untouched where a part is empty: half a title is worse than the old one."""
    template = step.given["template"]
    literals = split_template(template)
    names = parts_of(template)
    parts = [_as_text(step, name) for name in names]
    pieces: list[str] = []
    params: list[str] = []
    for place, literal in enumerate(literals):
        if place % 2:
            pieces.append(parts[place // 2])
        elif literal:
            pieces.append("%s::text")
            params.append(literal)
    made = " || ".join(pieces)
    has_gap = " OR ".join(f"{part} = ''" for part in parts) or "false"
    return Sql(f"CASE WHEN {has_gap} THEN {step.value} ELSE {made} END", tuple(params))


def _copy(step: Step) -> Sql:
    """Untouched where the source is empty: to empty a field there is "clear"."""
    name = step.given["source"]
    source = fields.EDITABLE.get(name)
    if step.field.shape is Shape.TEXT:
        copied = text = _as_text(step, name)
        is_empty = f"{text} = ''"
    elif source is not None and source.shape is Shape.LIST:
        copied = step.row[name]
        is_empty = f"cardinality({copied}) = 0"
    else:
        text = _as_text(step, name)
        copied, is_empty = f"ARRAY[{text}]", f"{text} = ''"
    return Sql(f"CASE WHEN {is_empty} THEN {step.value} ELSE {copied} END")


def _tidy(step: Step) -> Sql:
    return _each_text(step, texts.tidy_blanks)


def _case(step: Step) -> Sql:
    return _each_text(step, texts.CASES[step.given["case"]][1])


def _split(step: Step) -> Sql:
    names = texts.split(step.given["separators"], step.given.get("never", ()))("item")
    # "A (feat. B)" leaves the bracket that was opened before the B.
    name = r"regexp_replace(btrim(name), '^([^(\[]*)[)\]]$', '\1')"
    return Sql(
        f"(SELECT {_FIRSTS} FROM (SELECT array_agg({name} ORDER BY place, turn) "
        f"FROM unnest({step.value}) WITH ORDINALITY "
        f"AS items(item, place), unnest({names.text}) WITH ORDINALITY "
        "AS names(name, turn) WHERE btrim(name) <> '') made (list))",
        names.params,
    )


def _join(step: Step) -> Sql:
    return Sql(
        f"CASE WHEN cardinality({step.value}) > 1 THEN "
        f"ARRAY[array_to_string({step.value}, %s)] ELSE {step.value} END",
        (step.given["separator"],),
    )


def _respell(step: Step) -> Sql:
    change = texts.respell(step.given["variants"], step.given["chosen"])
    made = _each_text(step, change)
    if step.field.shape is not Shape.LIST:
        return made
    return Sql(f"(SELECT {_FIRSTS} FROM (SELECT {made.text}) made (list))", made.params)


def _addition(change: Callable[[str], TextChange]) -> Callable[[Step], Sql]:
    return lambda step: _each_text(step, change(step.given["text"]))


_TEXT, _LIST, _FLAG = ({Shape.TEXT}, {Shape.LIST}, {Shape.FLAG})
_PERSON = {Shape.PERSON}
_ITEMS = Input("items", "Items", Kind.LINES, help="One on each line.")
_SOURCES = Input(
    "source",
    "Copy from",
    Kind.CHOICE,
    choices=(
        *((n, f.label) for n, f in fields.EDITABLE.items() if is_source(n)),
        (VIDEO_ID, "video ID"),
        *((name, label) for name, (label, _) in CHANNEL_SOURCES.items()),
    ),
)
_OPERATIONS = (
    Operation(
        "set",
        "Set to",
        "Every video gets this value.",
        frozenset(_TEXT | _LIST | _FLAG),
        (Input("value", "New value", Kind.VALUE),),
        _set,
    ),
    Operation(
        "assign",
        "Assign to",
        "Every video is this person's.",
        frozenset(_PERSON),
        (Input("value", "Person", Kind.VALUE),),
        _set,
    ),
    Operation(
        "clear",
        "Clear",
        "Empties the field.",
        frozenset(_TEXT | _LIST | _FLAG | _PERSON),
        (),
        _clear,
    ),
    Operation(
        "replace",
        "Find and replace",
        "Replaces every occurrence, in each item of a list.",
        frozenset(_TEXT | _LIST),
        (
            Input("find", "Find"),
            Input("new", "Replace with", is_required=False),
            Input(
                "ignores_case",
                "Upper and lower case alike",
                Kind.FLAG,
                is_required=False,
            ),
            Input(
                "is_pattern",
                "Regular expression",
                Kind.FLAG,
                is_required=False,
                help=r"PostgreSQL's; \1 in the replacement is the first group.",
            ),
        ),
        _replace,
    ),
    Operation(
        "append",
        "Add at the end",
        "Puts a text behind the value, or behind each item.",
        frozenset(_TEXT | _LIST),
        (Input("text", "Text"),),
        _addition(texts.append),
    ),
    Operation(
        "prepend",
        "Add at the start",
        "Puts a text before the value, or before each item.",
        frozenset(_TEXT | _LIST),
        (Input("text", "Text"),),
        _addition(texts.prepend),
    ),
    Operation(
        "add_items",
        "Add to the list",
        "Items that are there already are not added again.",
        frozenset(_LIST),
        (_ITEMS,),
        _add_items,
    ),
    Operation(
        "remove_items",
        "Remove from the list",
        "Upper and lower case count as the same.",
        frozenset(_LIST),
        (_ITEMS,),
        _remove_items,
    ),
    Operation(
        "template",
        "Make from a template",
        "For example {artist} - {title}. A video that lacks a part stays as it is.",
        frozenset(_TEXT),
        (Input("template", "Template", help="Names of fields in braces."),),
        _template,
    ),
    Operation(
        "copy",
        "Copy from",
        "Takes the value of another field or of the channel; an empty one is not "
        "taken.",
        frozenset(_TEXT | _LIST),
        (_SOURCES,),
        _copy,
    ),
    Operation(
        "tidy",
        "Tidy blanks",
        "One blank between words, none at the ends.",
        frozenset(_TEXT | _LIST),
        (),
        _tidy,
    ),
    Operation(
        "case",
        "Change case",
        "Of the whole value, or of each item.",
        frozenset(_TEXT | _LIST),
        (
            Input(
                "case",
                "Write it as",
                Kind.CHOICE,
                choices=tuple((n, label) for n, (label, _) in texts.CASES.items()),
            ),
        ),
        _case,
    ),
    Operation(
        "split",
        "Split into several",
        "Takes apart items that hold several names. Each name is kept once.",
        frozenset(_LIST),
        (
            Input(
                "separators",
                "Split at",
                Kind.CHOICES,
                choices=tuple((n, label) for n, (label, _) in texts.SEPARATORS.items()),
            ),
        ),
        _split,
    ),
    Operation(
        "join",
        "Join into one",
        "Makes one item of all.",
        frozenset(_LIST),
        (Input("separator", "Put between"),),
        _join,
    ),
    Operation(
        "respell",
        "Merge spellings",
        "Gives values that are one of the spellings the chosen one. A list keeps each "
        "name once.",
        frozenset(_TEXT | _LIST),
        (
            Input("variants", "Spellings", Kind.LINES, help="One on each line."),
            Input("chosen", "Write all of them as"),
        ),
        _respell,
    ),
)
OPERATIONS = {operation.name: operation for operation in _OPERATIONS}
