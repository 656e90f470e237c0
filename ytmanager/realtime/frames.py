"""What a client may say: checked frames, or an error that closes the connection."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any

from ytmanager.realtime.events import is_subscribable

MAX_FRAME_BYTES = 8192
MAX_GROUPS = 200
MAX_FRAMES = 60
FRAME_SECONDS = 10.0
MAX_POSITION = 2**63 - 1
MAX_FIELDS = 40
_KEYS = {"subscribe", "unsubscribe", "since", "ping", "presence"}
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class FrameError(ValueError):
    """The client broke the protocol."""


@dataclass(frozen=True, slots=True)
class PresenceWish:
    """In which room a page wants to be seen, and which fields it edits."""

    group: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a client."""

    subscribe: frozenset[str]
    unsubscribe: frozenset[str]
    since: int | None
    is_ping: bool
    presence: PresenceWish | None


def parse_frame(text: str | None) -> Frame:
    """Read a client's message; anything unexpected raises `FrameError`."""
    body = _parse_object(text)
    if not body or not body.keys() <= _KEYS:
        raise FrameError("unknown keys")
    return Frame(
        subscribe=_groups(body.get("subscribe", [])),
        unsubscribe=_groups(body.get("unsubscribe", [])),
        since=_position(body.get("since")),
        is_ping="ping" in body,
        presence=_presence(body.get("presence")),
    )


def _parse_object(text: str | None) -> dict[str, Any]:
    if text is None:
        raise FrameError("not text")
    if len(text.encode(errors="replace")) > MAX_FRAME_BYTES:
        raise FrameError("too long")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise FrameError("not JSON") from exc
    if not isinstance(body, dict):
        raise FrameError("not an object")
    return body


def _groups(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > MAX_GROUPS:
        raise FrameError("not a list of groups")
    if not all(map(is_subscribable, value)):
        raise FrameError("not a group")
    return frozenset(value)


def _position(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= MAX_POSITION:
        raise FrameError("not a position")
    return value


def _presence(value: Any) -> PresenceWish | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"group", "fields"}:
        raise FrameError("not a presence")
    fields = value["fields"]
    if not isinstance(fields, list) or len(fields) > MAX_FIELDS:
        raise FrameError("not a list of fields")
    if not all(isinstance(name, str) and _FIELD.fullmatch(name) for name in fields):
        raise FrameError("not a field")
    if not is_subscribable(value["group"]):
        raise FrameError("not a group")
    return PresenceWish(value["group"], tuple(fields))


class FrameBudget:
    """How many messages one connection may send in a while."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._count = 0

    def spend(self) -> None:
        """Count one message; too many raise `FrameError`."""
        now = time.monotonic()
        if now - self._since > FRAME_SECONDS:
            self._since, self._count = now, 0
        self._count += 1
        if self._count > MAX_FRAMES:
            raise FrameError("too many messages")
