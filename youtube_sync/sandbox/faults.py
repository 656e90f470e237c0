"""Faults asked for in advance: what goes wrong at the next calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.error_table import error_named
from youtube_sync.sandbox.messages import Reply, html_reply, json_reply

KINDS = frozenset(
    {
        "status_500", "status_503", "html_502", "no_errors_array", "unauthorized",
        "quota_exceeded", "daily_429", "rate_limit_429", "rate_limit_403",
        "forbidden", "drop_before_commit", "drop_after_commit", "latency",
        "late_reply", "invalid_grant", "invalid_client", "error",
    }
)  # fmt: skip
RAISED: dict[str, Callable[[], errors.ApiError]] = {
    "status_500": lambda: errors.backend_error(500),
    "status_503": errors.backend_error,
    "unauthorized": errors.unauthorized,
    "quota_exceeded": errors.quota_exceeded,
    "daily_429": errors.daily_bucket_exceeded,
    "rate_limit_429": errors.rate_limited,
    "rate_limit_403": errors.rate_limited_403,
    "forbidden": errors.forbidden,
}


class ConnectionDroppedError(Exception):
    """Close the connection without a reply."""


@dataclass(slots=True)
class Fault:
    """`count` times (-1: until cleared), after letting `skip` calls through.

    The kind `error` answers with the error named `reason` in `error_table`.
    """

    kind: str
    operation: str = ""
    count: int = 1
    skip: int = 0
    seconds: float = 0.0
    reason: str = ""

    def concerns(self, operation: str) -> bool:
        return operation.startswith(self.operation)


class Faults:
    def __init__(self) -> None:
        self._lock, self._queue = threading.Lock(), list[Fault]()

    def add(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise errors.bad_value(f"Unknown fault: {fault.kind}")
        if fault.kind == "error":
            error_named(fault.reason)  # refuse an unknown one at once
        with self._lock:
            self._queue.append(fault)

    def add_from(self, data: dict[str, Any]) -> None:
        try:
            self.add(Fault(**data))
        except TypeError as exc:
            raise errors.bad_value(str(exc)) from exc

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()

    def take(self, operation: str) -> Fault | None:
        """The first fault waiting for this operation, used up once."""
        with self._lock:
            for fault in self._queue:
                if fault.concerns(operation):
                    return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault | None:
        if fault.skip > 0:
            fault.skip -= 1
            return None
        if fault.count > 0:
            fault.count -= 1
        if fault.count == 0:
            self._queue.remove(fault)
        return fault


def reply_instead(fault: Fault) -> Reply | None:
    """What goes out instead of the real reply; None lets the call go on."""
    if fault.kind == "drop_before_commit":
        raise ConnectionDroppedError
    if fault.kind == "latency":
        time.sleep(fault.seconds)
    if fault.kind == "error":
        raise error_named(fault.reason)
    if fault.kind in RAISED:
        raise RAISED[fault.kind]()
    return _odd_reply(fault.kind)


def _odd_reply(kind: str) -> Reply | None:
    if kind == "html_502":
        return html_reply("<html><title>502 Bad Gateway</title></html>", 502)
    if kind == "no_errors_array":
        error = {"code": 503, "message": "Try later.", "status": "UNAVAILABLE"}
        return json_reply({"error": error}, 503)
    if kind == "invalid_grant":
        text = "Token has been expired or revoked."
        return json_reply({"error": kind, "error_description": text}, 400)
    if kind == "invalid_client":
        text = "The OAuth client was not found."
        return json_reply({"error": kind, "error_description": text}, 401)
    return None


def after_commit(fault: Fault) -> None:
    """Hold back or lose the reply to a call that has had its effect."""
    if fault.kind == "drop_after_commit":
        raise ConnectionDroppedError
    if fault.kind == "late_reply":
        time.sleep(fault.seconds)
