"""Figures for Prometheus: what this process counts, and what the database tells.

A process counts its own requests, sockets and cache look-ups. Queues, imports,
pushes, quota and backups are read from the database when Prometheus asks, so that
they are right whatever process answers and survive its restart.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily, Metric

from youtube_sync.services.quota import get_budget
from ytmanager import system_status
from ytmanager.health import monitor_only
from ytmanager.jobs import count_stalled
from ytmanager.models import Backup

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REQUESTS = Counter(
    "ytm_http_requests_total", "Answered requests.", ["view", "method", "status"]
)
SECONDS = Histogram(
    "ytm_http_request_seconds", "Time to the answer.", ["view"], buckets=BUCKETS
)
SOCKETS = Gauge(
    "ytm_sockets", "Open WebSockets of this process.", multiprocess_mode="livesum"
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

# The newest attempts stand for the last half hour; counting all would be slow.
_RECENT = """
    SELECT state, count(*) FROM (
        SELECT state, {moment} AS moment FROM {table} ORDER BY id DESC LIMIT 5000
    ) newest WHERE moment > now() - interval '30 minutes' GROUP BY state
"""
_IMPORTS = """
    SELECT state, count(*), sum(rows_imported), sum(rows_rejected)
    FROM reports_report GROUP BY state
"""


class MetricsMiddleware:
    """Count each request by the name of its view, never by its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        reply = self.get_response(request)
        match = request.resolver_match
        view = (match.view_name or match._func_path) if match else "unmatched"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, reply.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - started)
        return reply


def count_sockets(
    application: Callable[..., Awaitable[None]],
) -> Callable[..., Awaitable[None]]:
    """Wrap an ASGI application so that its open connections are counted."""

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        with SOCKETS.track_inprogress():
            await application(scope, receive, send)

    return counted


@require_safe
@never_cache
@monitor_only
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything, in the text format of Prometheus; needs the monitor's token."""
    own: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        own = CollectorRegistry()
        multiprocess.MultiProcessCollector(own)  # type: ignore[no-untyped-call]
    shared = CollectorRegistry()
    shared.register(SystemCollector())
    text = generate_latest(own) + generate_latest(shared)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class SystemCollector:
    """Figures that are the same whichever process reads them, and this pool's."""

    def collect(self) -> Iterator[Metric]:
        yield from _pool()
        try:
            yield from self._database_figures()
        except DatabaseFailure:
            yield _gauge("ytm_database_up", "Whether the database answers.", 0)
        else:
            yield _gauge("ytm_database_up", "Whether the database answers.", 1)
        stores = _gauge(
            "ytm_store_up", "Whether a store can be used.", labels=("store",)
        )
        for store in system_status.stores():
            stores.add_metric([store.name], float(store.is_ready))
        yield stores

    def _database_figures(self) -> list[Metric]:
        figures = (_queues, _database, _imports, _pushes, _quota, _backups)
        return [metric for read in figures for metric in read()]


def _gauge(
    name: str, text: str, value: float | None = None, labels: tuple[str, ...] = ()
) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value, labels=labels or None)


def _pool() -> Iterator[Metric]:
    family = _gauge("ytm_pool", "Connection pool of this process.", labels=("figure",))
    for name, value in system_status.pool().items():
        family.add_metric([name], value)
    yield family


def _queues() -> Iterator[Metric]:
    jobs = _gauge(
        "ytm_queue_jobs", "Jobs by queue and state.", labels=("queue", "state")
    )
    age = _gauge(
        "ytm_queue_oldest_seconds", "Age of the oldest due job.", labels=("queue",)
    )
    workers = _gauge("ytm_workers", "Workers that are connected.", labels=("queue",))
    for queue in system_status.queues():
        for state in ("waiting", "running", "failed"):
            jobs.add_metric([queue.name, state], getattr(queue, state))
        age.add_metric([queue.name], queue.oldest_seconds)
        workers.add_metric([queue.name], queue.workers)
    yield from (jobs, age, workers)
    text = "Running jobs whose worker is gone."
    yield _gauge("ytm_stalled_jobs", text, count_stalled())


def _database() -> Iterator[Metric]:
    state = system_status.database()
    yield _gauge("ytm_database_bytes", "Size of the database.", state.size_bytes)
    yield _gauge("ytm_database_connections", "Connections in use.", state.connections)
    text = "Connections that the server allows."
    yield _gauge("ytm_database_connections_limit", text, state.max_connections)


def _imports() -> Iterator[Metric]:
    reports = _gauge("ytm_reports", "Report files by state.", labels=("state",))
    rows = _gauge("ytm_report_rows", "Rows of all imports.", labels=("outcome",))
    imported = rejected = 0
    for state, count, done, refused in _read(_IMPORTS):
        reports.add_metric([state], count)
        imported, rejected = imported + int(done), rejected + int(refused)
    rows.add_metric(["imported"], imported)
    rows.add_metric(["rejected"], rejected)
    yield from (reports, rows)
    recent = _RECENT.format(table="reports_report", moment="finished_at")
    text = "Imports that ended within 30 minutes."
    yield _by_state("ytm_recent_imports", text, recent)


def _pushes() -> Iterator[Metric]:
    recent = _RECENT.format(table="youtube_sync_metadatasync", moment="created_at")
    text = "Attempts to push within 30 minutes, 5000 at most."
    yield _by_state("ytm_recent_pushes", text, recent)


def _by_state(name: str, text: str, query: str) -> Metric:
    family = _gauge(name, text, labels=("state",))
    for state, count in _read(query):
        family.add_metric([state], count)
    return family


def _quota() -> Iterator[Metric]:
    budget = get_budget()
    yield _gauge("ytm_quota_used_units", "Units used today.", budget.used)
    yield _gauge("ytm_quota_limit_units", "Units a day.", budget.limit)
    text = "Whether YouTube refused more for today."
    yield _gauge("ytm_quota_closed", text, float(budget.is_closed))


def _backups() -> Iterator[Metric]:
    newest, last = Backup.objects.newest(), Backup.objects.last_drilled()
    age = (timezone.now() - newest.taken_at).total_seconds() if newest else math.inf
    yield _gauge("ytm_backup_age_seconds", "Age of the newest backup.", age)
    size = newest.size if newest else 0
    yield _gauge("ytm_backup_bytes", "Size of the newest backup.", size)
    text = "Whether the last restore drill failed."
    failed = float(bool(last and last.verify_problem))
    yield _gauge("ytm_backup_drill_failed", text, failed)


def _read(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
