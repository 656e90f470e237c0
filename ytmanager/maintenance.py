"""Maintenance mode: a file that exists closes the system, with or without a database.

The file holds the message for people. Each machine has its own, or they share one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ytmanager.exceptions import MaintenanceError
from ytmanager.unavailable import error_page

TRY_LATER = 1013
LONGEST = 500


def start(message: str = "") -> None:
    """Close the system of this machine; requests that are under way end normally."""
    path = Path(settings.MAINTENANCE_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(message[:LONGEST])


def end() -> None:
    """Open it again."""
    Path(settings.MAINTENANCE_FILE).unlink(missing_ok=True)


def message() -> str | None:
    """The message for people, '' for the usual one, None while the system is open."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return Path(settings.MAINTENANCE_FILE).read_text().strip()[:LONGEST]
    return None


class MaintenanceMiddleware:
    """Answer with 503 and when to come back; probes were answered before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (said := message()) is None:
            return self.get_response(request)
        return error_page(request, MaintenanceError(said))


def close_sockets(
    application: Callable[..., Awaitable[None]],
) -> Callable[..., Awaitable[None]]:
    """Wrap the WebSockets: new ones are sent away while the system is closed."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if message() is None:
            await application(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": TRY_LATER})

    return guarded
