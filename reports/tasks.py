"""Jobs about report files; one per file, never one per row."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from reports.exceptions import ImportRunningError, ReportStateError
from reports.models import Report
from reports.services import imports, schedules

logger = structlog.get_logger(__name__)

LIVING_JOBS = ("todo", "doing")


@app.task(queue="imports")
def run_import(report_pk: int) -> None:
    """Import one waiting report; does nothing if it is not waiting any more."""
    report = Report.objects.get_by_pk(report_pk)
    try:
        imports.run_import(report=report)
    except (ReportStateError, ImportRunningError) as exc:
        logger.info("import_not_due", report_pk=report_pk, reason=exc.message)


def enqueue_import(report: Report) -> None:
    """Defer the job of a waiting report, in the caller's transaction."""
    job_id = run_import.defer(report_pk=report.pk)
    Report.objects.filter(pk=report.pk).update(job_id=job_id)


def enqueue_imports(reports: Sequence[Report]) -> None:
    """Defer the jobs of waiting reports, in the caller's transaction and order."""
    arguments: list[dict[str, Any]] = [{"report_pk": r.pk} for r in reports]
    job_ids = run_import.batch_defer(*arguments)
    for report, job_id in zip(reports, job_ids, strict=True):
        report.job_id = job_id
    Report.objects.bulk_update(reports, ["job_id"])


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="requeue_lost_imports")
def requeue_lost_imports(timestamp: int) -> None:
    """Give every unfinished report whose job is gone a new one."""
    with transaction.atomic():
        unfinished = Report.objects.unfinished().select_for_update(skip_locked=True)
        living = ProcrastinateJob.objects.filter(
            pk__in=unfinished.values("job_id"), status__in=LIVING_JOBS
        )
        alive = set(living.values_list("pk", flat=True))
        for report in unfinished:
            if report.job_id not in alive:
                enqueue_import(report)
                logger.warning("lost_import_queued_again", report_pk=report.pk)


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="find_scheduled_files")
def find_scheduled_files(timestamp: int) -> None:
    """List new files of the sources whose time has come."""
    schedules.find_scheduled_files(now=datetime.fromtimestamp(timestamp, UTC))
