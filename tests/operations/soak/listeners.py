"""The open pages of people: live events, kept up over every loss."""

import asyncio
import contextlib
import json
import time
from collections import Counter
from threading import Event, Thread

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException


class Listener:
    """One open page: which videos it heard of and when, and what it lost."""

    def __init__(self, webs, cookie):
        self.webs, self.cookie = list(webs), cookie
        self.heard, self.sequences = {}, set()
        self.position, self.losses, self.gaps = None, [], 0

    async def live(self):
        while True:
            with contextlib.suppress(OSError, WebSocketException):
                await self._listen_once()
            self.losses.append(time.monotonic())
            self.webs.append(self.webs.pop(0))
            await asyncio.sleep(0.5)

    async def _listen_once(self):
        web = self.webs[0]
        address = web.replace("http", "ws", 1) + "/ws/events/"
        headers = {"Cookie": f"sessionid={self.cookie}"}
        options = {"origin": web, "additional_headers": headers, "open_timeout": 30}
        async with connect(address, **options) as opened:
            async for text in opened:
                await self._hear(opened, json.loads(text))

    async def _hear(self, opened, message):
        if message["type"] == "hello":
            since = message["position"] if self.position is None else self.position
            await opened.send(json.dumps({"subscribe": [], "since": since}))
        self.gaps += message["type"] == "gap"
        if "position" in message:
            self.position = message["position"]
        elif message["type"] == "video.changed":
            self._count(message)

    def _count(self, message):
        """Each event once, also when it comes again after a loss."""
        if message["sequence"] not in self.sequences:
            self.sequences.add(message["sequence"])
            video_id = message["payload"].get("video_id", "")
            self.heard.setdefault(video_id, []).append(time.monotonic())

    def counts(self):
        return Counter({video_id: len(at) for video_id, at in self.heard.items()})

    def heard_after(self, video_id, moment):
        """When it first heard of a video since then; None: not yet."""
        later = (at for at in self.heard.get(video_id, []) if at >= moment)
        return next(later, None)


class Listeners(Thread):
    """All listeners on one loop of their own."""

    def __init__(self, listeners):
        super().__init__(name="listeners")
        self.listeners, self.ended = listeners, Event()

    def run(self):
        asyncio.run(self._run())

    async def _run(self):
        tasks = [asyncio.create_task(each.live()) for each in self.listeners]
        while not self.ended.is_set():
            await asyncio.sleep(0.2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self):
        self.ended.set()
        self.join()
