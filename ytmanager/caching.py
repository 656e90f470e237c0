"""Answers that are kept until what they were made of changes.

A key carries a version of each table that the answer was read from. A trigger of
the table gives that version a new mark in the writer's own transaction, whatever
wrote, so that a commit is visible to the next reader and a rollback changes nothing.
The version comes from the database; the cache holds values alone, and everything
works without it.
"""

from __future__ import annotations

import functools
import hashlib
import re
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from prometheus_client import Counter
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

LOOKUPS = Counter("ytm_cache_requests_total", "Cache look-ups.", ["cache", "result"])
# The tables whose writes a trigger marks (migrations add_data_versions and later).
WATCHED = frozenset(
    {
        "catalog_video",
        "catalog_channel",
        "catalog_contentowner",
        "catalog_asset",
        "catalog_claim",
        "catalog_conflict",
        "catalog_scope",
        "catalog_shortsverdict",
        "catalog_videostatistics",
    }
)
APPS = ("ytmanager", "catalog", "reports", "youtube_sync", "webhooks")
PAUSE_SECONDS = 5.0  # after a failure the cache is left alone for a while
# Also of SQL written by hand; a word that is no table makes the answer unkept.
_NAMES = re.compile(r'\b(?:FROM|JOIN)\s+(?:ONLY\s+)?"?(\w+)"?', re.IGNORECASE)
_MISSING = object()
T = TypeVar("T")


class _Pause:
    """Until when this process does without the cache."""

    until = 0.0


def tables_in(sql: str) -> frozenset[str] | None:
    """The tables that a statement reads; None when one of them is not watched."""
    tables = frozenset(_NAMES.findall(sql))
    return tables if tables and tables <= WATCHED else None


# Whoever wrote in this transaction shares its answers with nobody, and the next
# write marks the table anew: an answer made between two writes is found by neither.
_VERSION = """
    SELECT string_agg(mark::text, ',' ORDER BY id),
        max(CASE WHEN current_setting(flag, true) IN (mine, mine || '/')
            THEN set_config(flag, mine || '/', true) END)
    FROM (SELECT id, mark, 'ytmanager.marked_' || name AS flag,
            pg_current_xact_id_if_assigned()::text AS mine
        FROM ytmanager_dataversion WHERE name = ANY(%s)) marks
"""


def version_of(tables: Iterable[str]) -> str | None:
    """The marks of these tables together (one query); None before the first write.

    Within a transaction that wrote to one of them it is that transaction's own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [sorted(tables)])
        marks: str | None
        marks, own = cursor.fetchone()
    return f"{own}{marks}" if own else marks


def kept(
    name: str, *, tables: Iterable[str], parts: Iterable[Any], make: Callable[[], T]
) -> T:
    """The answer from the cache, or made now and kept.

    `parts` hold all that the answer depends on beside the tables, what its reader
    may see included: two readers share an answer only when all parts are the same.
    """
    if not _is_on():
        return make()
    version = version_of(tables)
    return make() if version is None else _look_up(name, (version, *parts), make)


def kept_rows(
    name: str, rows: QuerySet[Any], *, parts: Iterable[Any] = (), make: Callable[[], T]
) -> T:
    """The same for what is made of rows that one statement reads.

    The statement is part of the key, and with it what its reader may see. Where it
    reads a table that nothing marks, or rows come from further statements, the
    answer is made anew each time.
    """
    if not _is_on() or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        return make()
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return make()
    tables = tables_in(sql)
    if tables is None:
        return make()
    return kept(name, tables=tables, parts=(sql, parameters, *parts), make=make)


def kept_by_code(name: str, *, parts: Iterable[Any], make: Callable[[], T]) -> T:
    """The same for what depends on the code alone, whatever process runs it."""
    if not _is_on():
        return make()
    return _look_up(name, (code_mark(), *parts), make)


@functools.cache
def code_mark() -> str:
    """A digest of our own modules, so that a new version finds nothing of the old."""
    digest = hashlib.blake2b(digest_size=16)
    for app in APPS:
        for module in sorted((settings.BASE_DIR / app).rglob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()


def _is_on() -> bool:
    return bool(settings.RESPONSE_CACHE_SECONDS) and time.monotonic() >= _Pause.until


def _look_up(name: str, parts: tuple[Any, ...], make: Callable[[], T]) -> T:
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
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
        cache.set(key, made, settings.RESPONSE_CACHE_SECONDS)
    except (RedisError, OSError) as exc:
        return _do_without(name, exc, lambda: made)
    return made


def _do_without(name: str, exc: Exception, make: Callable[[], T]) -> T:
    LOOKUPS.labels(name, "error").inc()
    logger.warning("cache_unavailable", cache=name, reason=type(exc).__name__)
    _Pause.until = time.monotonic() + PAUSE_SECONDS
    return make()
