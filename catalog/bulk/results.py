"""What each operation of a bulk edit makes of a value, in SQL; pure.

Operations that change one text change each item of a list.
"""

from collections.abc import Callable

from catalog import fields
from catalog.bulk import texts
from catalog.bulk.sources import CHANNEL_SOURCES, VIDEO_ID, parts_of, split_template
from catalog.bulk.steps import Step
from catalog.bulk.texts import Sql, TextChange
from catalog.field_sql import SQL_EMPTY
from catalog.fields import Shape

_JOINED = ", "
# A list with each name once, whatever its case, where it stood first.
_FIRSTS = (
    "ARRAY(SELECT name FROM (SELECT DISTINCT ON (lower(btrim(name))) name, place "
    "FROM unnest(list) WITH ORDINALITY AS listed(name, place) "
    "ORDER BY lower(btrim(name)), place) firsts ORDER BY place)"
)


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


def set_value(step: Step) -> Sql:
    value = step.given["value"]
    return Sql(f"%s::{step.field.sql_type}", (value,))


def clear(step: Step) -> Sql:
    return Sql(SQL_EMPTY[step.field.shape])


def replace(step: Step) -> Sql:
    change = texts.replace(
        step.given["find"],
        step.given.get("new", ""),
        is_pattern=bool(step.given.get("is_pattern")),
        ignores_case=bool(step.given.get("ignores_case")),
    )
    return _each_text(step, change)


def add_items(step: Step) -> Sql:
    """Items that are there already, in whatever case, are not added again."""
    first = {item.lower(): item for item in reversed(step.given["items"])}
    return Sql(
        f"({step.value} || ARRAY(SELECT item FROM unnest(%s::text[]) "
        "WITH ORDINALITY AS added(item, place) WHERE lower(item) NOT IN "
        f"(SELECT lower(known) FROM unnest({step.value}) known) ORDER BY place))",
        (list(first.values())[::-1],),
    )


def remove_items(step: Step) -> Sql:
    unwanted = [item.lower() for item in step.given["items"]]
    kept = _items(step.value, Sql("item"), "lower(item) <> ALL(%s)")
    return Sql(kept.text, (unwanted,))


def fill_template(step: Step) -> Sql:
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


def copy(step: Step) -> Sql:
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


def tidy(step: Step) -> Sql:
    return _each_text(step, texts.tidy_blanks)


def change_case(step: Step) -> Sql:
    return _each_text(step, texts.CASES[step.given["case"]][1])


def split(step: Step) -> Sql:
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


def join(step: Step) -> Sql:
    return Sql(
        f"CASE WHEN cardinality({step.value}) > 1 THEN "
        f"ARRAY[array_to_string({step.value}, %s)] ELSE {step.value} END",
        (step.given["separator"],),
    )


def respell(step: Step) -> Sql:
    change = texts.respell(step.given["variants"], step.given["chosen"])
    made = _each_text(step, change)
    if step.field.shape is not Shape.LIST:
        return made
    return Sql(f"(SELECT {_FIRSTS} FROM (SELECT {made.text}) made (list))", made.params)


def addition(change: Callable[[str], TextChange]) -> Callable[[Step], Sql]:
    return lambda step: _each_text(step, change(step.given["text"]))
