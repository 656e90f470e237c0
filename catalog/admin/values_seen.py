"""The values that a person sees in a form: the base of what they save."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from catalog.admin.refusals import refusal
from catalog.exceptions import StaleEditError
from catalog.models import Channel, Video


def read_values_seen(
    request: HttpRequest, names: Iterable[str]
) -> dict[str, Any] | None:
    """What the person saw of these fields; None when the form did not say so."""
    try:
        seen = json.loads(request.POST.get("values_seen", ""))
    except ValueError:
        return None
    if not isinstance(seen, dict):
        return None
    return {name: seen[name] for name in names if name in seen}


def values_seen(
    request: HttpRequest, row: Video | Channel, names: Iterable[str]
) -> str:
    """The base of the next save, to be sent back with the form.

    After a stale one the moved fields have the values that the person sees by now.
    The others keep their base: the form still holds what they were, and that must
    not count as an edit.
    """
    sent = read_values_seen(request, names)
    if sent is None:
        return json.dumps({name: row.value_of(name) for name in names})
    error = refusal(request)
    moved = error.details.get("fields", {}) if isinstance(error, StaleEditError) else {}
    theirs = {name: sides["theirs"] for name, sides in moved.items()}
    return json.dumps({**sent, **theirs})
