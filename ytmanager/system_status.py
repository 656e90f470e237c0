"""How the parts of the system are, for probes, metrics and the status page."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection

from ytmanager.exceptions import YouTubeCMSError
from ytmanager.program_names import WORKER
from ytmanager.storage import check_reachable

logger = structlog.get_logger(__name__)

QUEUES = ("imports", "youtube", "quick", "deliveries")
STORES = ("reports", "dbbackup")
STORE_SECONDS = 30.0  # what a store said is believed for so long

# A job is due from the moment for which it was scheduled, or from its creation.
_QUEUES = """
    SELECT queue.name,
        count(job.id) FILTER (WHERE job.status = 'todo' AND (
            job.scheduled_at IS NULL OR job.scheduled_at <= now())),
        count(job.id) FILTER (WHERE job.status = 'doing'),
        count(job.id) FILTER (WHERE job.status = 'failed'),
        coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, (
            SELECT min(event.at) FROM procrastinate_events event
            WHERE event.job_id = job.id AND event.type = 'deferred'))) FILTER (
            WHERE job.status = 'todo' AND (
                job.scheduled_at IS NULL OR job.scheduled_at <= now()))), 0)::float
    FROM unnest(%s::text[]) AS queue(name)
    LEFT JOIN procrastinate_jobs job ON job.queue_name = queue.name
        AND job.status IN ('todo', 'doing', 'failed')
    GROUP BY queue.name
"""
_PROGRAMS = """
    SELECT application_name, count(*), min(backend_start)
    FROM pg_stat_activity WHERE datname = current_database()
    GROUP BY application_name
"""
_DATABASE = """
    SELECT pg_database_size(current_database()), current_setting('server_version'),
        (SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL),
        current_setting('max_connections')::int,
        coalesce((SELECT max(extract(epoch FROM now() - xact_start))
                  FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()),
                 0)::float
"""


@dataclass(frozen=True, slots=True)
class QueueState:
    """One queue of jobs: how many wait, and for how long the oldest has."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest_seconds: float
    workers: int


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Size and use of the database."""

    size_bytes: int
    version: str
    connections: int
    max_connections: int
    longest_transaction_seconds: float


@dataclass(frozen=True, slots=True)
class StoreState:
    """One store of files and what is wrong with it."""

    name: str
    is_ready: bool
    problem: str = ""


def queues() -> list[QueueState]:
    """Every queue, in the order of QUEUES; two queries."""
    workers = programs()
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES, [list(QUEUES)])
        rows: dict[str, Any] = {row[0]: row for row in cursor.fetchall()}
    return [
        QueueState(*(*rows[name], len(workers.get(f"{WORKER} {name}", ()))))
        for name in QUEUES
    ]


def programs() -> dict[str, list[str]]:
    """Which processes are connected: their host and number, by what they are.

    A process names itself on its connections (`ytmanager.program_names`).
    """
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PROGRAMS)
        for name, _, _ in cursor.fetchall():
            kind, is_named, where = name.rpartition(" @")
            if is_named:
                found.setdefault(kind, []).append(where)
    return found


def database() -> DatabaseState:
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        return DatabaseState(*cursor.fetchone())


def pool() -> dict[str, int]:
    """What the pool of this process counts; empty before its first use."""
    own: Any = connection
    return dict(own.pool.get_stats()) if own.pool else {}


_said: dict[str, tuple[float, StoreState]] = {}
_asking = Lock()


def stores() -> list[StoreState]:
    """Every store; each is asked at most once in STORE_SECONDS."""
    with _asking:
        return [_store(name) for name in STORES if name in storages.backends]


def are_stores_ready() -> bool:
    return all(store.is_ready for store in stores())


def forget_stores() -> None:
    """Ask again at once."""
    _said.clear()


def _store(name: str) -> StoreState:
    asked_at, state = _said.get(name, (float("-inf"), StoreState(name, True)))
    if time.monotonic() - asked_at > STORE_SECONDS:
        state = _ask(name)
        _said[name] = time.monotonic(), state
    return state


def _ask(name: str) -> StoreState:
    store = storages[name]
    try:
        if isinstance(store, FileSystemStorage):
            return _look_at(name, Path(store.location))
        check_reachable(name)
    except YouTubeCMSError as error:
        logger.warning("store_not_ready", store=name, reason=error.error_type)
        return StoreState(name, False, error.message)
    return StoreState(name, True)


def _look_at(name: str, folder: Path) -> StoreState:
    if not folder.is_dir():
        return StoreState(name, False, "The folder does not exist.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return StoreState(name, False, "The folder may not be read and written.")
    return StoreState(name, True)
