"""The WebSocket of live events: admit, filter by permission, forward, catch up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from ytmanager.realtime.access import Access
from ytmanager.realtime.delivered import Delivered
from ytmanager.realtime.frames import (
    MAX_GROUPS,
    Frame,
    FrameBudget,
    FrameError,
    PresenceWish,
    parse_frame,
)
from ytmanager.realtime.hub import SERVICE_FAILURES, get_hub, in_thread
from ytmanager.realtime.log import CatchUp, current_position, events_since
from ytmanager.realtime.outbox import CLIENT_LEFT, Outbox
from ytmanager.realtime.presence import for_client, may_enter, new_presence
from ytmanager.realtime.subjects import Sent, as_told_with_scope, rooms_with_scope

logger = structlog.get_logger(__name__)

MALFORMED = 4400
SIGNED_OUT = 4401
TRY_LATER = 1013


class EventsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One page that listens to live events.

    The connection remembers its position in the log and which events above it
    were delivered, so that catching up neither misses nor repeats one. What the
    hub offers waits in the outbox; only its task sends events.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._access: Access | None = None
        self._joined: set[str] = set()
        self._permanent: set[str] = set()
        self._position = 0
        self._needs_look = True
        self._delivered = Delivered()
        self._known_at_beat: Iterable[int] = ()
        self._budget = FrameBudget()
        self._outbox = Outbox(self._overrun)
        self._presence, self._name = new_presence(), ""
        self._ending: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Without a channel of its own: the hub listens for all connections."""
        self.scope, self.channel_layer, self.base_send = scope, None, send
        self._hub = get_hub()
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            # Not in disconnect(): a cancelled connection never gets there.
            self._outbox.stop()
            if self._ending is not None:
                self._ending.cancel()
            with suppress(*SERVICE_FAILURES):
                await self._leave_room()
                await self._hub.remove(self)

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
        self._hub.begin_at(self._position)
        self._outbox.start()
        await self._follow_rights(self._access)
        await self.send_json({"type": "hello", "position": self._position})

    async def _end(self, code: int, reason: str) -> None:
        self._access = None
        self._outbox.stop()
        with suppress(*SERVICE_FAILURES):
            await self._leave_room()
        with suppress(*CLIENT_LEFT):
            await self.close(code, reason)

    def _overrun(self) -> None:
        """The client reads too slowly: it comes back and catches up."""
        logger.warning("live_connection_overrun", waiting_groups=len(self._joined))
        self._access = None
        self._ending = asyncio.create_task(self._end(TRY_LATER, "too slow"))

    # Groups and frames

    async def _obey(self, frame: Frame) -> None:
        await self._leave(frame.unsubscribe & self._joined - self._permanent)
        await self._join(await self._seen_rooms(frame.subscribe - self._joined))
        if frame.subscribe or frame.unsubscribe:
            groups = sorted(self._joined - self._permanent)
            await self.send_json({"type": "subscribed", "groups": groups})
        if frame.since is not None:
            await self._catch_up(frame.since)
        if frame.presence is not None:
            await self._enter(frame.presence)
        if frame.is_ping:
            await self.send_json({"type": "pong", "position": self._position})

    async def _seen_rooms(self, groups: set[str] | frozenset[str]) -> set[str]:
        """Without the rooms of rows that the person does not see."""
        if self._access is None or not self._access.is_scoped or not groups:
            return set(groups)
        seen: set[str] = await in_thread(rooms_with_scope)(self._access.user_pk, groups)
        return seen

    async def _join(self, groups: Iterable[str]) -> None:
        groups = set(groups)
        self._joined |= groups
        await self._hub.join(self, groups)

    async def _leave(self, groups: Iterable[str]) -> None:
        groups = set(groups)
        self._joined -= groups
        await self._hub.leave(self, groups)

    # Events, as the hub offers them

    def offer_event(
        self, event: dict[str, Any], groups: list[str], texts: dict[Any, str]
    ) -> None:
        """Queue an event; `texts` is shared by all who get it, so it is made once."""
        self._put(partial(self._deliver_checked, event, groups, texts))

    def offer_rights(self) -> None:
        self._put(partial(self._or_try_later, self._refresh_access))

    def begin_beat(self) -> None:
        """What was delivered until now is below the ceiling of the coming look."""
        self._known_at_beat = self._delivered.sequences()

    def end_beat(self, look: CatchUp | None) -> None:
        """After the events that the look found; None: it failed."""
        self._outbox.check()
        self._put(partial(self._or_try_later, partial(self._finish_beat, look)))

    def _put(self, work: Callable[[], Awaitable[None]]) -> None:
        if self._access is not None and self._outbox.is_running:
            self._outbox.put(work)

    async def _deliver_checked(
        self, event: dict[str, Any], groups: list[str], texts: dict[Any, str]
    ) -> None:
        if self._access is not None and self._access.is_stale():
            await self._or_try_later(self._refresh_access)
        if self._access is None or not self._access.is_scoped:
            await self._deliver(event, groups, texts)
        elif not self._joined.isdisjoint(groups):
            one = partial(self._deliver_heard, [(event, groups)])
            await self._or_try_later(one)

    async def _deliver_heard(self, events: Sequence[Sent]) -> None:
        """Deliver what a scope leaves; without one nothing is asked.

        Each event has texts of its own: those are kept by groups alone.
        """
        if self._access is not None and self._access.is_scoped:
            user_pk = self._access.user_pk
            events = await in_thread(as_told_with_scope)(user_pk, events)
        for event, groups in events:
            await self._deliver(event, groups, {})

    async def _deliver(
        self, event: dict[str, Any], groups: Iterable[str], texts: dict[Any, str]
    ) -> None:
        if self._joined.isdisjoint(groups):
            return
        if self._access is None or not self._access.allows(event["type"]):
            return
        # Also groups that the page is about to join: it gets no event twice.
        heard = tuple(sorted(g for g in groups if self._may_be_named(g)))
        sequence = event["sequence"]
        if sequence is None or self._delivered.add(sequence):
            if heard not in texts:
                texts[heard] = json.dumps({**event, "groups": heard})
            await self.send(text_data=texts[heard])

    def _may_be_named(self, group: str) -> bool:
        """Whom else an event is for is nobody's business."""
        is_scoped = self._access is not None and self._access.is_scoped
        return group in self._joined or not (is_scoped or group.startswith("user."))

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
        self._needs_look = self._needs_look and position > self._position
        self._position = max(self._position, missed.position)
        self._delivered.settle(known, ceiling=missed.ceiling, position=self._position)
        rows = [(row.as_message(), row.groups) for row in missed.events]
        await self._deliver_heard(rows)
        if missed.has_gap:
            await self._tell_gap()

    async def _tell_gap(self) -> None:
        await self.send_json({"type": "gap", "gap": True, "position": self._position})

    # Presence

    async def _enter(self, wish: PresenceWish) -> None:
        """Be seen in a room, or tell it which fields are edited now."""
        if wish.group not in self._joined or not may_enter(self._access, wish.group):
            return
        is_new = wish.group != self._presence.group
        if is_new:
            await self._leave_room()
        self._presence = self._presence.in_room(wish.group, wish.fields)
        await self._tell_room(is_here=True, asks=is_new)

    async def _leave_room(self) -> None:
        if self._presence.group:
            await self._tell_room(is_here=False)
            self._presence = self._presence.in_room("", ())

    async def _tell_room(self, *, is_here: bool, asks: bool = False) -> None:
        group = self._presence.group
        message = self._presence.as_message(self._name, is_here=is_here, asks=asks)
        await self._hub.layer.group_send(group, message)

    def offer_presence(self, message: dict[str, Any]) -> None:
        if message["page"] != self._presence.page:
            self._put(partial(self._show_presence, message))

    async def _show_presence(self, message: dict[str, Any]) -> None:
        group = message["group"]
        if group not in self._joined or not may_enter(self._access, group):
            return
        await self.send_json(for_client(message))
        if message["asks"] and group == self._presence.group:
            await self._or_try_later(partial(self._tell_room, is_here=True))

    # Access and heartbeat

    async def _refresh_access(self) -> None:
        session = self.scope.get("session")
        self._access = await self._hub.access_of(session and session.session_key)
        if self._access is None:
            await self._end(SIGNED_OUT, "sign in again")
            return
        self._name = self._access.name
        if self._permanent:
            await self._follow_rights(self._access)

    async def _follow_rights(self, access: Access) -> None:
        """Join what the person is in without asking, and leave what no longer."""
        before, self._permanent = self._permanent, set(access.groups)
        await self._leave(before - self._permanent)
        await self._join(self._permanent - self._joined)
        if access.is_scoped:
            asked = self._joined - self._permanent
            await self._leave(asked - await self._seen_rooms(asked))

    async def _finish_beat(self, look: CatchUp | None) -> None:
        if look is None:
            await self._end(TRY_LATER, "try again later")
            return
        if self._access is not None and self._access.is_aging():
            await self._refresh_access()
        if self._access is None:
            return
        if self._needs_look:
            await self._catch_up(self._position)
        self._position = max(self._position, look.position)
        self._delivered.settle(
            self._known_at_beat, ceiling=look.ceiling, position=self._position
        )
        if look.has_gap:
            await self._tell_gap()
        await self.send_json({"type": "position", "position": self._position})
        if self._presence.group:
            await self._tell_room(is_here=True)
