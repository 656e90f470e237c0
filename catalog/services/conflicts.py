"""A person decides between our values and YouTube's: one field, or thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import EmptyResultSet
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.utils import timezone

from catalog import fields
from catalog.changesets.sources import PlanSource
from catalog.exceptions import ConflictSnapshotError, StaleEditError
from catalog.models import ChangeSet, Conflict, Video
from catalog.observations.events import BATCH_FROM, record_video
from catalog.querysets import ConflictQuerySet
from catalog.services.edits import run_source, short_wait
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

NAMED = 10  # conflicts that a message names
_SIGNER = Signer(salt="catalog.conflicts")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a selection; `left` are the first that stay open."""

    resolved_count: int
    left_count: int
    left: Sequence[Conflict]
    change_set: ChangeSet | None = None


def seen_now() -> str:
    """What a page that is made now shows: the state of the database, as text.

    Take it before the page reads its rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return _SIGNER.sign(cursor.fetchone()[0])


def resolve_conflict(
    *, conflict: Conflict, take_theirs: bool, actor: User, seen: str = ""
) -> ChangeSet | None:
    """Settle one conflict; nothing happens to one that is closed already.

    Raises StaleEditError when YouTube's value or ours moved since it was seen,
    and RowLockedError.
    """
    one = Conflict.objects.filter(pk=conflict.pk)
    with transaction.atomic():
        resolution = resolve_conflicts(
            conflicts=one, take_theirs=take_theirs, actor=actor, seen=seen
        )
        if resolution.left:
            raise StaleEditError(
                f"The {fields.EDITABLE[conflict.field].label} moved since you saw it, "
                "here or on YouTube. Nothing was decided; compare again and decide."
            )
    return resolution.change_set


def resolve_conflicts(
    *,
    conflicts: ConflictQuerySet,
    take_theirs: bool,
    actor: User,
    seen: str = "",
) -> Resolution:
    """Keep ours (they stay unpushed edits), or take what YouTube shows.

    Set-based, whatever the size of the selection. `seen` is `seen_now()` of the
    page on which the person decided: a conflict that opened or moved since then
    stays open. Raises RowLockedError, and ConflictSnapshotError for a `seen`
    that no page made.
    """
    with transaction.atomic(), short_wait():
        chosen = _Chosen(conflicts, seen)
        chosen.lock_videos()
        if take_theirs:
            change_set = _take_theirs(chosen, actor)
            resolved = change_set.applied_count if change_set else 0
        else:
            change_set, resolved = None, _keep_ours(chosen, actor)
        left = conflicts.open().order_by("pk").select_related("video")
        return Resolution(resolved, left.count(), list(left[:NAMED]), change_set)


class _Chosen:
    """The open conflicts of a selection that are as the person saw them."""

    def __init__(self, conflicts: ConflictQuerySet, seen: str) -> None:
        keys, params = _keys_sql(conflicts)
        self.sql = f"c.state = 'open' AND c.id IN ({keys})"
        self.params: tuple[Any, ...] = params
        if seen:
            self.sql += f" AND {_WAS_SEEN}"
            self.params += (_snapshot(seen),) * 2

    def lock_videos(self) -> None:
        """In key order, as merges and edits do, and before their conflicts."""
        self.execute(
            "SELECT count(*) FROM (SELECT id FROM catalog_video WHERE id IN "
            f"(SELECT c.video_id FROM catalog_conflict c WHERE {self.sql}) "
            "ORDER BY id FOR UPDATE) locked"
        )

    def execute(self, sql: str, *params: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *self.params])
            return int(cursor.rowcount)


# A row's version tells which transaction wrote it, and a snapshot which ones had
# committed when it was taken. Versions are numbers of 32 bits, snapshots hold 64:
# https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
_NEWEST = "pg_snapshot_xmax(%s::pg_snapshot)::text::bigint"
_WAS_SEEN = (
    "(SELECT pg_visible_in_snapshot((s.newest + (((c.xmin::text::bigint - s.newest) "
    "+ 2147483648) & 4294967295) - 2147483648)::text::xid8, %s::pg_snapshot) "
    f"FROM (SELECT {_NEWEST} AS newest) s)"
)


def _snapshot(seen: str) -> str:
    try:
        return _SIGNER.unsign(seen)
    except BadSignature as exc:
        raise ConflictSnapshotError from exc


def _keys_sql(conflicts: ConflictQuerySet) -> tuple[str, tuple[Any, ...]]:
    try:
        return conflicts.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django knows that nothing can match
        return "SELECT NULL::bigint WHERE false", ()


def _take_theirs(chosen: _Chosen, actor: User) -> ChangeSet | None:
    """A change set writes the values and closes the conflicts."""
    source = PlanSource(
        sql=(
            "SELECT c.video_id AS pk, c.field, c.theirs AS new, c.ours AS expected "
            f"FROM catalog_conflict c WHERE {chosen.sql}"
        ),
        params=chosen.params,
        fields=tuple(fields.PUSHABLE),
        is_checked=True,
        has_expected=True,
        is_observed=True,
    )
    change_set = ChangeSet(kind=ChangeSet.Kind.CONFLICT, actor=actor)
    return run_source(change_set=change_set, source=source)


def _keep_ours(chosen: _Chosen, actor: User) -> int:
    now = timezone.now()
    count = chosen.execute(
        "UPDATE catalog_conflict c SET state = %s, closed_at = %s, closed_by_id = %s "
        f"WHERE {chosen.sql}",
        Conflict.State.KEPT_OURS,
        now,
        actor.pk,
    )
    _tell(count, actor, now)
    return count


def _tell(count: int, actor: User, closed_at: datetime) -> None:
    """Open pages drop the conflict; the values are as they were."""
    if count > BATCH_FROM:
        record(Event("video.changed", {"count": count}), groups=[EVERYONE])
        return
    closed = Conflict.objects.filter(closed_by=actor, closed_at=closed_at)
    for video in Video.objects.filter(pk__in=closed.values("video")):
        record_video(video)
