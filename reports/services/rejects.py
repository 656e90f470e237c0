"""What an import did not take, as rows of a file to mend and send again."""

from collections.abc import Iterator
from typing import Any

from reports.models import Report, ReportRowError

BATCH = 2000
HEADER = ("line", "column", "value", "reason", "row rejected")


def rejects_of(report: Report) -> Iterator[tuple[Any, ...]]:
    """Header and rows, in the order of the file, in constant memory."""
    yield HEADER
    for error in _in_batches(report):
        rejected = "yes" if error.is_rejected else "no"
        yield (error.line, error.column, error.value, error.reason, rejected)


def _in_batches(report: Report) -> Iterator[ReportRowError]:
    # Cursors of the server do not survive a transaction pooler.
    errors = report.row_errors.all()
    batch = list(errors[:BATCH])
    while batch:
        yield from batch
        batch = list(errors.after(batch[-1])[:BATCH])
