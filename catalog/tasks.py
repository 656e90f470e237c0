"""Periodic jobs of the catalogue."""

from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from catalog.client import get_shorts_page_client
from catalog.models import ChangeSet, ReleaseList, Spreadsheet
from catalog.releases import runs
from catalog.services import (
    alarms,
    api_data,
    applying,
    change_sets,
    custom_ids,
    daily_figures,
    short_review,
    sort_views,
)
from catalog.services.custom_ids import Cause
from catalog.services.purging import purge_plans
from catalog.spreadsheets import imports
from ytmanager.exceptions import YouTubeCMSError

logger = structlog.get_logger(__name__)

LIVING_JOBS = ("todo", "doing")


@app.task(queue="quick")
def run_change_set(change_set_pk: int) -> None:
    """Plan or apply one change set, as its state asks; in slices of some seconds."""
    change_set = ChangeSet.objects.get_by_pk(change_set_pk)
    if change_set.state == ChangeSet.State.PLANNING:
        change_sets.run_plan(change_set=change_set)
        change_set.refresh_from_db()
    if change_set.state == ChangeSet.State.APPLYING:
        applying.run_apply(change_set=change_set)
        change_set.refresh_from_db()
    with transaction.atomic():
        enqueue(change_set)


def enqueue(change_set: ChangeSet) -> None:
    """Start the job that a change set waits for, in the caller's transaction.

    When all the work is done already, only what follows from it is started.
    """
    if change_set.state in ChangeSet.WAITING:
        job_id = run_change_set.defer(change_set_pk=change_set.pk)
        ChangeSet.objects.filter(pk=change_set.pk).update(job_id=job_id)
    elif custom_ids.calls_for_clean_up(change_set):
        clean_up_after_channels.defer()


@app.task(queue="quick")
def clean_up_after_channels() -> None:
    """Plan the clean-up of custom IDs that a new list of channels makes possible."""
    _clean_up(Cause.CHANNELS)


@app.periodic(cron="20 4 * * *")
@app.task(queue="quick", queueing_lock="clean_custom_ids")
def clean_custom_ids(timestamp: int) -> None:
    """Plan the daily clean-up of custom IDs, where it is switched on."""
    if settings.CLEAN_CUSTOM_IDS_DAILY:
        _clean_up(Cause.SCHEDULE)


def _clean_up(cause: Cause) -> None:
    """Start one by the settings; people hear when it cannot be planned."""
    try:
        with transaction.atomic():
            started = custom_ids.start_clean_up(
                cause=cause,
                with_label=settings.CLEAN_CUSTOM_IDS_WITH_LABEL,
                has_preview=not settings.CLEAN_CUSTOM_IDS_UNSEEN,
            )
            if started is not None:
                enqueue(started)
    except YouTubeCMSError as error:
        alarms.sound_alarm(
            "error", f"Clean-up of custom IDs, {cause.label}", error.message
        )


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="requeue_lost_change_sets")
def requeue_lost_change_sets(timestamp: int) -> None:
    """Give every waiting change set whose job is gone a new one."""
    with transaction.atomic():
        waiting = ChangeSet.objects.waiting().select_for_update(skip_locked=True)
        living = ProcrastinateJob.objects.filter(
            pk__in=waiting.values("job_id"), status__in=LIVING_JOBS
        )
        alive = set(living.values_list("pk", flat=True))
        for change_set in waiting:
            if change_set.job_id not in alive:
                enqueue(change_set)
                logger.warning("lost_change_set_queued_again", change_set=change_set.pk)


@app.periodic(cron="7 * * * *")
@app.task(queue="quick", queueing_lock="expire_plans")
def expire_plans(timestamp: int) -> None:
    """Close plans that nobody applied within their time."""
    logger.info("plans_expired", expired_count=change_sets.expire_plans())


@app.periodic(cron="25 2 * * *")
@app.task(queue="quick", queueing_lock="purge_given_up_plans")
def purge_given_up_plans(timestamp: int) -> None:
    """Remove the rows of plans that were discarded or expired long ago."""
    logger.info("plans_purged", removed_count=purge_plans())


@app.periodic(cron="30 3 * * *")
@app.task(queue="quick", queueing_lock="purge_old_counters")
def purge_old_counters(timestamp: int) -> None:
    """Empty counters that nothing refreshed within the limit, where there is one."""
    api_data.purge_old_counters(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="40 3 * * *")
