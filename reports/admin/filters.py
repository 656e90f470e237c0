"""Filters of the list of reports and of what they rejected."""

from catalog.admin.filters import DateRangeFilter, field_filter, having
from reports.models import KIND_CHOICES, Report

STATE = field_filter(
    "state",
    "State",
    (
        ("attention", "Needs attention", lambda reports: reports.needing_attention()),
        ("unfinished", "Waiting or running", lambda reports: reports.unfinished()),
        ("imported", "Imported", lambda reports: reports.imported()),
        *((v, label, having(state=v)) for v, label in Report.State.choices),
    ),
)
KIND = field_filter(
    "kind",
    "Kind",
    (
        *((v, label, having(kind=v)) for v, label in KIND_CHOICES),
        ("unknown", "Not known yet", having(kind="")),
    ),
)
EFFECT = field_filter(
    "effect",
    "What was left out",
    (
        ("row", "The whole row", lambda errors: errors.rejected_rows()),
        ("value", "One value", having(is_rejected=False)),
    ),
)

__all__ = ["EFFECT", "KIND", "STATE", "DateRangeFilter"]
