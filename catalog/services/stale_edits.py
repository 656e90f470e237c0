"""What a person edited, judged against what the row holds by now."""

from collections.abc import Mapping
from typing import Any

from catalog import fields
from catalog.exceptions import StaleEditError
from catalog.fields import Field
from catalog.models import Channel, Video


def what_was_edited(
    values: dict[str, Any], base: dict[str, Any] | None
) -> dict[str, Any]:
    """Only edited fields are judged: an old value may break a newer limit."""
    seen = base or {}
    return {n: v for n, v in values.items() if n not in seen or _differs(v, seen[n])}


def refuse_stale(
    row: Video | Channel,
    known: Mapping[str, Field],
    clean: dict[str, Any],
    base: dict[str, Any],
) -> None:
    """Raise StaleEditError if an edited field of the locked row moved since `base`."""
    moved = [
        name
        for name in clean
        if name in base and row.value_of(name) not in (base[name], clean[name])
    ]
    if moved:
        labels = ", ".join(known[name].label for name in moved)
        raise StaleEditError(
            f"Somebody else changed {labels} of this {row._meta.verbose_name} while "
            "you were editing it. Nothing was saved; choose which values to keep and "
            "save again.",
            fields={
                name: {
                    "base": base[name],
                    "mine": clean[name],
                    "theirs": row.value_of(name),
                }
                for name in moved
            },
        )


def _differs(value: Any, seen: Any) -> bool:
    # Browsers send the line ends of a text area back as \r\n.
    if isinstance(value, str) and isinstance(seen, str):
        return fields.text(value) != fields.text(seen)
    return bool(value != seen)
