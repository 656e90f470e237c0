"""What people ask for: import or try a file, stop it, answer its question."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from reports.exceptions import ReportStateError, TooManyBadRowsError
from reports.models import Report
from reports.services import duplicates, limits
from reports.services.answers import take_answer
from reports.services.progress import record_state

# What a new request forgets of the runs before it.
AFRESH: dict[str, Any] = {
    "cancel_requested_at": None,
    "error_type": "",
    "error_message": "",
    "question": None,
    "warnings": [],
    "waits_for": None,
    "attempts": 0,
    "retry_at": None,
}
# An import in these states has nothing that would have to be undone.
STOPPABLE = (Report.State.WAITING, Report.State.NEEDS_ANSWER)
TOO_LATE = (
    "It is too late to cancel: the rows are being compared with the catalogue, and "
    "this step is done as a whole or not at all."
)


def request_import(
    *,
    report: Report,
    actor: AbstractBaseUser | None,
    is_dry_run: bool = False,
    is_forced: bool = False,
) -> Report:
    """Let a file wait for a worker; the caller defers the task.

    A dry run does everything but write. `is_forced` imports a duplicate again, or
    the good rows of a file with too many bad ones; the report keeps who said so.
    Raises ReportStateError for a file that was imported or is being imported.
    """
    if report.state in Report.IMPORTED:
        raise ReportStateError(
            f"{report.name} was imported on {report.finished_at:%d %B %Y}. "
            "The same file again would change nothing.",
            report=report.pk,
        )
    answers = dict(report.answers)
    if is_forced:
        answers |= dict.fromkeys(force_of(report), str(actor or "the command line"))
    return _let_wait(report, actor, is_dry_run=is_dry_run, answers=answers)


def force_of(report: Report) -> list[str]:
    """Which rules a person may set aside for this report now."""
    if report.state == Report.State.DUPLICATE:
        return [duplicates.AGAIN]
    if report.error_type == TooManyBadRowsError.error_type and report.rows_imported:
        return [limits.ANYWAY]
    return []


def cancel_import(*, report: Report, actor: AbstractBaseUser | None) -> Report:
    """Stop an import; a worker that reads the file notices within a second.

    Raises ReportStateError once the rows are being merged.
    """
    now = timezone.now()
    running = Report.objects.filter(pk=report.pk, state=Report.State.READING)
    with transaction.atomic():
        if not running.update(cancel_requested_at=now, updated_at=now):
            _stop(report)
    report.refresh_from_db()
    return report


def answer_question(
    *, report: Report, answer: Any, actor: AbstractBaseUser | None
) -> Report:
    """Take the answer to the report's question and let the import wait again.

    Encoding: a name of `ENCODINGS`; data date: a date; content owner: a known name,
    or `new: NAME`; falling counts: True to import anyway, or the right date;
    shrinkage: a key of `shrinkage.ANSWERS`. Raises AnswerError, and ReportStateError
    when there is no question.
    """
    if report.state != Report.State.NEEDS_ANSWER or not report.question:
        raise ReportStateError("This report asks nothing.", report=report.pk)
    take_answer(report, answer, actor)
    fields = ["encoding", "as_of", "content_owner", "updated_at"]
    with transaction.atomic():
        report.save(update_fields=fields)
        return _let_wait(
            report, actor, is_dry_run=report.is_dry_run, answers=report.answers
        )


def _let_wait(report: Report, actor: AbstractBaseUser | None, **values: Any) -> Report:
    with transaction.atomic():
        Report.objects.move(
            report,
            Report.STARTABLE,
            Report.State.WAITING,
            requested_by_id=actor.pk if actor else None,
            requested_at=timezone.now(),
            **AFRESH,
            **values,
        )
        record_state(report)
    return report


def _stop(report: Report) -> None:
    """Cancel what does not run; what waited for this one is woken by its job."""
    report.refresh_from_db(fields=["state"])
    if report.state == Report.State.MERGING:
        raise ReportStateError(TOO_LATE, report=report.pk, state=report.state)
    Report.objects.move(
        report,
        STOPPABLE,
        Report.State.CANCELLED,
        **AFRESH
        | {
            "finished_at": timezone.now(),
            "error_message": "The import was cancelled. Nothing was changed.",
        },
    )
    record_state(report)
