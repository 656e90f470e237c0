"""How values of videos are shown to people, on every page alike."""

from typing import Any

from django import template

from catalog.fields import EDITABLE, OF_CHANNEL
from catalog.values import CATEGORIES

register = template.Library()

COUNTRIES_SHOWN = 12


@register.filter
def field_label(name: str) -> str:
    """The field's name for people: `isrc` is ISRC."""
    field = EDITABLE.get(name) or OF_CHANNEL.get(name)
    return field.label if field else name.replace("_", " ")


@register.filter
def field_labels(names: list[str]) -> str:
    """Several fields for people, separated by commas."""
    return ", ".join(map(field_label, names))


@register.filter
def described(value: Any, name: str = "") -> str:
    """A stored value in words; `name` tells which field it belongs to."""
    if name == "assignee" and not value:
        return "nobody"
    if value is None:
        return "unknown"
    if value in ("", [], {}):
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " | ".join(map(str, value))
    if name == "category_id" and value in CATEGORIES:
        return CATEGORIES[value][0]
    return str(value)


@register.filter
def countries(codes: list[str] | None) -> str:
    """A few country codes by name, many by their number; WW is all of them."""
    listed = codes or []
    if "WW" in listed:
        return "all countries"
    if len(listed) > COUNTRIES_SHOWN:
        return f"{len(listed)} countries"
    return ", ".join(listed)
