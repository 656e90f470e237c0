"""Pages that were admitted and then read nothing any more."""

import base64
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from benchmarks.live_clients import HANDSHAKE, PATIENCE
from ytmanager.realtime.events import Event, report_group
from ytmanager.realtime.log import record

ROOM = report_group(1)  # a room that only these pages are in
FILLING = 60  # events; fewer than an outbox holds
BYTES = 20_000  # of one event: together more than a connection takes unread


@contextmanager
def stuck_pages(count: int, *, port: int, cookie: str) -> Iterator[None]:
    """Open pages for which the server has bytes that nobody takes.

    Raises TimeoutError when the kernel took all that there was for them.
    """
    with ExitStack() as opened:
        for _ in range(count):
            opened.enter_context(closing(_open(port, cookie)))
        for number in range(FILLING):
            text = f"{number}".ljust(BYTES, ".")
            payload = {"level": "info", "title": "Filling", "message": text}
            record(Event("notification", payload), groups=[ROOM])
        _wait_until_stuck(count, port)
        yield


def _open(port: int, cookie: str) -> socket.socket:
    """A connection that takes few bytes, in the room, and silent from then on."""
    page = socket.socket()
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    page.settimeout(PATIENCE)
    page.connect(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    hello = HANDSHAKE.format(path="/ws/events/", port=port, cookie=cookie, key=key)
    page.sendall(hello.encode())
    _read_until(page, b'"hello"')
    page.sendall(_frame(f'{{"subscribe": ["{ROOM}"]}}'))
    _read_until(page, b'"subscribed"')
    return page


def _read_until(page: socket.socket, wanted: bytes) -> None:
    said = b""
    while wanted not in said:
        said += page.recv(1024)


def _frame(text: str) -> bytes:
    """A short frame of a client, masked with zeros, which leave it as it is."""
    body = text.encode()
    return bytes([0x81, 0x80 | len(body), 0, 0, 0, 0]) + body


def _wait_until_stuck(count: int, port: int) -> None:
    ends = time.monotonic() + PATIENCE
    while _unsent(port) < count:
        if time.monotonic() > ends:
            raise TimeoutError("The pages took all that was sent to them.")
        time.sleep(0.1)


def _unsent(port: int) -> int:
    """Connections of the server with bytes in their send queue, as the kernel says."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    queues = [row[4] for row in rows if row[1].endswith(f":{port:04X}")]
    return sum(int(queue.split(":")[0], 16) > 0 for queue in queues)
