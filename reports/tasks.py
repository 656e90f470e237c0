"""Jobs about report files; one per file, never one per row."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from reports.exceptions import ImportRunningError, ReportStateError
from reports.models import Report
from reports.services import imports, retention, schedules
from reports.services.batches import request_imports
from reports.services.turns import next_after

logger = structlog.get_logger(__name__)

LIVING_JOBS = ("todo", "doing")
# What a person waits for goes before what a schedule found.
BY_HAND, BY_SCHEDULE = 10, 0
BATCH = 500
# An owner that was busy a moment ago and has no running report any more.
SOON = timedelta(seconds=2)


@app.task(queue="imports")
def run_import(report_pk: int) -> None:
    """Import one waiting report; does nothing if it is not waiting any more."""
    report = Report.objects.get_by_pk(report_pk)
    try:
        imports.run_import(report=report)
    except (ReportStateError, ImportRunningError) as exc:
        logger.info("import_not_due", report_pk=report_pk, reason=exc.message)
    finally:
        go_on_after(report)


def go_on_after(report: Report) -> None:
    """Enqueue what is due after a run: the report itself again, or the next one."""
    report.refresh_from_db()
    with transaction.atomic():
        if report.state == Report.State.WAITING and report.waits_for_id is None:
            enqueue_import(report, not_before=report.retry_at or timezone.now() + SOON)
        if report.state not in Report.RUNNING and (following := next_after(report)):
            enqueue_import(following)


def enqueue_import(report: Report, not_before: datetime | None = None) -> None:
    """Defer the job of a waiting report, in the caller's transaction."""
    deferrer = run_import.configure(
        priority=priority_of(report), schedule_at=not_before
    )
    job_id = deferrer.defer(report_pk=report.pk)
    Report.objects.filter(pk=report.pk).update(job_id=job_id)


def enqueue_imports(reports: Sequence[Report]) -> None:
    """Defer the jobs of waiting reports, in the caller's transaction and order.

    All of them were asked for by the same person, or by none.
    """
    arguments: list[dict[str, Any]] = [{"report_pk": r.pk} for r in reports]
    deferrer = run_import.configure(priority=priority_of(reports[0]))
    for report, job_id in zip(reports, deferrer.batch_defer(*arguments), strict=True):
        report.job_id = job_id
    Report.objects.bulk_update(reports, ["job_id"])


def priority_of(report: Report) -> int:
    return BY_HAND if report.requested_by_id else BY_SCHEDULE


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="requeue_lost_imports")
def requeue_lost_imports(timestamp: int) -> None:
    """Give every unfinished report whose job is gone a new one.

    A report that waits for another one has none; it goes on when that one ended.
    """
    with transaction.atomic():
        living = ProcrastinateJob.objects.filter(status__in=LIVING_JOBS)
        lost = Report.objects.unfinished().not_parked().without_job(living)
        for report in lost.select_for_update(skip_locked=True):
            enqueue_import(report, not_before=report.retry_at)
            logger.warning("lost_import_queued_again", report_pk=report.pk)
    for ended in Report.objects.waited_for_in_vain():
        go_on_after(ended)


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="find_scheduled_files")
def find_scheduled_files(timestamp: int) -> None:
    """List new files of the sources whose time has come, and import them."""
    schedules.find_scheduled_files(now=datetime.fromtimestamp(timestamp, UTC))
    start_automatic_imports()


def start_automatic_imports() -> int:
    """Queue new files of sources that import by themselves; returns how many."""
    started_count = 0
    available = Report.objects.available().of_automatic_sources().oldest_first()
    while started := start_imports(
        list(available[:BATCH].values_list("pk", flat=True))
    ):
        started_count += len(started)
    return started_count


def start_imports(
    pks: Sequence[int],
    actor: AbstractBaseUser | None = None,
    *,
    is_dry_run: bool = False,
) -> list[Report]:
    """Ask for a batch of imports in this order: states and jobs together."""
    place = {pk: number for number, pk in enumerate(pks)}
    reports = Report.objects.filter(pk__in=pks)
    with transaction.atomic():
        started = request_imports(reports=reports, actor=actor, is_dry_run=is_dry_run)
        started.sort(key=lambda report: place[report.pk])
        if started:
            enqueue_imports(started)
    return started


@app.periodic(cron="5 3 * * *")
@app.task(queue="quick", queueing_lock="forget_row_errors")
def forget_row_errors(timestamp: int) -> None:
    """Remove the rejected rows of reports of long ago."""
    removed_count = retention.forget_row_errors(datetime.fromtimestamp(timestamp, UTC))
    logger.info("row_errors_forgotten", removed_count=removed_count)
