"""Open pages of a real server: slow ones, rude ones, and a server that restarts."""

import asyncio
import contextlib
import json
import socket
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.conftest import is_deep

pytestmark = pytest.mark.integration

CROWD = 1_000 if is_deep() else 20

RECORD = """
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record
for number in range({first}, {last}):
    record(Event("notification", {{"level": "info", "title": str(number), "message":
           "x" * {size}}}), groups=[EVERYONE])
"""
SIGN_IN = """
from django.contrib.auth.models import User
from django.test import Client
user, _ = User.objects.get_or_create(username="live", is_staff=True, is_superuser=True)
client = Client()
client.force_login(user)
print(client.session.session_key)
"""


@pytest.fixture
def cookie(office):
    key = office.manage("shell", "--no-imports", "-c", SIGN_IN).split()[-1]
    return f"sessionid={key}"


@pytest.fixture
def say(office):
    """Log numbered events; a coroutine, so that pages go on reading."""

    async def record(first, last, *, size=1):
        text = RECORD.format(first=first, last=last, size=size)
        await asyncio.to_thread(office.manage, "shell", "--no-imports", "-c", text)

    return record


class Page:
    """A page that comes back after a loss and catches up, as the script does."""

    def __init__(self, port, cookie):
        self.port, self.cookie = port, cookie
        self.heard, self.position, self.losses = [], None, 0
        self.is_open = asyncio.Event()

    def open(self, **options):
        return connect(
            f"ws://127.0.0.1:{self.port}/ws/events/",
            additional_headers={"Cookie": self.cookie},
            origin=f"http://127.0.0.1:{self.port}",
            compression=None,
            **options,
        )

    async def live(self):
        while True:
            with contextlib.suppress(OSError, ConnectionClosed):
                async with self.open() as opened:
                    await self._listen(opened)
            self.losses += 1
            await asyncio.sleep(0.2)

    async def _listen(self, opened):
        async for text in opened:
            message = json.loads(text)
            if message["type"] == "hello":
                since = message["position"] if self.position is None else self.position
                await opened.send(json.dumps({"subscribe": [], "since": since}))
                self.is_open.set()
            if "position" in message:
                self.position = message["position"]
            elif "payload" in message:
                self.heard.append(int(message["payload"]["title"]))

    async def until(self, count, seconds=60):
        ends = time.monotonic() + seconds
        while len(set(self.heard)) < count and time.monotonic() < ends:
            await asyncio.sleep(0.05)
        return sorted(set(self.heard))


@contextlib.asynccontextmanager
async def pages(port, cookie, count):
    opened = [Page(port, cookie) for _ in range(count)]
    tasks = [asyncio.create_task(page.live()) for page in opened]
    try:
        for page in opened:
            await asyncio.wait_for(page.is_open.wait(), 60)
        yield opened
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_no_page_loses_an_event_when_the_server_restarts(office, cookie, say):
    web = office.web()
    async with pages(web.port, cookie, CROWD) as opened:
        await say(0, 5)
        await opened[0].until(5)

        await asyncio.to_thread(web.kill)
        await say(5, 10)
        await asyncio.to_thread(web.start)
        await say(10, 12)

        for page in opened:
            assert await page.until(12) == list(range(12))


async def test_page_that_does_not_read_slows_nobody_and_is_given_up(
    office, cookie, say
):
    web = office.web()
    async with pages(web.port, cookie, 3) as opened:
        with stuck_page(web.port, cookie):
            await say(0, 800, size=20_000)

            for page in opened:
                assert await page.until(800) == list(range(800))
                assert page.losses == 0
        assert b"live_connection_overrun" in web.log.read_bytes()


@contextlib.contextmanager
def stuck_page(port, cookie):
    """A page that is admitted and then reads nothing any more."""
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.settimeout(20)
        plain.connect(("127.0.0.1", port))
        plain.sendall(
            f"GET /ws/events/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Origin: http://127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        said = b""
        while b'"hello"' not in said:
            said += plain.recv(1024)
        yield plain


RUDE = {
    "malformed": ["{"],
    "long": ["x" * 20_000],
    "huge": ["x" * 2_000_000],
    "binary": [b"\x00\x01"],
    "flood": ['{"ping": 1}'] * 200,
    "not its own": ['{"subscribe": ["user.1"]}'],
}


@pytest.mark.security
async def test_rude_pages_are_closed_and_the_others_hear_on(office, cookie, say):
    web, closed = office.web(), []
    async with pages(web.port, cookie, 2) as opened:
        for name, texts in RUDE.items():
            async with Page(web.port, cookie).open(max_size=None) as rude:
                with contextlib.suppress(ConnectionClosed):
                    for text in texts:
                        await rude.send(text)
                    while True:
                        await asyncio.wait_for(rude.recv(), 10)
                closed.append(name)
        await say(0, 2)

        for page in opened:
            assert await page.until(2) == [0, 1]
            assert page.losses == 0
    assert closed == list(RUDE)
