"""Tell open pages how far an import is, and how it ended."""

from django.urls import reverse
from django.utils import timezone

from reports.models import Report
from reports.services.told import Wording, told_to_everybody
from ytmanager.notifications.notify import Kind, notify
from ytmanager.realtime.events import EVERYONE, Event, ReportProgress, report_group
from ytmanager.realtime.log import record
from ytmanager.realtime.publish import publish_progress

EVENT = "report.progress"
# The states in which somebody who started an import wants to hear of it.
LEVELS = {
    Report.State.COMPLETED: "success",
    Report.State.COMPLETED_WITH_ERRORS: "warning",
    Report.State.NEEDS_ANSWER: "warning",
    Report.State.REFUSED: "error",
    Report.State.FAILED: "error",
}


def announce(report: Report) -> None:
    """Send the state and speed of a running import; nothing is logged."""
    publish_progress(report_group(report.pk), EVENT, _news_of(report))


def record_state(report: Report) -> None:
    """Log a change of state; open pages hear of it when the caller commits."""
    event = Event(EVENT, _news_of(report))
    record(event, groups=[EVERYONE, report_group(report.pk)])
    if report.state in LEVELS and report.requested_by_id is not None:
        _tell_requester(report)


def _news_of(report: Report) -> ReportProgress:
    """The progress in words that everybody who sees the report may hear."""
    news = progress_of(report)
    if report.error_message:
        news["error"] = told_to_everybody(report)
    return news


def _tell_requester(report: Report) -> None:
    """Say how the import ended, or that it needs an answer, to who asked for it."""
    assert report.requested_by is not None, "only then there is somebody to tell"
    notify(
        kind=Kind.JOB,
        level=LEVELS[Report.State(report.state)],
        title=f"{report}: {report.get_state_display()}",
        message=Wording(report.requested_by).text(report.error_message),
        url=reverse("admin:reports_report_change", args=[report.pk]),
        user_pk=report.requested_by_id,
    )


def progress_of(report: Report) -> ReportProgress:
    """What a page shows of a running or finished import."""
    percent = report.percent
    seconds = _seconds(report)
    payload: ReportProgress = {
        "report": report.pk,
        "state": report.state,
        "rows_read": report.rows_read,
        "rows_per_second": round(report.rows_read / seconds) if seconds else 0,
        "percent": percent,
        "seconds_left": None,
    }
    if seconds and percent and report.state == Report.State.READING:
        payload["seconds_left"] = round(seconds * (100 - percent) / percent)
    if report.error_message:
        payload["error"] = report.error_message
    return payload


def _seconds(report: Report) -> float:
    if report.started_at is None:
        return 0.0
    end = report.finished_at or timezone.now()
    return max(0.001, (end - report.started_at).total_seconds())
