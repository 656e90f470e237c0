"""Publication from synchronous code through one long-lived event loop.

A loop per call would open a Redis connection each time. Here one daemon thread
for the process keeps a loop, a bounded queue and one sender, so that messages
keep their order. Publishing never raises into the caller and never waits: what
cannot be sent is dropped, and clients catch up from the log.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from channels.layers import get_channel_layer
from django.utils import timezone
from redis.exceptions import RedisError

from ytmanager.realtime.events import Event, Payload, is_group

logger = structlog.get_logger(__name__)

HANDLER = "live.event"
RIGHTS_HANDLER = "rights.changed"
PRESENCE_HANDLER = "presence.changed"
PROGRESS_INTERVAL = 0.25
SEND_TIMEOUT = 2.0
QUEUE_SIZE = 1000
EXIT_TIMEOUT = 1.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way to one group."""

    group: str
    message: dict[str, Any]

    @property
    def kind(self) -> tuple[str, str | None]:
        """Progress of one kind is out of date once something newer was logged."""
        return self.group, self.message.get("event", {}).get("type")


class Publisher:
    """The loop, its thread and what waits to be sent. Safe to call from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._queue: asyncio.Queue[Parcel] = asyncio.Queue(QUEUE_SIZE)
        self._held: dict[str, Parcel | None] = {}
        self._is_degraded = False
        self._thread = threading.Thread(
            target=self._run, name="live-event-publisher", daemon=True
        )
        self._thread.start()

    def send(self, groups: Sequence[str], message: dict[str, Any]) -> None:
        """Queue a message; held progress of the same kind is out of date now."""
        self._call(self._send_now, list(groups), message)

    def send_progress(self, key: str, parcel: Parcel) -> None:
        """Queue a message unless `key` was sent just now; the last one always goes."""
        self._call(self._offer, key, parcel)

    def flush(self, timeout: float = EXIT_TIMEOUT) -> bool:
        """Wait until everything was sent; False when that took too long."""
        done = asyncio.run_coroutine_threadsafe(self._drain(), self._loop)
        try:
            done.result(timeout)
        except FutureTimeoutError:
            done.cancel()
            return False
        return True

    def close(self) -> None:
        """Send what waits, then end the loop and its connections."""
        if self._thread.is_alive():
            self.flush()
            self._call(self._loop.stop)
            self._thread.join(EXIT_TIMEOUT)

    def _call(self, function: Callable[..., None], *args: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(partial(function, *args))
        except RuntimeError:
            logger.warning("live_event_dropped", reason="the publisher is closed")

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        sender = self._loop.create_task(self._send_for_ever())
        try:
            self._loop.run_forever()
        finally:
            sender.cancel()
            self._loop.run_until_complete(
                asyncio.gather(sender, return_exceptions=True)
            )
            self._loop.close()

    # Everything below runs on the loop, one thing at a time.

    def _send_now(self, groups: list[str], message: dict[str, Any]) -> None:
        for group in groups:
            parcel = Parcel(group, message)
            self._drop_overtaken(parcel)
            self._put(parcel)

    def _drop_overtaken(self, newer: Parcel) -> None:
        for key, held in self._held.items():
            if held and held.kind == newer.kind:
                self._held[key] = None

    def _put(self, parcel: Parcel) -> None:
        try:
            self._queue.put_nowait(parcel)
        except asyncio.QueueFull:
            self._degrade("the queue is full")

    def _offer(self, key: str, parcel: Parcel) -> None:
        if key in self._held:
            self._held[key] = parcel
            return
        self._put(parcel)
        self._held[key] = None
        self._loop.call_later(PROGRESS_INTERVAL, self._release, key)

    def _release(self, key: str) -> None:
        parcel = self._held.pop(key, None)
        if parcel is not None:
            self._offer(key, parcel)

    async def _send_for_ever(self) -> None:
        while True:
            parcel = await self._queue.get()
            await self._send_one(parcel)
            self._queue.task_done()

    async def _send_one(self, parcel: Parcel) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await self._group_send(parcel)
        except (RedisError, OSError, TimeoutError) as exc:
            self._degrade(type(exc).__name__)
        except Exception:  # noqa: BLE001 - the one sender must survive any message
            logger.exception("live_event_not_sent", group=parcel.group)
        else:
            self._recover()

    async def _group_send(self, parcel: Parcel) -> None:
        layer = get_channel_layer()
        try:
            await layer.group_send(parcel.group, parcel.message)
        except (RedisError, OSError):
            # The connection may have died idle; the second try opens another.
            await layer.group_send(parcel.group, parcel.message)

    async def _drain(self) -> None:
        for key, parcel in list(self._held.items()):
            if parcel is not None:
                self._held[key] = None
                self._put(parcel)
        await self._queue.join()

    def _degrade(self, reason: str) -> None:
        if not self._is_degraded:
            logger.warning("live_events_unavailable", reason=reason)
        self._is_degraded = True

    def _recover(self) -> None:
        if self._is_degraded:
            logger.info("live_events_available")
        self._is_degraded = False


_publisher: Publisher | None = None
_abandoned: list[Publisher | None] = []
_lock = threading.Lock()


def get_publisher() -> Publisher:
    """The publisher of this process, started when it is first needed."""
    global _publisher
    with _lock:
        if _publisher is None:
            _publisher = Publisher()
        return _publisher


def _forget_publisher() -> None:
    """A forked child has the parent's objects, but not its thread."""
    global _publisher, _lock
    # Kept, because collecting it would close what the parent still uses.
    _abandoned.append(_publisher)
    _publisher, _lock = None, threading.Lock()


@atexit.register
def close_publisher() -> None:
    """Send what waits and stop the thread; the next message starts another."""
    global _publisher
    with _lock:
        publisher, _publisher = _publisher, None
    if publisher is not None:
        publisher.close()


os.register_at_fork(after_in_child=_forget_publisher)


def as_layer_message(event: dict[str, Any], groups: Sequence[str]) -> dict[str, Any]:
    return {"type": HANDLER, "event": event, "groups": list(groups)}


def announce(event: dict[str, Any], groups: Sequence[str]) -> None:
    """Send a logged event to its groups."""
    get_publisher().send(groups, as_layer_message(event, groups))


def announce_rights_changed(group: str) -> None:
    """Tell the connections of a group to look again at what they may hear."""
    message = {"type": RIGHTS_HANDLER, "groups": [group]}
    get_publisher().send([group], message)


def publish_progress(group: str, type: str, payload: Payload, key: str = "") -> None:
    """Send an event that is not logged, at most four times a second per `key`.

    The key is the group and type unless given. The last message of a burst is
    always sent, unless a logged event of its group and type overtakes it.
    """
    event = Event(type, payload)
    if not is_group(group):
        raise ValueError(f"Not a group of live events: {group}")
    message = {
        "type": event.type,
        "sequence": None,
        "payload": dict(event.payload),
        "at": timezone.now().isoformat(),
    }
    parcel = Parcel(group, as_layer_message(message, [group]))
    get_publisher().send_progress(key or f"{group}:{type}", parcel)
