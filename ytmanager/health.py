"""Health views: does the process answer, and can it serve requests.

Everybody may ask; what exactly is wrong is told only to who brings MONITOR_TOKEN.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from ytmanager import system_status

logger = structlog.get_logger(__name__)

PROBE_SECONDS = 2


def is_monitor(request: HttpRequest) -> bool:
    """Whether the request brings the monitor's token, as `Authorization: Bearer`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.MONITOR_TOKEN
    return bool(
        expected
        and scheme.lower() == "bearer"
        and secrets.compare_digest(token.strip().encode(), expected.encode())
    )


def monitor_only(
    view: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a view to who does not bring the monitor's token."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if is_monitor(request):
            return view(request)
        reply = HttpResponse("The monitor's token is needed.\n", status=401)
        reply["WWW-Authenticate"] = "Bearer"
        return reply

    return guarded


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell that the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Tell whether requests can be served: 503 without the database.

    Without the channel layer the pages work and only live updates wait; with old
    jobs or without a store only the workers wait. That is reported as degraded
    instead of taking every web process out of service.
    """
    found = {"database": is_database_ready()}
    found["channel_layer"] = is_channel_layer_ready()
    found["queue"] = found["database"] and is_queue_moving()
    found["storage"] = system_status.are_stores_ready()
    body: dict[str, Any] = {"status": status_of(found)}
    if is_monitor(request):
        body |= {name: "ok" if is_ok else "failing" for name, is_ok in found.items()}
        body |= details(has_database=found["database"])
    return JsonResponse(body, status=200 if found["database"] else 503)


def status_of(found: Mapping[str, bool]) -> str:
    if not found["database"]:
        return "unavailable"
    return "ok" if all(found.values()) else "degraded"


def details(*, has_database: bool) -> dict[str, Any]:
    """What helps to find the reason; nothing of it is secret."""
    stores = [asdict(store) for store in system_status.stores()]
    if not has_database:
        return {"stores": stores}
    return {"queues": [asdict(q) for q in system_status.queues()], "stores": stores}


def is_database_ready() -> bool:
    """Ask on a connection of its own: the pool would wait longer than a probe may."""
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    parameters["connect_timeout"] = PROBE_SECONDS
    try:
        with psycopg.connect(**parameters) as probe:
            probe.execute("SELECT 1")
    except psycopg.Error as exc:
        logger.warning("database_not_ready", reason=type(exc).__name__)
        return False
    return True


def is_channel_layer_ready() -> bool:
    """Ask the Redis or Valkey behind the channel layer, once and briefly."""
    client = Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=PROBE_SECONDS,
        socket_timeout=PROBE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        return bool(client.ping())
    except (RedisError, OSError) as exc:
        logger.warning("channel_layer_not_ready", reason=type(exc).__name__)
        return False
    finally:
        client.close()


def is_queue_moving() -> bool:
    """Whether no job waits longer than MAX_QUEUE_MINUTES."""
    try:
        oldest = max(queue.oldest_seconds for queue in system_status.queues())
    except DatabaseFailure as exc:
        logger.warning("queue_not_ready", reason=type(exc).__name__)
        return False
    return bool(oldest <= settings.MAX_QUEUE_MINUTES * 60)
