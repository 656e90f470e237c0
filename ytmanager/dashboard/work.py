"""What is at work or waits for somebody: reports, changes, plans, accounts."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from catalog.models import HighlightKind
from reports.admin.columns import changes_of
from reports.admin.states import badge_of
from reports.admin.what_changed import NEEDED
from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.services.told import Wording
from reports.services.what_changed import counts_of
from youtube_sync.models import PushPlan, YouTubeAccount
from youtube_sync.querysets import YouTubeAccountQuerySet
from youtube_sync.services.forecast import Forecast, forecast
from ytmanager.dashboard.person import Person

REPORTS_SHOWN = 6
COMPARED = 3
PLANS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report and its outcome in words."""

    report: Report
    badge: str
    outcome: str


def last_reports(user: Person) -> list[ReportLine] | None:
    """The reports that moved last, for those who may see them."""
    if not user.has_perm("reports.view_report"):
        return None
    reports = Report.objects.visible_to(user).for_list().started()
    wording = Wording(user)
    return [
        ReportLine(report, badge_of(report), _outcome(report, wording))
        for report in reports.order_by("-updated_at")[:REPORTS_SHOWN]
    ]


def _outcome(report: Report, wording: Wording) -> str:
    if report.state in Report.IMPORTED:
        return ", ".join(changes_of(report))
    return wording.text(report.error_message)


@dataclass(frozen=True, slots=True)
class KindOfChange:
    """How many things of one kind a report changed, and where they are listed."""

    label: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one report changed against the one before it."""

    report: Report
    address: str
    kinds: list[KindOfChange]


def what_changed(user: Person) -> list[Comparison] | None:
    """What changed with the newest imported reports; two queries for each."""
    if not all(map(user.has_perm, NEEDED)):
        return None
    newest = newest_compared(user)
    return [_comparison(report) for report in newest[:COMPARED]]


def newest_compared(user: Person) -> ReportQuerySet:
    """The newest report of each owner and kind that compared something."""
    reports = Report.objects.visible_to(user).for_list().newest_imported()
    return reports.with_highlights().order_by("-as_of", "-pk")


def _comparison(report: Report) -> Comparison:
    page, counts = (
        reverse("admin:reports_report_changes", args=[report.pk]),
        counts_of(report),
    )
    labels = dict(HighlightKind.choices)
    kinds = [
        KindOfChange(labels[HighlightKind(kind)], count, f"{page}?kind={kind}")
        for kind, count in counts.items()
    ]
    return Comparison(report, page, kinds)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One push plan under way and when it will be done."""

    plan: PushPlan
    forecast: Forecast | None

    @property
    def finished_count(self) -> int:
        return self.plan.done_count + self.plan.failed_count


def plans_at_work(user: Person) -> list[PlanLine] | None:
    """Plans that are sent, wait or are paused, and drafts that wait for a yes."""
    if not user.has_perm("youtube_sync.view_pushplan"):
        return None
    plans = PushPlan.objects.visible_to(user).for_list().under_way()
    return [
        PlanLine(plan, forecast(plan) if plan.is_active else None)
        for plan in plans[:PLANS_SHOWN]
    ]


def troubled_accounts(user: Person) -> YouTubeAccountQuerySet | None:
    """The accounts that somebody has to connect again."""
    if not user.has_perm("youtube_sync.view_youtubeaccount"):
        return None
    return YouTubeAccount.objects.visible_to(user).for_list().needing_attention()