@app.task(queue="quick", queueing_lock="refresh_sort_views")
def refresh_sort_views(timestamp: int) -> None:
    """Let lists sorted by views follow the counters once a night."""
    updated_count = sort_views.refresh_sort_views()
    logger.info("sort_views_refreshed", updated_count=updated_count)


@app.periodic(cron="50 4 * * *")
@app.task(queue="quick", queueing_lock="record_figures")
def record_figures(timestamp: int) -> None:
    """Keep the figures of the day, for the trends of the start page."""
    day = datetime.fromtimestamp(timestamp, UTC).date()
    counts = daily_figures.record_figures(day)
    logger.info("daily_figures_recorded", day=str(day), **counts)


LARGE_SHEET = 5 << 20  # bytes; these take minutes and wait among the reports


@app.task(queue="quick")
def compare_spreadsheet(spreadsheet_pk: int) -> None:
    """Compare one uploaded sheet and plan its edits; safe to run twice."""
    sheet = Spreadsheet.objects.get(pk=spreadsheet_pk)
    imports.run_comparison(sheet=sheet)


def enqueue_comparison(sheet: Spreadsheet) -> None:
    """Start the job that a sheet waits for, in the caller's transaction."""
    if sheet.state in Spreadsheet.UNFINISHED:
        queue = "imports" if sheet.size > LARGE_SHEET else "quick"
        job_id = compare_spreadsheet.configure(queue=queue).defer(
            spreadsheet_pk=sheet.pk
        )
        Spreadsheet.objects.filter(pk=sheet.pk).update(job_id=job_id)


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="requeue_lost_comparisons")
def requeue_lost_comparisons(timestamp: int) -> None:
    """Give every sheet that waits for a lost job a new one."""
    with transaction.atomic():
        waiting = Spreadsheet.objects.unfinished().select_for_update(
            skip_locked=True, of=("self",)
        )
        living = ProcrastinateJob.objects.filter(
            pk__in=waiting.values("job_id"), status__in=LIVING_JOBS
        )
        alive = set(living.values_list("pk", flat=True))
        for sheet in waiting:
            if sheet.job_id not in alive:
                enqueue_comparison(sheet)
                logger.warning("lost_comparison_queued_again", spreadsheet_pk=sheet.pk)


@app.task(queue="imports")
def load_release_list(release_list_pk: int) -> None:
    """Load one list of releases and match them; safe to run twice."""
    release_list = ReleaseList.objects.get(pk=release_list_pk)
    runs.run_list(release_list=release_list)


def enqueue_release_list(release_list: ReleaseList) -> None:
    """Start the job that a list waits for, in the caller's transaction."""
    if release_list.state in ReleaseList.UNFINISHED:
        job_id = load_release_list.defer(release_list_pk=release_list.pk)
        ReleaseList.objects.filter(pk=release_list.pk).update(job_id=job_id)


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="requeue_lost_release_lists")
def requeue_lost_release_lists(timestamp: int) -> None:
    """Give every list that waits for a lost job a new one."""
    with transaction.atomic():
        waiting = ReleaseList.objects.unfinished().select_for_update(
            skip_locked=True, of=("self",)
        )
        living = ProcrastinateJob.objects.filter(
            pk__in=waiting.values("job_id"), status__in=LIVING_JOBS
        )
        alive = set(living.values_list("pk", flat=True))
        for release_list in waiting:
            if release_list.job_id not in alive:
                enqueue_release_list(release_list)
                logger.warning(
                    "lost_release_list_queued_again", release_list_pk=release_list.pk
                )


def start_probe(actor: User) -> bool:
    """Let a worker ask YouTube about Shorts; tells whether none was about to."""
    try:
        with transaction.atomic():
            probe_shorts.defer(user_pk=actor.pk)
    except AlreadyEnqueued:
        return False
    return True


@app.task(queue="youtube", queueing_lock="probe_shorts")
def probe_shorts(user_pk: int) -> None:
    """Ask YouTube about some undecided videos, if the settings allow it."""
    if settings.SHORTS_PROBE_ENABLED:
        actor = User.objects.filter(pk=user_pk).first()
        short_review.probe_shorts(ask=get_shorts_page_client().ask, actor=actor)
