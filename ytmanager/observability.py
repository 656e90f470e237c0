"""Logs as JSON lines with request, user and job ids.

Imported by the settings: nothing here may need a configured Django at import.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from procrastinate.job_context import JobContext
    from procrastinate.middleware import SyncCallNext
    from procrastinate.worker import Worker
    from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET_PARAMETERS = re.compile(
    r"([?&](?:code|state|token|access_token|refresh_token|client_secret|key"
    r"|x-amz-[a-z-]+)=)[^&\s\"']+",
    re.IGNORECASE,
)


def mask_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Blank out secrets that travel in addresses (OAuth codes, signed URLs)."""
    for key, value in event.items():
        if isinstance(value, str) and "=" in value:
            event[key] = blank_secrets(value)
    return event


def blank_secrets(text: str) -> str:
    """Blank the values of parameters that are secret in any address in a text."""
    return _SECRET_PARAMETERS.sub(r"\1***", text)


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
