"""Many WebSocket clients in one process that cost next to nothing each."""

import asyncio
import base64
import os
from collections.abc import Callable

OPENING = 50  # connections that are opened at once
PATIENCE = 60.0  # seconds
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Origin: http://127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Client(asyncio.Protocol):
    """Reads frames of a server and hands each text on; never writes again."""

    def __init__(self, handshake: str, hear: Callable[[bytes], None]) -> None:
        self._handshake, self._hear, self._buffer = handshake, hear, b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._handshake.encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.opened.done():
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head.split(b"\r\n")[0], head
            self._buffer = rest
            self.opened.set_result(None)
        while (text := self._next_text()) is not None:
            self._hear(text)

    def _next_text(self) -> bytes | None:
        """One frame; those of a server are not masked, and these are short."""
        if len(self._buffer) < 4:
            return None
        length, begin = self._buffer[1], 2
        if length == 126:
            length, begin = int.from_bytes(self._buffer[2:4]), 4
        if len(self._buffer) < begin + length:
            return None
        text = self._buffer[begin : begin + length]
        self._buffer = self._buffer[begin + length :]
        return text


class Crowd:
    """Clients of one address, and how many of them heard what is waited for."""

    def __init__(self) -> None:
        self._clients: list[Client] = []
        self._wanted, self._missing = b"", 0
        self._all_heard = asyncio.Event()

    async def open(self, count: int, *, port: int, path: str, cookie: str = "") -> None:
        """Connect, some at a time."""
        loop, turns = asyncio.get_running_loop(), asyncio.Semaphore(OPENING)

        async def connect() -> None:
            async with turns:
                key = base64.b64encode(os.urandom(16)).decode()
                hello = HANDSHAKE.format(path=path, port=port, cookie=cookie, key=key)
                _, client = await loop.create_connection(
                    lambda: Client(hello, self._hear), "127.0.0.1", port
                )
                self._clients.append(client)
                await asyncio.wait_for(client.opened, PATIENCE)

        await asyncio.gather(*(connect() for _ in range(count)))

    def expect(self, text: bytes, count: int | None = None) -> None:
        """From now on count the frames that hold this text."""
        self._wanted = text
        self._missing = len(self._clients) if count is None else count
        self._all_heard.clear()

    async def heard(self) -> None:
        """Wait until every client had it; raises TimeoutError."""
        await asyncio.wait_for(self._all_heard.wait(), PATIENCE)

    def close(self) -> None:
        for client in self._clients:
            if client.transport is not None:
                client.transport.abort()

    def _hear(self, text: bytes) -> None:
        if self._wanted in text:
            self._missing -= 1
            if self._missing == 0:
                self._all_heard.set()
