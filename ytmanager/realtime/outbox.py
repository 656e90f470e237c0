"""What one connection has still to send, in order, up to a limit.

The hub fills it without waiting; one task empties it. A client that reads too slowly
fills it up and is asked to come back, instead of costing memory or anybody's time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

MAX_WAITING = 500
STUCK_SECONDS = 30.0

# What sending to a client that left raises, according to the server.
CLIENT_LEFT = (OSError, RuntimeError)

Work = Callable[[], Awaitable[None]]


class Outbox:
    """Work of one connection, done one after the other."""

    def __init__(self, on_overrun: Callable[[], None]) -> None:
        self._queue: asyncio.Queue[Work] = asyncio.Queue(MAX_WAITING)
        self._on_overrun = on_overrun
        self._busy_since: float | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work_for_ever())

    def put(self, work: Work) -> None:
        """Queue it; when there is no room, the connection is overrun."""
        try:
            self._queue.put_nowait(work)
        except asyncio.QueueFull:
            self.stop()
            self._on_overrun()

    def check(self) -> None:
        """A send that does not end is an overrun too."""
        since = self._busy_since
        if since is not None and time.monotonic() - since > STUCK_SECONDS:
            self.stop()
            self._on_overrun()

    def stop(self) -> None:
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        self._task = None

    @property
    def is_running(self) -> bool:
        return self._task is not None

    async def _work_for_ever(self) -> None:
        """Until it is stopped, which its own work may do."""
        while self._task is asyncio.current_task():
            work = await self._queue.get()
            self._busy_since = time.monotonic()
            try:
                await work()
            except CLIENT_LEFT:
                self.stop()
            self._busy_since = None
