"""One reader of the channel layer for all connections of a process.

A message is read once and offered to every connection that joined its group; each
has a queue of its own, so that a slow one waits alone. The log is looked at once for
all of them at each heartbeat, which repairs what the channel layer lost.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import structlog
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import Error as DatabaseFailure
from redis.exceptions import RedisError

from ytmanager.realtime.access import Access, load_access
from ytmanager.realtime.delivered import Delivered
from ytmanager.realtime.log import CatchUp, events_since
from ytmanager.realtime.publish import HANDLER, PRESENCE_HANDLER, RIGHTS_HANDLER

logger = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 25.0
LOOKS_AT_ONCE = 4  # the pool of database connections is for requests too
SERVICE_FAILURES = (DatabaseFailure, RedisError, OSError)

# Channels would run every connection's queries in one thread.
in_thread = partial(database_sync_to_async, thread_sensitive=False)


class Listener(Protocol):
    """What the hub asks of a connection; none of it may wait."""

    def offer_event(
        self, event: dict[str, Any], groups: list[str], texts: dict[Any, str]
    ) -> None: ...

    def offer_presence(self, message: dict[str, Any]) -> None: ...

    def offer_rights(self) -> None: ...

    def begin_beat(self) -> None: ...

    def end_beat(self, look: CatchUp | None) -> None: ...


class Hub:
    """The connections of one event loop and what they listen to."""

    def __init__(self) -> None:
        self.layer = get_channel_layer()
        self.position: int | None = None
        self._members: dict[str, set[Listener]] = defaultdict(set)
        self._listeners: dict[Listener, set[str]] = {}
        self._delivered = Delivered()
        self._lock = asyncio.Lock()
        self._turns = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._looks: dict[str | None, asyncio.Task[Access | None]] = {}
        self._channel = ""
        self._tasks: list[asyncio.Task[None]] = []

    # Who listens

    async def join(self, listener: Listener, groups: Iterable[str]) -> None:
        """Let a connection hear these groups; raises what the layer raises."""
        async with self._lock:
            if not self._tasks:
                await self._start()
            mine = self._listeners.setdefault(listener, set())
            for group in groups:
                if not self._members[group]:
                    await self.layer.group_add(group, self._channel)
                self._members[group].add(listener)
                mine.add(group)

    async def leave(self, listener: Listener, groups: Iterable[str]) -> None:
        async with self._lock:
            await self._leave(listener, groups)

    async def remove(self, listener: Listener) -> None:
        """Forget a connection; the last one ends the reading."""
        async with self._lock:
            if listener in self._listeners:
                await self._leave(listener, list(self._listeners[listener]))
                del self._listeners[listener]
            if not self._listeners:
                await self._stop()

    async def _leave(self, listener: Listener, groups: Iterable[str]) -> None:
        for group in groups:
            self._listeners[listener].discard(group)
            members = self._members[group]
            members.discard(listener)
            if not members:
                del self._members[group]
                with suppress(*SERVICE_FAILURES):
                    await self.layer.group_discard(group, self._channel)

    async def _start(self) -> None:
        self._channel = await self.layer.new_channel()
        self._tasks = [
            asyncio.create_task(self._read_for_ever()),
            asyncio.create_task(self._beat_for_ever()),
        ]

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks, self.position = [], None
        self._delivered = Delivered()

    # What they hear

    async def _read_for_ever(self) -> None:
        while True:
            message = await self.layer.receive(self._channel)
            if message["type"] == HANDLER:
                self._hand_out_once(message["event"], message["groups"])
            elif message["type"] == RIGHTS_HANDLER:
                self._tell_rights(message.get("groups"))
            elif message["type"] == PRESENCE_HANDLER:
                for listener in list(self._members.get(message["group"], ())):
                    listener.offer_presence(message)

    def _hand_out_once(self, event: dict[str, Any], groups: list[str]) -> None:
        """An event comes once for each of its groups that is joined here."""
        sequence = event["sequence"]
        if sequence is None or self._delivered.add(sequence):
            self._hand_out(event, groups)

    def _hand_out(self, event: dict[str, Any], groups: list[str]) -> None:
        concerned = set().union(*(self._members.get(group, ()) for group in groups))
        texts: dict[Any, str] = {}
        for listener in concerned:
            listener.offer_event(event, groups, texts)

    def _tell_rights(self, groups: list[str] | None) -> None:
        self._looks.clear()  # one that is under way may have seen the old rights
        for listener, joined in list(self._listeners.items()):
            if groups is None or joined.intersection(groups):
                listener.offer_rights()

    # What they share

    async def access_of(self, session_key: str | None) -> Access | None:
        """Read a session's rights afresh, once for all pages that ask meanwhile."""
        look = self._looks.get(session_key)
        if look is None:
            look = self._looks[session_key] = asyncio.create_task(
                self._look_at(session_key)
            )
        try:
            return await asyncio.shield(look)
        finally:
            if self._looks.get(session_key) is look and look.done():
                del self._looks[session_key]

    async def _look_at(self, session_key: str | None) -> Access | None:
        async with self._turns:
            access: Access | None = await in_thread(load_access)(session_key)
        return access

    def begin_at(self, position: int) -> None:
        """The first connection's position is from where the log is read."""
        if self.position is None:
            self.position = position

    async def _beat_for_ever(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS * random.uniform(0.8, 1.2))
            if self.position is not None:
                await self._beat(self.position)

    async def _beat(self, position: int) -> None:
        """Deliver what the channel layer lost; tell each page where it stands."""
        listeners = list(self._listeners)
        for listener in listeners:
            listener.begin_beat()
        look = await self._look_at_log(position)
        if look is not None:
            for row in look.events:
                if self._delivered.add(row.sequence):
                    self._hand_out(row.as_message(), row.groups)
        for listener in listeners:
            listener.end_beat(look)

    async def _look_at_log(self, position: int) -> CatchUp | None:
        known = self._delivered.sequences()
        try:
            look: CatchUp = await in_thread(events_since)(
                position, groups=sorted(self._members), known=known
            )
        except SERVICE_FAILURES as exc:
            logger.warning("live_log_not_read", reason=type(exc).__name__)
            return None
        self.position = max(position, look.position)
        self._delivered.settle(known, ceiling=look.ceiling, position=self.position)
        return look


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def get_hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
