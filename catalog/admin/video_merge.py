"""A stale save: mine, theirs and base side by side, and what a person chose."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalog.admin.refusals import refusal
from catalog.exceptions import StaleEditError
from catalog.fields import EDITABLE
from catalog.templatetags.catalog_values import described, field_label
from catalog.templatetags.differences import marked

Sides = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class MergeField:
    """One field that moved while somebody edited it."""

    name: str
    label: str
    base: str
    mine: SafeString
    theirs: SafeString
    chosen: str


def sides_of(request: HttpRequest) -> Sides:
    """Base, mine and theirs of each moved field, from this save or the last one."""
    error = refusal(request)
    if isinstance(error, StaleEditError):
        moved: Sides = error.details.get("fields") or {}
        return {**sent_sides(request), **moved}
    return sent_sides(request) if error else {}


def sent_sides(request: HttpRequest) -> Sides:
    """What the last refused page showed; nothing of it is trusted as a value."""
    try:
        sent = json.loads(request.POST.get("merge", ""))
    except ValueError:
        return {}
    if not isinstance(sent, dict):
        return {}
    return {
        name: sides
        for name, sides in sent.items()
        if name in EDITABLE
        and isinstance(sides, dict)
        and {"base", "mine", "theirs"} == sides.keys()
    }


def merge_context(request: HttpRequest) -> dict[str, Any]:
    """What the template shows above the form; empty when nothing moved."""
    sides = sides_of(request)
    if not sides:
        return {}
    is_stale = isinstance(refusal(request), StaleEditError)
    return {
        "merge_fields": list(_fields(sides, request)),
        "merge_sides": json.dumps(sides),
        "is_stale": is_stale,
        # This panel says then all there is to say: no note of errors below it.
        **({"errors": ()} if is_stale else {}),
    }


def _fields(sides: Sides, request: HttpRequest) -> Iterator[MergeField]:
    for name, moved in sides.items():
        base = described(moved["base"], name)
        yield MergeField(
            name=name,
            label=field_label(name),
            base=base,
            mine=marked(base, described(moved["mine"], name))[1],
            theirs=marked(base, described(moved["theirs"], name))[1],
            chosen=request.POST.get(f"merge_{name}", "mine"),
        )


def merged(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    """The values to save, after what the person chose for each moved field.

    Theirs means to leave the field alone; mine is what the form says, as it
    stands or typed anew.
    """
    wanted = dict(values)
    for name, sides in sent_sides(request).items():
        choice = request.POST.get(f"merge_{name}", "mine")
        if choice == "theirs":
            wanted.pop(name, None)
        elif choice == "base":
            wanted[name] = sides["base"]
    return wanted
