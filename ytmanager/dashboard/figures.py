"""The counts of the start page, with their trend over the last weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from catalog.admin.sparkline import Point, sparkline
from catalog.models import Conflict, DailyFigure, Video
from catalog.querysets import is_scoped
from catalog.services.daily_figures import history
from reports.models import Report
from ytmanager.dashboard.charts import growth_chart
from ytmanager.dashboard.person import Person
from ytmanager.paginator import EstimatingPaginator

Name = DailyFigure.Name
WEEK = timedelta(days=7)
TREND = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Figure:
    """One count on the start page with the list that it counts."""

    title: str
    count: int
    is_estimated: bool
    address: str
    needs_attention: bool = False
    in_a_week: int | None = None
    trend: SafeString | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: the list's own rows and how to get to that list."""

    title: str
    rows: QuerySet[Any]
    query: dict[str, str]
    name: str = ""  # of its daily figure, where it has a trend
    is_work: bool = False

    @property
    def address(self) -> str:
        options = self.rows.model._meta
        page = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        return f"{page}?{urlencode(self.query)}" if self.query else page


def figures(user: Person) -> list[Figure]:
    """The counts that this person may see, each as its list counts.

    The lists' paginator keeps counts in the cache until their tables are written.
    """
    counted = [*video_counts(user), *other_counts(user)]
    # The trend ends at the count of this moment, where that is exact.
    # Days are counted for the whole office only.
    has_days = counted and not is_scoped(user)
    days = history(timezone.now().date()) if has_days else {}
    return [_figure(one, days.get(one.name, [])) for one in counted]


def video_counts(user: Person) -> Iterator[Counted]:
    if not user.has_perm("catalog.view_video"):
        return
    videos = Video.objects.visible_to(user).shown()
    yield Counted("Videos", videos, {}, Name.VIDEOS)
    mine = videos.assigned_to(user)
    yield Counted("Assigned to me", mine, {"assignee": "me"}, is_work=True)
    unpushed = videos.pending_push()
    yield Counted("Unpushed edits", unpushed, {"unpushed": "yes"}, Name.UNPUSHED, True)
    for field, text in (("isrc", "ISRC"), ("upc", "UPC"), ("artist", "artist")):
        missing, name = videos.missing(field), f"missing_{field}"
        yield Counted(f"Missing {text}", missing, {"missing": field}, name)
    without = videos.without_asset()
    yield Counted("Missing asset", without, {"asset": "no"}, Name.MISSING_ASSET)


def other_counts(user: Person) -> Iterator[Counted]:
    if user.has_perm("catalog.view_conflict"):
        conflicts = Conflict.objects.visible_to(user).open()
        yield Counted("Open conflicts", conflicts, {}, Name.CONFLICTS, True)
    if user.has_perm("reports.view_report"):
        reports = Report.objects.visible_to(user).needing_attention()
        query = {"state": "attention"}
        yield Counted("Reports to look at", reports, query, is_work=True)


def _figure(one: Counted, days: Sequence[tuple[date, int]]) -> Figure:
    counter = EstimatingPaginator(one.rows.order_by("pk"), 1)
    count, is_estimated = counter.count, counter.is_estimated
    figure = Figure(
        one.title, count, is_estimated, one.address, one.is_work and count > 0
    )
    today = timezone.now().date()
    points = [(day, past) for day, past in days if day > today - TREND]
    if not is_estimated:
        points = [
            *((day, past) for day, past in points if day != today),
            (today, count),
        ]
    if len(points) < 2:
        return figure
    line = sparkline([Point(day.isoformat(), past) for day, past in points])
    return replace(figure, in_a_week=_in_a_week(points), trend=line)


def _in_a_week(points: Sequence[tuple[date, int]]) -> int | None:
    """How much it moved in seven days; None without a figure from about then."""
    last_day, last = points[-1]
    before = [count for day, count in points[:-1] if day <= last_day - WEEK]
    return last - before[-1] if before else None


def growth(user: Person) -> SafeString | None:
    """How the catalogue grew over the last 90 days, as a picture."""
    if not user.has_perm("catalog.view_video") or is_scoped(user):
        return None
    return growth_chart(history(timezone.now().date())[Name.VIDEOS])
