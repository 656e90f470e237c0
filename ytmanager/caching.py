"""Answers that are kept until what they were made of changes.

A key carries a version of each table that the answer was read from. A trigger of
the table gives that version a new mark in the writer's own transaction, whatever
wrote, so that a commit is visible to the next reader and a rollback changes nothing.
The version comes from the database; the cache holds values alone, and everything
works without it.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from prometheus_client import Counter
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

LOOKUPS = Counter("ytm_cache_requests_total", "Cache look-ups.", ["cache", "result"])
# The tables whose writes a trigger marks (migration add_data_versions).
WATCHED = frozenset(
    {
        "catalog_video",
        "catalog_channel",
        "catalog_contentowner",
        "catalog_asset",
        "catalog_claim",
        "catalog_conflict",
        "catalog_shortsverdict",
    }
)
PAUSE_SECONDS = 5.0  # after a failure the cache is left alone for a while
_NAMES = re.compile(r'(?:FROM|JOIN) "(\w+)"')
_MISSING = object()
T = TypeVar("T")


class _Pause:
    """Until when this process does without the cache."""

    until = 0.0


def tables_in(sql: str) -> frozenset[str] | None:
    """The tables that a statement reads; None when one of them is not watched."""
    tables = frozenset(_NAMES.findall(sql))
    return tables if tables and tables <= WATCHED else None


def version_of(tables: Iterable[str]) -> str | None:
    """The marks of these tables together (one query); None before the first write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(mark::text, ',' ORDER BY id) FROM ytmanager_dataversion"
            " WHERE name = ANY(%s)",
            [sorted(tables)],
        )
        version: str | None = cursor.fetchone()[0]
    return version


def kept(
    name: str, *, tables: Iterable[str], parts: Iterable[Any], make: Callable[[], T]
) -> T:
    """The answer from the cache, or made now and kept.

    `parts` hold all that the answer depends on beside the tables, what its reader
    may see included: two readers share an answer only when all parts are the same.
    """
    seconds = settings.RESPONSE_CACHE_SECONDS
    if not seconds or time.monotonic() < _Pause.until:
        return make()
    version = version_of(tables)
    if version is None:
        return make()
    digest = hashlib.sha256(repr((version, *parts)).encode()).hexdigest()
    key = f"{name}:{digest}"
    try:
        found = cache.get(key, _MISSING)
    except (RedisError, OSError) as exc:
        return _do_without(name, exc, make)
    LOOKUPS.labels(name, "miss" if found is _MISSING else "hit").inc()
    if found is not _MISSING:
        answer: T = found
        return answer
    made = make()
    try:
        cache.set(key, made, seconds)
    except (RedisError, OSError) as exc:
        return _do_without(name, exc, lambda: made)
    return made


def _do_without(name: str, exc: Exception, make: Callable[[], T]) -> T:
    LOOKUPS.labels(name, "error").inc()
    logger.warning("cache_unavailable", cache=name, reason=type(exc).__name__)
    _Pause.until = time.monotonic() + PAUSE_SECONDS
    return make()
