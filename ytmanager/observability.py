"""Logs as JSON lines with request, user and job ids, and the health views.

Imported by the settings: nothing here may need a configured Django at import.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psycopg
import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

if TYPE_CHECKING:
    from procrastinate.job_context import JobContext
    from procrastinate.middleware import SyncCallNext
    from procrastinate.worker import Worker
    from structlog.typing import EventDict, Processor, WrappedLogger

logger = structlog.get_logger(__name__)

PROBE_SECONDS = 2
_SECRET_PARAMETERS = re.compile(
    r"([?&](?:code|state|token|access_token|refresh_token|client_secret|key"
    r"|x-amz-[a-z-]+)=)[^&\s\"']+",
    re.IGNORECASE,
)


def mask_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Blank out secrets that travel in addresses (OAuth codes, signed URLs)."""
    for key, value in event.items():
        if isinstance(value, str) and "=" in value:
            event[key] = _SECRET_PARAMETERS.sub(r"\1***", value)
    return event


def _shared_processors() -> list[Processor]:
    """What happens to every line, from structlog or from the standard library."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _rendering(is_console: bool) -> list[Processor]:
    clean: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta
    ]
    if is_console:
        return [*clean, mask_secrets, structlog.dev.ConsoleRenderer()]
    return [
        *clean,
        structlog.processors.format_exc_info,
        mask_secrets,
        structlog.processors.JSONRenderer(default=str),
    ]


def logging_config(*, level: str, is_console: bool) -> dict[str, Any]:
    """Build Django's LOGGING: JSON lines, or coloured ones for a person to read."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared_processors(),
        "processors": _rendering(is_console),
    }
    quiet = {"level": "WARNING", "handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "structured"}
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # django-structlog already logs each request, with its ids.
            "django.server": quiet,
            "uvicorn.access": quiet,
            "daphne": quiet,
            # They announce each task and each of their parts at every start.
            "procrastinate.blueprints": quiet,
            "procrastinate.periodic": quiet,
            "axes": quiet,
            "botocore": quiet,
            "googleapiclient": quiet,
        },
    }


def configure_structlog() -> None:
    """Send structlog's lines through the standard library's handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def bind_job(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Task middleware: every line that a job logs carries its id and task."""
    with structlog.contextvars.bound_contextvars(
        job_id=context.job.id,
        task=context.job.task_name,
        attempt=context.job.attempts,
    ):
        return call_next()


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell that the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Tell whether requests can be served: 503 without the database.

    Without the channel layer the pages work and only live updates wait, so that
    is reported as degraded instead of taking every process out of service.
    """
    has_database, has_layer = is_database_ready(), is_channel_layer_ready()
    status = "ok" if has_layer else "degraded"
    body = {
        "status": status if has_database else "unavailable",
        "database": "ok" if has_database else "unavailable",
        "channel_layer": "ok" if has_layer else "unavailable",
    }
    return JsonResponse(body, status=200 if has_database else 503)


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
