r"""The text of one cell, out in SQL and back in Python; pure.

Lists are joined with `|`; an item's own `|` is written `\|`. A text that a
spreadsheet program would run as a formula gets an apostrophe in front, which is
taken off again; one that has an apostrophe there already gets a second one, so
that the way back is exact. Characters that XLSX cannot hold are left out.
"""

import re
from typing import Any

from catalog.clean_text import clean_text
from catalog.fields import Field, Shape
from catalog.values import CATEGORIES

LIST_SEPARATOR = "|"
CLEAR_TOKEN = "[clear]"  # noqa: S105 - not a secret
# Spreadsheet programs cut longer cells without a word.
LONGEST_CELL = 32_767

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_UNPRINTABLE = "[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]"
_SQL_FORMULA = "E'^\\'*[=+@\\t\\r-]'"
_SQL_UNPRINTABLE = f"E'{_UNPRINTABLE}'".replace("\\", "\\\\")
_ESCAPED = r"E'\\\\(?=[\\\\|]|$)|[|]'"
_WRITTEN = r"E'\\\\\\&'"
_ESCAPE = re.compile(r"\\(?=[\\|]|$)|\|")


def guarded(text: str) -> str:
    """Keep spreadsheet programs from running the text as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell without the apostrophe that `guarded` put there."""
    return cell[1:] if _GUARDED.match(cell) else cell


def without_unprintable(text: str) -> str:
    return re.sub(_UNPRINTABLE, "", text)


def joined(items: list[str]) -> str:
    """One text of several; `split_items` gives the items back."""
    return LIST_SEPARATOR.join(_ESCAPE.sub(r"\\\g<0>", item) for item in items)


def split_items(text: str, separator: str = LIST_SEPARATOR) -> list[str]:
    """The items of a cell; only `|` can be written inside one, as `\\|`."""
    if separator != LIST_SEPARATOR:
        return [clean_text(item) for item in text.split(separator)]
    parts = re.findall(r"\\[\\|]|\||[^\\|]+|\\", text)
    items = [""]
    for part in parts:
        if part == LIST_SEPARATOR:
            items.append("")
        else:
            items[-1] += part[1:] if part in {r"\\", r"\|"} else part
    return [clean_text(item) for item in items]


def shown(field: Field, value: Any) -> str:
    """What an exported cell holds; the Python side of `sql_cell`."""
    if field.shape is Shape.FLAG:
        return "" if value is None else "Yes" if value else "No"
    if field.shape is Shape.LIST:
        return guarded(joined([without_unprintable(item) for item in value]))
    text = without_unprintable(value)
    is_category = field.name == "category_id" and text in CATEGORIES
    return guarded(CATEGORIES[text][0] if is_category else text)


def sql_cell(field: Field, value: str) -> str:
    """SQL expression of an exported cell; `value` is the column's expression."""
    if field.shape is Shape.FLAG:
        return f"CASE WHEN {value} THEN 'Yes' WHEN NOT {value} THEN 'No' ELSE '' END"
    if field.shape is Shape.LIST:
        return sql_text_cell(_sql_joined(value))
    if field.name == "category_id":
        cases = " ".join(
            f"WHEN '{category_id}' THEN '{title}'"
            for category_id, (title, _) in CATEGORIES.items()
        )
        return f"CASE {value} {cases} ELSE {sql_text_cell(value)} END"
    return sql_text_cell(value)


def sql_text_cell(value: str) -> str:
    """SQL of a text as a cell: printable, and never a formula."""
    printable = (
        f"CASE WHEN {value} ~ {_SQL_UNPRINTABLE} "
        f"THEN regexp_replace({value}, {_SQL_UNPRINTABLE}, '', 'g') ELSE {value} END"
    )
    return (
        f"CASE WHEN {value} ~ {_SQL_FORMULA} OR {value} ~ {_SQL_UNPRINTABLE} THEN "
        f"(SELECT CASE WHEN t ~ {_SQL_FORMULA} THEN '''' || t ELSE t END "
        f"FROM (SELECT {printable} AS t) printable) ELSE {value} END"
    )


def _sql_joined(value: str) -> str:
    plain = f"array_to_string({value}, '{LIST_SEPARATOR}')"
    marks = f"array_to_string({value}, '')"
    item = f"regexp_replace(item, {_SQL_UNPRINTABLE}, '', 'g')"
    return (
        f"CASE WHEN {marks} !~ '[|\\\\]' THEN {plain} ELSE "
        f"(SELECT string_agg(regexp_replace({item}, {_ESCAPED}, {_WRITTEN}, 'g'), "
        f"'{LIST_SEPARATOR}' ORDER BY place) FROM unnest({value}) "
        "WITH ORDINALITY AS items (item, place)) END"
    )
