"""Counts that are kept in the cache until the catalogue moves.

The key carries a version that every edit, merge and change of a report raises,
and the person, since a count is only of what they may see. Without the cache
everything is counted each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.core.cache import cache
from redis.exceptions import RedisError

from ytmanager.dashboard.person import Person
from ytmanager.models import LiveEvent

Count = tuple[int, bool]
SECONDS = 60  # for what no event tells, such as a hidden channel
RECENT = 1000


def kept_counts(
    user: Person, counters: Mapping[str, Callable[[], Count]]
) -> dict[str, Count]:
    """What each counter says, by its name; one look at the log when all is kept."""
    key = f"start:{user.pk}:{':'.join(map(str, catalogue_version()))}"
    counts: dict[str, Count] = {}
    with suppress(RedisError, OSError):
        counts = cache.get(key) or {}
    if counts.keys() != counters.keys():
        counts = {name: count() for name, count in counters.items()}
        with suppress(RedisError, OSError):
            cache.set(key, counts, timeout=SECONDS)
    return counts


def catalogue_version() -> tuple[int, int]:
    """Moves with every event that commits, also with one that was drawn earlier."""
    return LiveEvent.objects.version(RECENT)
