"""Apply a planned change set: at once, or batch by batch in a worker."""

import time

import structlog
from django.db import DatabaseError, OperationalError, transaction
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import DeadlockDetected, SerializationFailure

from catalog.changesets import apply, primary_assets
from catalog.models import Change, ChangeSet
from catalog.services import assets
from catalog.services.alarms import sound_alarm_of
from catalog.services.edits import record_change_set
from ytmanager.locks import end_with_this_process
from ytmanager.notifications.notify import Kind, notify
from ytmanager.realtime.events import BulkProgress, Event, change_set_group
from ytmanager.realtime.log import record
from ytmanager.realtime.publish import publish_progress
from ytmanager.templatetags.figures import thousands

logger = structlog.get_logger(__name__)

SLICE_SECONDS = 15.0  # then other jobs of the queue have their turn
TRIES = 5  # of one batch that loses a deadlock
State = ChangeSet.State


def apply_at_once(change_set: ChangeSet) -> None:
    """Apply everything in the caller's transaction, for some hundreds of rows."""
    if change_set.plan_source.get("name") == primary_assets.NAME:
        assets.apply_choice(change_set)
    else:
        apply.apply_planned(change_set)
    _finish(change_set)


def run_apply(*, change_set: ChangeSet, seconds: float = SLICE_SECONDS) -> bool:
    """Apply batches until all is done or time is up; False: there is more to do.

    Safe to run twice at once and to be killed at any line. What cannot be
    applied is *failed*, with the reason; it can be resumed.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if _apply_batch(change_set.pk):
                return True
        except OperationalError:
            raise  # the connection is gone: the job is found and queued again
        except DatabaseError as exc:
            logger.exception("change_set_not_applied", change_set=change_set.pk)
            _fail(change_set, str(exc).strip().splitlines()[0])
            return True
    return False


def _apply_batch(pk: int) -> bool:
    """One batch in a transaction of its own; True when the change set is over."""
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _apply_locked(pk)
        except OperationalError as exc:
            lost = isinstance(exc.__cause__, DeadlockDetected | SerializationFailure)
            if not lost or attempt == TRIES - 1:
                raise
            logger.info("change_set_batch_again", change_set=pk, attempt=attempt + 1)
            time.sleep(0.1 * 2**attempt)
    return False


def _apply_locked(pk: int) -> bool:
    end_with_this_process()
    change_set = ChangeSet.objects.select_for_update().get(pk=pk)
    if change_set.state != State.APPLYING:
        return True
    if change_set.cancel_requested_at is not None:
        _cancel(change_set)
        return True
    if apply.apply_next_batch(change_set):
        payload = progress_of(change_set)
        transaction.on_commit(lambda: _publish(pk, payload), robust=True)
        return False
    change_set.mark_applied(change_set.applied_count, change_set.skipped_count)
    _finish(change_set)
    return True


def _cancel(change_set: ChangeSet) -> None:
    rows = change_set.changes.filter(outcome=Change.Outcome.PLANNED)
    rows.order_by().update(outcome=Change.Outcome.CANCELLED)
    change_set.state, change_set.applied_at = State.CANCELLED, timezone.now()
    change_set.save(update_fields=["state", "applied_at", "updated_at"])
    _finish(change_set)


def _finish(change_set: ChangeSet) -> None:
    """Tell open pages: what the videos are now, and that it is over."""
    record_change_set(change_set)
    record_state(change_set)


def _fail(change_set: ChangeSet, reason: str) -> None:
    with transaction.atomic():
        ChangeSet.objects.move(
            change_set,
            allowed=(State.APPLYING,),
            to=State.FAILED,
            error=f"The database refused a batch: {reason}",
        )
        change_set.refresh_from_db()
        record_state(change_set)


def record_state(change_set: ChangeSet) -> None:
    """Log `bulk.progress`: a step that pages must not miss."""
    groups = [change_set_group(change_set.pk)]
    record(Event("bulk.progress", progress_of(change_set)), groups=groups)
    sound_alarm_of(change_set)
    if change_set.state == State.APPLIED and change_set.job_id is not None:
        _tell_actor(change_set)


def _tell_actor(change_set: ChangeSet) -> None:
    """Say that a worker has done it to the person who did not wait for that."""
    person = change_set.applied_by_id or change_set.actor_id
    if person is None:
        return
    applied, skipped = change_set.applied_count, change_set.skipped_count
    notify(
        kind=Kind.JOB,
        level="warning" if skipped else "success",
        title=f"{change_set} was applied",
        message=f"Values changed: {thousands(applied)}, skipped: {thousands(skipped)}.",
        url=reverse("admin:catalog_changeset_change", args=[change_set.pk]),
        user_pk=person,
    )


def _publish(pk: int, payload: BulkProgress) -> None:
    publish_progress(change_set_group(pk), "bulk.progress", payload)


def progress_of(change_set: ChangeSet) -> BulkProgress:
    """How far it is; moved values count as done."""
    done = change_set.applied_count + change_set.skipped_count
    planned = max(change_set.expected_count, done)
    return BulkProgress(
        change_set=change_set.pk,
        state=change_set.state,
        planned_count=planned,
        applied_count=change_set.applied_count,
        skipped_count=change_set.skipped_count,
        percent=min(100.0, 100 * done / planned) if planned else None,
    )
