"""What people ask for: import a file, stop it, answer its question."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from catalog.models import ContentOwner
from reports.exceptions import ReportStateError
from reports.models import Report
from reports.reading.table import ENCODINGS
from reports.services import shrinkage
from reports.services.dating import start_of_day
from reports.services.progress import record_state


def request_import(*, report: Report, actor: AbstractBaseUser | None) -> Report:
    """Let a file wait for a worker; the caller defers the task.

    Raises ReportStateError for a file that was imported or is being imported.
    """
    if report.state in Report.IMPORTED:
        raise ReportStateError(
            f"{report.name} was imported on {report.finished_at:%d %B %Y}. "
            "The same file again would change nothing.",
            report=report.pk,
        )
    with transaction.atomic():
        Report.objects.move(
            report,
            Report.STARTABLE,
            Report.State.WAITING,
            requested_by_id=actor.pk if actor else None,
            requested_at=timezone.now(),
            cancel_requested_at=None,
            error_message="",
            question=None,
            warnings=[],
        )
        record_state(report)
    return report


def cancel_import(*, report: Report, actor: AbstractBaseUser | None) -> Report:
    """Stop an import; a worker that reads the file notices within a second."""
    now = timezone.now()
    running = Report.objects.filter(pk=report.pk, state=Report.State.READING)
    with transaction.atomic():
        if not running.update(cancel_requested_at=now, updated_at=now):
            Report.objects.move(
                report,
                [Report.State.WAITING],
                Report.State.CANCELLED,
                finished_at=now,
                error_message="The import was cancelled before it began.",
            )
            record_state(report)
    report.refresh_from_db()
    return report


def answer_question(
    *, report: Report, answer: Any, actor: AbstractBaseUser | None
) -> Report:
    """Take the answer to the report's question and let the import wait again.

    Encoding: a name of `ENCODINGS`; data date: a date; content owner: a name;
    falling counts: True to import anyway, or the right date; shrinkage: a key of
    `shrinkage.ANSWERS`.
    """
    if report.state != Report.State.NEEDS_ANSWER or not report.question:
        raise ReportStateError("This report asks nothing.", report=report.pk)
    topic = report.question["topic"]
    _ANSWERS[topic](report, answer)
    fields = ["encoding", "as_of", "content_owner", "answers", "updated_at"]
    with transaction.atomic():
        report.save(update_fields=fields)
        return request_import(report=report, actor=actor)


def _set_encoding(report: Report, answer: Any) -> None:
    if answer not in ENCODINGS:
        raise ReportStateError(f"Choose one of {', '.join(ENCODINGS)}.")
    report.encoding = answer


def _set_data_date(report: Report, answer: Any) -> None:
    if not isinstance(answer, date):
        raise ReportStateError("Enter the day on which YouTube made this report.")
    report.as_of = start_of_day(answer)


def _set_content_owner(report: Report, answer: Any) -> None:
    owner = ContentOwner.objects.filter(name=answer).first()
    if owner is None:
        raise ReportStateError("Choose one of the content owners.")
    report.content_owner = owner


def _set_falling_counts(report: Report, answer: Any) -> None:
    if answer is True:
        report.answers = {**report.answers, "falling_counts": True}
    else:
        _set_data_date(report, answer)


def _set_shrinkage(report: Report, answer: Any) -> None:
    if answer not in shrinkage.ANSWERS:
        raise ReportStateError(f"Choose one of {', '.join(shrinkage.ANSWERS)}.")
    report.answers = {**report.answers, shrinkage.TOPIC: answer}


_ANSWERS = {
    "encoding": _set_encoding,
    "data_date": _set_data_date,
    "content_owner": _set_content_owner,
    "falling_counts": _set_falling_counts,
    shrinkage.TOPIC: _set_shrinkage,
}
