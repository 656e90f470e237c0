"""Plan and apply one change set at once: the common end of every edit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from catalog.changesets import apply, plan, sources
from catalog.changesets.sources import PlanSource
from catalog.exceptions import InvalidEditError, RowLockedError
from catalog.models import Change, ChangeSet, Video
from catalog.observations.events import BATCH_FROM, record_video
from catalog.querysets import VideoQuerySet
from ytmanager.realtime.events import EVERYONE, Event, change_set_group
from ytmanager.realtime.log import record

LOCK_TIMEOUT = "2s"


@contextmanager
def short_wait(message: str = "") -> Iterator[None]:
    """Wait at most 2 s for row locks in this transaction; raises RowLockedError."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        yield
    except OperationalError as exc:
        if isinstance(exc.__cause__, LockNotAvailable | DeadlockDetected):
            raise RowLockedError(message) from exc
        raise


def run_change_set(
    *,
    videos: VideoQuerySet,
    values: dict[str, Any],
    actor: User,
    kind: ChangeSet.Kind,
    reason: str = "",
    reverts: ChangeSet | None = None,
) -> ChangeSet | None:
    """Plan and apply the same normalised values for a small selection.

    Returns None when every video has these values already. Raises
    InvalidEditError when a rule speaks against a value, for whichever video.
    """
    source = replace(
        sources.same_values(videos, values), is_observed=kind == ChangeSet.Kind.CONFLICT
    )
    change_set = ChangeSet(kind=kind, actor=actor, reason=reason, reverts=reverts)
    return run_source(change_set=change_set, source=source)


def run_source(*, change_set: ChangeSet, source: PlanSource) -> ChangeSet | None:
    """Plan and apply a new change set in the caller's request; None: no change.

    For some hundreds of rows; more are a worker's (`services.change_sets`).
    Raises InvalidEditError when any of its values is not valid.
    """
    with transaction.atomic():
        change_set.save()
        plan.write_plan(change_set, source)
        if change_set.invalid_count:
            raise InvalidEditError(fields=_findings(change_set))
        if not change_set.expected_count and not change_set.skipped_count:
            change_set.delete()
            return None
        apply.apply_planned(change_set)
        record_change_set(change_set)
    return change_set


def _findings(change_set: ChangeSet) -> dict[str, list[str]]:
    """What is wrong, by field: each text once."""
    found: dict[str, list[str]] = {}
    invalid = change_set.changes.filter(outcome=Change.Outcome.INVALID)
    for change in invalid.order_by("pk")[:100]:
        texts = found.setdefault(change.field, [])
        texts += [f["text"] for f in change.findings or () if f["text"] not in texts]
    return found


def record_change_set(change_set: ChangeSet) -> None:
    """Tell open pages: each video, or one event for a big batch."""
    if change_set.expected_count <= BATCH_FROM:
        for video in Video.objects.in_change_set(change_set):
            record_video(video, change_set=change_set.pk)
        return
    payload = {"change_set": change_set.pk, "count": change_set.applied_count}
    groups = [EVERYONE, change_set_group(change_set.pk)]
    record(Event("video.changed", payload), groups=groups)
