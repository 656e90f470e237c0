"""What is counted once a day, and how it went over the last days."""

from collections.abc import Mapping
from datetime import date, timedelta

from catalog.models import Conflict, DailyFigure, Video

SHOWN_DAYS = 90
History = dict[str, list[tuple[date, int]]]


def record_figures(day: date) -> dict[str, int]:
    """Count everything once and keep it as the figures of a day.

    Reads the whole table of videos (some seconds for a million).
    """
    counts = Video.objects.shown().daily_counts()
    counts[DailyFigure.Name.CONFLICTS] = Conflict.objects.open().count()
    keep_figures(day, counts)
    return counts


def keep_figures(day: date, counts: Mapping[str, int]) -> None:
    """Write the figures of a day; a second count of the day replaces the first."""
    DailyFigure.objects.bulk_create(
        [
            DailyFigure(recorded_on=day, name=name, count=count)
            for name, count in counts.items()
        ],
        update_conflicts=True,
        unique_fields=["recorded_on", "name"],
        update_fields=["count"],
    )


def history(until: date) -> History:
    """The figures of the last 90 days by name, oldest first; one query."""
    first = until - timedelta(days=SHOWN_DAYS)
    rows = DailyFigure.objects.filter(recorded_on__range=(first, until))
    found: History = {name: [] for name in DailyFigure.Name.values}
    for name, day, count in rows.values_list("name", "recorded_on", "count"):
        found[name].append((day, count))
    return found
