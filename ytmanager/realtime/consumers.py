"""The WebSocket of live events: admit, filter by permission, forward, catch up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import Error as DatabaseFailure
from redis.exceptions import RedisError

from ytmanager.realtime.access import Access, load_access
from ytmanager.realtime.delivered import Delivered
from ytmanager.realtime.events import EVERYONE, user_group
from ytmanager.realtime.frames import (
    MAX_GROUPS,
    Frame,
    FrameBudget,
    FrameError,
    parse_frame,
)
from ytmanager.realtime.log import current_position, events_since

logger = structlog.get_logger(__name__)

MALFORMED = 4400
SIGNED_OUT = 4401
TRY_LATER = 1013
HEARTBEAT_SECONDS = 25.0
SERVICE_FAILURES = (DatabaseFailure, RedisError, OSError)

# Channels would run every connection's queries in one thread.
in_thread = partial(database_sync_to_async, thread_sensitive=False)


class EventsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One page that listens to live events.

    The connection remembers its position in the log and which events above it
    were delivered, so that catching up neither misses nor repeats one.
    """

    heartbeat_seconds = HEARTBEAT_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._access: Access | None = None
        self._joined: set[str] = set()
        self._permanent: set[str] = set()
        self._position = 0
        self._delivered = Delivered()
        self._budget = FrameBudget()
        self._heartbeat: asyncio.Task[None] | None = None

    async def __call__(self, *args: Any, **kwargs: Any) -> None:
        try:
            await super().__call__(*args, **kwargs)
        finally:
            # Not in disconnect(): a cancelled connection never gets there.
            if self._heartbeat:
                self._heartbeat.cancel()
            with suppress(*SERVICE_FAILURES):
                await self._leave(set(self._joined))

    async def connect(self) -> None:
        """Accept first: browsers are told a close code only after that."""
        await self.accept()
        await self._or_try_later(self._admit)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None
    ) -> None:
        if self._access is None:
            return
        try:
            self._budget.spend()
            frame = parse_frame(text_data)
            if len(self._joined | frame.subscribe) > MAX_GROUPS:
                raise FrameError("too many groups")
        except FrameError as exc:
            await self._end(MALFORMED, str(exc))
        else:
            await self._or_try_later(partial(self._obey, frame))

    async def live_event(self, message: dict[str, Any]) -> None:
        """Called by the channel layer for each event of a joined group."""
        await self._or_try_later(self._refresh_stale_access)
        await self._deliver(message["event"], message["groups"])

    async def rights_changed(self, message: dict[str, Any]) -> None:
        """Called by the channel layer when rights or sessions changed."""
        if self._access is not None:
            await self._or_try_later(self._refresh_access)

    async def _or_try_later(self, action: Callable[[], Awaitable[None]]) -> None:
        try:
            await action()
        except SERVICE_FAILURES as exc:
            logger.warning("live_connection_ended", reason=type(exc).__name__)
            await self._end(TRY_LATER, "try again later")

    async def _admit(self) -> None:
        await self._refresh_access()
        if self._access is None:
            return
        # Before joining, so that what is committed in between is caught up.
        self._position = await in_thread(current_position)()
        self._permanent = {EVERYONE, user_group(self._access.user_pk)}
        await self._join(self._permanent)
        await self.send_json({"type": "hello", "position": self._position})
        self._heartbeat = asyncio.create_task(self._beat_for_ever())

    async def _end(self, code: int, reason: str) -> None:
        self._access = None
        if self._heartbeat and self._heartbeat is not asyncio.current_task():
            self._heartbeat.cancel()
        await self.close(code, reason)

    # Groups and frames

    async def _obey(self, frame: Frame) -> None:
        await self._leave(frame.unsubscribe & self._joined - self._permanent)
        await self._join(frame.subscribe - self._joined)
        if frame.subscribe or frame.unsubscribe:
            groups = sorted(self._joined - self._permanent)
            await self.send_json({"type": "subscribed", "groups": groups})
        if frame.since is not None:
            await self._catch_up(frame.since)
        if frame.is_ping:
            await self.send_json({"type": "pong", "position": self._position})

    async def _join(self, groups: Iterable[str]) -> None:
        for group in groups:
            await self.channel_layer.group_add(group, self.channel_name)
            self._joined.add(group)

    async def _leave(self, groups: Iterable[str]) -> None:
        for group in groups:
            self._joined.discard(group)
            await self.channel_layer.group_discard(group, self.channel_name)

    # Events

    async def _deliver(self, event: dict[str, Any], groups: Iterable[str]) -> None:
        heard = sorted(self._joined.intersection(groups))
        if not heard or self._access is None or not self._access.allows(event["type"]):
            return
        sequence = event["sequence"]
        if sequence is None or self._delivered.add(sequence):
            await self.send_json({**event, "groups": heard})

    async def _catch_up(self, position: int) -> None:
        """Deliver what the log has above a position and was not delivered yet."""
        if self._access is None:
            return
        known = self._delivered.sequences()
        missed = await in_thread(events_since)(
            position,
            groups=sorted(self._joined),
            types=self._access.event_types,
            known=known,
        )
        self._position = max(self._position, missed.position)
        self._delivered.settle(known, ceiling=missed.ceiling, position=self._position)
        for row in missed.events:
            await self._deliver(row.as_message(), row.groups)
        if missed.has_gap:
            await self.send_json(
                {"type": "gap", "gap": True, "position": self._position}
            )

    # Access and heartbeat

    async def _refresh_access(self) -> None:
        session = self.scope.get("session")
        self._access = await in_thread(load_access)(session and session.session_key)
        if self._access is None:
            await self._end(SIGNED_OUT, "sign in again")

    async def _refresh_stale_access(self) -> None:
        if self._access is not None and self._access.is_stale():
            await self._refresh_access()

    async def _beat_for_ever(self) -> None:
        while self._access is not None:
            await asyncio.sleep(self.heartbeat_seconds * random.uniform(0.8, 1.2))
            await self._or_try_later(self._beat)

    async def _beat(self) -> None:
        """Deliver what the channel layer lost; tell the client where it stands."""
        await self._refresh_stale_access()
        if self._access is not None:
            await self._catch_up(self._position)
            await self.send_json({"type": "position", "position": self._position})
