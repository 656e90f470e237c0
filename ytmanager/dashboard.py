"""The admin's start page: what waits for somebody, each figure a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from catalog.models import Conflict, Video
from reports.models import Report
from youtube_sync.models import YouTubeAccount
from ytmanager.paginator import EstimatingPaginator

REPORTS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """One count on the start page with the list that it counts."""

    title: str
    count: int
    is_estimated: bool
    address: str
    needs_attention: bool = False


def figure(
    title: str, rows: QuerySet[Any], needs_attention: bool = False, **query: str
) -> Figure:
    counter = EstimatingPaginator(rows.order_by("pk"), 1)
    options = rows.model._meta
    page = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    address = f"{page}?{urlencode(query)}" if query else page
    return Figure(
        title,
        counter.count,
        counter.is_estimated,
        address,
        needs_attention and counter.count > 0,
    )


def figures(request: HttpRequest) -> Iterator[Figure]:
    """The counts that this person may see."""
    if request.user.has_perm("catalog.view_video"):
        videos = Video.objects.visible_to(request.user).shown()
        yield figure("Videos", videos)
        yield figure("Unpushed edits", videos.pending_push(), True, unpushed="yes")
        yield figure("Missing ISRC", videos.missing("isrc"), missing="isrc")
    if request.user.has_perm("catalog.view_conflict"):
        conflicts = Conflict.objects.visible_to(request.user).open()
        yield figure("Open conflicts", conflicts, True)


def last_reports(request: HttpRequest) -> QuerySet[Report] | None:
    """The reports that moved last, for those who may see them."""
    if not request.user.has_perm("reports.view_report"):
        return None
    reports = Report.objects.visible_to(request.user).for_list()
    started = reports.exclude(state=Report.State.AVAILABLE)
    return started.order_by("-updated_at")[:REPORTS_SHOWN]


def troubled_accounts(request: HttpRequest) -> QuerySet[YouTubeAccount] | None:
    """The accounts that somebody has to connect again."""
    if not request.user.has_perm("youtube_sync.view_youtubeaccount"):
        return None
    accounts = YouTubeAccount.objects.visible_to(request.user).for_list()
    return accounts.needing_attention()


def add_figures(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Called by the theme for the start page."""
    return {
        **context,
        "title": "Start",
        "figures": list(figures(request)),
        "last_reports": last_reports(request),
        "troubled_accounts": troubled_accounts(request),
    }
