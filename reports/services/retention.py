"""Rejected rows are kept for a while; the counts on the report stay for good."""

from datetime import datetime, timedelta

from django.conf import settings

from reports.models import ReportRowError

BATCH = 10_000


def forget_row_errors(now: datetime) -> int:
    """Remove rejected rows of reports that ended ROW_ERRORS_KEPT_DAYS ago.

    In batches, so that no transaction is long; returns how many went.
    """
    before = now - timedelta(days=settings.ROW_ERRORS_KEPT_DAYS)
    old = ReportRowError.objects.of_reports_ended_before(before)
    removed_count = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        removed_count += ReportRowError.objects.filter(pk__in=keys).delete()[0]
    return removed_count
