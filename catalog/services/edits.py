"""Plan and apply one change set at once: the common end of every edit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from catalog.changesets import apply, plan
from catalog.exceptions import RowLockedError
from catalog.models import ChangeSet, Video
from catalog.observations.events import BATCH_FROM, record_video
from catalog.querysets import VideoQuerySet
from ytmanager.realtime.events import EVERYONE, Event, change_set_group
from ytmanager.realtime.log import record

LOCK_TIMEOUT = "2s"


@contextmanager
def short_wait() -> Iterator[None]:
    """Wait at most 2 s for row locks in this transaction; raises RowLockedError."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        yield
    except OperationalError as exc:
        if isinstance(exc.__cause__, LockNotAvailable):
            raise RowLockedError from exc
        raise


def run_change_set(
    *,
    videos: VideoQuerySet,
    values: dict[str, Any],
    actor: User,
    kind: ChangeSet.Kind,
    reason: str = "",
) -> ChangeSet | None:
    """Plan and apply the same normalised values for a selection.

    Returns None when every video has these values already.
    """
    with transaction.atomic():
        change_set = ChangeSet.objects.create(kind=kind, actor=actor, reason=reason)
        if not plan.plan_values(change_set=change_set, videos=videos, values=values):
            change_set.delete()
            return None
        apply.apply_planned(change_set)
        record_change_set(change_set)
    return change_set


def record_change_set(change_set: ChangeSet) -> None:
    """Tell open pages: each video, or one event for a big batch."""
    if change_set.expected_count <= BATCH_FROM:
        for video in Video.objects.in_change_set(change_set):
            record_video(video, change_set=change_set.pk)
        return
    payload = {"change_set": change_set.pk, "count": change_set.applied_count}
    groups = [EVERYONE, change_set_group(change_set.pk)]
    record(Event("video.changed", payload), groups=groups)
