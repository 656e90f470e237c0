"""Who is on a page, and which fields they edit: said by each page to the others.

Nothing is stored. A page says that it is there, at first asking who else is, and
again at each heartbeat; one that is not heard of for a while has gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from ytmanager.realtime.access import Access
from ytmanager.realtime.publish import PRESENCE_HANDLER


def may_enter(access: Access | None, group: str) -> bool:
    """Whether a person may see who is in a room, and be seen there."""
    return access is not None and group.partition(".")[0] in access.rooms


@dataclass(frozen=True, slots=True)
class Presence:
    """One page in one room; the page's key tells it from others of the person."""

    page: str
    group: str = ""
    fields: tuple[str, ...] = ()

    def in_room(self, group: str, fields: tuple[str, ...]) -> Presence:
        return replace(self, group=group, fields=fields)

    def as_message(self, person: str, *, is_here: bool, asks: bool) -> dict[str, Any]:
        """What the channel layer carries to the pages of the room."""
        return {
            "type": PRESENCE_HANDLER,
            "group": self.group,
            "page": self.page,
            "person": person,
            "fields": list(self.fields) if is_here else [],
            "is_here": is_here,
            "asks": asks,
        }


def new_presence() -> Presence:
    return Presence(page=uuid4().hex[:12])


def for_client(message: dict[str, Any]) -> dict[str, Any]:
    """What a page of the room is told."""
    told = ("group", "page", "person", "fields", "is_here")
    return {"type": "presence", **{name: message[name] for name in told}}
