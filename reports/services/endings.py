"""How the run of an import ends when it does not end well."""

from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from psycopg.errors import ConfigurationLimitExceeded, DiskFull

from reports.exceptions import (
    DatabaseFullError,
    DatabaseLostError,
    DuplicateColumnError,
    DuplicateReportError,
    EncodingError,
    ImportCancelledError,
    MissingColumnsError,
    QuestionError,
    RefusedFileError,
)
from reports.models import Report
from reports.services.progress import record_state
from ytmanager.exceptions import YouTubeCMSError

logger = structlog.get_logger(__name__)

# A store or database that is away: half a minute, 2, 8 and 32 minutes.
WAITS = tuple(timedelta(seconds=30 * 4**attempt) for attempt in range(4))
_STATE_OF: dict[type[YouTubeCMSError], Report.State] = {
    RefusedFileError: Report.State.REFUSED,
    MissingColumnsError: Report.State.REFUSED,
    DuplicateColumnError: Report.State.REFUSED,
    DuplicateReportError: Report.State.DUPLICATE,
    QuestionError: Report.State.NEEDS_ANSWER,
    EncodingError: Report.State.NEEDS_ANSWER,
    ImportCancelledError: Report.State.CANCELLED,
}


def explained(error: Exception) -> YouTubeCMSError:
    """What went wrong outside the file, in words; the log has the details."""
    if isinstance(error.__cause__, DiskFull | ConfigurationLimitExceeded):
        return DatabaseFullError()
    if isinstance(error, OperationalError | InterfaceError):
        return DatabaseLostError()
    return YouTubeCMSError(
        "The import stopped because of an error in this system. "
        "Nothing was changed. The log has the details."
    )


def end(report: Report, error: YouTubeCMSError) -> None:
    """Store why a run stopped: in the end, or until it is tried again."""
    report.observation = None
    report.error_type, report.error_message = error.error_type, error.message
    if _is_worth_a_try(report, error):
        _try_later(report)
    else:
        _stop(report, error)
    with transaction.atomic():
        report.save()
        record_state(report)
    logger.info(
        "report_not_imported",
        report_pk=report.pk,
        state=report.state,
        error_type=error.error_type,
    )


def _is_worth_a_try(report: Report, error: YouTubeCMSError) -> bool:
    """Only what the store or the database may answer differently the next time."""
    return error.retryable and report.attempts < len(WAITS)


def _try_later(report: Report) -> None:
    report.retry_at = timezone.now() + WAITS[report.attempts]
    report.attempts += 1
    report.state, report.started_at = Report.State.WAITING, None


def _stop(report: Report, error: YouTubeCMSError) -> None:
    report.state = _STATE_OF.get(type(error), Report.State.FAILED)
    report.finished_at, report.attempts = timezone.now(), 0
    if isinstance(error, QuestionError):
        report.question = {"message": error.message, **error.details}
