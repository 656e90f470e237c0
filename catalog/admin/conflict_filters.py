"""Filters of the list of conflicts."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog import fields
from catalog.admin.filters import Condition, field_filter, having
from catalog.choices import Source

FIELD = field_filter(
    "field",
    "Field",
    tuple(
        (name, field.label.capitalize(), having(field=name))
        for name, field in fields.PUSHABLE.items()
    ),
)
SOURCE = field_filter(
    "source",
    "Seen by",
    tuple((v, label, having(observation__source=v)) for v, label in Source.choices),
)


def opened(*, within: int | None = None, before: int | None = None) -> Condition:
    """Opened within the last days, or before that."""

    def condition(conflicts: Any) -> Any:
        start = timezone.now() - timedelta(days=within or before or 0)
        lookup = "gte" if within else "lt"
        return conflicts.filter(**{f"opened_at__{lookup}": start})

    return condition


AGE = field_filter(
    "age",
    "Opened",
    (
        ("1", "In the last 24 hours", opened(within=1)),
        ("7", "In the last 7 days", opened(within=7)),
        ("over_7", "More than 7 days ago", opened(before=7)),
        ("over_30", "More than 30 days ago", opened(before=30)),
    ),
)
