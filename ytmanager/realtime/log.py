"""The event log: written with the facts, read by whoever missed something."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ytmanager.models import LiveEvent
from ytmanager.realtime.events import REQUIRED_PERMISSIONS, Event, is_group
from ytmanager.realtime.publish import announce

MAX_AGE = timedelta(hours=24)
MAX_ROWS = 200_000
CATCH_UP_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What a reader missed, and from where to ask the next time."""

    events: list[LiveEvent]
    position: int
    ceiling: int
    has_gap: bool


def record(event: Event, *, groups: Sequence[str]) -> LiveEvent:
    """Log an event and announce it to its groups once the caller commits."""
    if not groups or not all(map(is_group, groups)):
        raise ValueError(f"Not groups of live events: {groups!r}")
    row = LiveEvent.objects.create(
        type=event.type,
        payload=dict(event.payload),
        groups=list(groups),
        scope=dict(event.scope),
    )
    message, audience = row.as_message(), list(groups)
    # No partial(): Django names a robust callback that fails by its __qualname__.
    transaction.on_commit(lambda: announce(message, audience), robust=True)
    return row


def current_position() -> int:
    """Every transaction below this number has ended: the place to read on from."""
    position, _ = LiveEvent.objects.transaction_bounds()
    return position


def events_since(
    position: int,
    *,
    groups: Sequence[str],
    types: Collection[str] = tuple(REQUIRED_PERMISSIONS),
    known: Collection[int] = (),
) -> CatchUp:
    """Committed events of the groups that a reader at `position` may have missed.

    The new position stops at the oldest running transaction, so an event that
    commits late is found by the next call; events above it are found again, so
    readers pass or drop the sequences they `know`. Costs three queries.
    """
    log = LiveEvent.objects
    horizon, ceiling = log.transaction_bounds()
    wanted = log.since(position).for_listener(groups, types).unknown_to(known)
    found = list(wanted.for_delivery()[: CATCH_UP_LIMIT + 1])
    has_gap = (
        len(found) > CATCH_UP_LIMIT
        or position > horizon
        or log.purged_since(position).exists()
    )
    return CatchUp([] if has_gap else found, horizon, ceiling, has_gap)


def purge_events(*, max_age: timedelta = MAX_AGE, max_rows: int = MAX_ROWS) -> int:
    """Drop what nobody may ask for any more; return how many rows went.

    Rows go in the order of their transactions. The newest of them stays as a
    marker, by which a reader learns that it asked for too old a position.
    """
    with transaction.atomic():
        last = _last_transaction_to_purge(max_age, max_rows)
        if last is None:
            return 0
        old = LiveEvent.objects.upto_transaction(last)
        marker = old.latest("xid", "sequence")
        deleted_count, _ = old.exclude(pk=marker.pk).delete()
        old.update(type=LiveEvent.PURGED, payload={}, groups=[], scope={})
    return deleted_count


def _last_transaction_to_purge(max_age: timedelta, max_rows: int) -> int | None:
    log = LiveEvent.objects
    too_old = log.written_before(timezone.now() - max_age).newest_transaction()
    too_many: int | None = (
        log.order_by("-xid").values_list("xid", flat=True)[max_rows : max_rows + 1]
    ).first()
    return max((xid for xid in (too_old, too_many) if xid is not None), default=None)
