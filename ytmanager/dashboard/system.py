"""Whether workers, queue, database, live channel and stores work, in one line each."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from ytmanager import system_status
from ytmanager.dashboard.person import Person
from ytmanager.health import is_channel_layer_ready
from ytmanager.templatetags.figures import duration, thousands

STORE_NAMES = {"reports": "Report files", "dbbackup": "Backups"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the system and how it is."""

    name: str
    is_well: bool
    state: str


def parts(user: Person) -> list[Part] | None:
    """Every part, for who may see anything at all; `address()` has the details."""
    if not user.has_perm("catalog.view_video"):
        return None
    queues = system_status.queues()
    database = system_status.database()
    return [
        _workers(queues),
        _queue(queues),
        Part("Database", True, filesizeformat(database.size_bytes)),
        _live_channel(),
        *map(_store, system_status.stores()),
    ]


def address(user: Person) -> str:
    """The page with everything, for those who may open it."""
    may = user.has_perm("ytmanager.view_backup")
    return reverse("system_status") if may else ""


def _workers(queues: list[system_status.QueueState]) -> Part:
    idle = [queue.name for queue in queues if not queue.workers]
    if idle:
        return Part("Workers", False, f"None for {', '.join(idle)}")
    return Part("Workers", True, f"{sum(queue.workers for queue in queues)} at work")


def _queue(queues: list[system_status.QueueState]) -> Part:
    waiting = sum(queue.waiting for queue in queues)
    oldest = max(queue.oldest_seconds for queue in queues)
    is_moving = oldest <= settings.MAX_QUEUE_MINUTES * 60
    if not waiting:
        return Part("Queue", True, "Nothing waits")
    return Part(
        "Queue", is_moving, f"{thousands(waiting)} waiting, longest {duration(oldest)}"
    )


def _live_channel() -> Part:
    if is_channel_layer_ready():
        return Part("Live updates", True, "OK")
    return Part("Live updates", False, "Reload pages to see what is new")


def _store(store: system_status.StoreState) -> Part:
    name = STORE_NAMES.get(store.name, store.name)
    return Part(name, store.is_ready, store.problem or "OK")
