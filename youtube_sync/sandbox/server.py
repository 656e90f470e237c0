"""The sandbox behind HTTP on 127.0.0.1, one thread for each connection."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from youtube_sync.sandbox.access import PARTNER
from youtube_sync.sandbox.app import Sandbox
from youtube_sync.sandbox.catalogue import DEFAULT_OWNER
from youtube_sync.sandbox.errors import bad_value
from youtube_sync.sandbox.faults import ConnectionDroppedError, Fault
from youtube_sync.sandbox.messages import Json, Reply, Request, error_reply
from youtube_sync.sandbox.oauth import Client
from youtube_sync.sandbox.state import Doc
from youtube_sync.sandbox.video_view import KNOWN_PARTS, video_item

HOST = "127.0.0.1"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost"})
BODY_LIMIT = 256 * 1024 * 1024


class _Handler(BaseHTTPRequestHandler):
    """Turns HTTP into a Request and a Reply back into HTTP."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    server: _Server

    def _serve(self) -> None:
        try:
            request = self._read()
            if request is None:
                reply = error_reply(bad_value("Not a request for this sandbox."))
                self.close_connection = True
            else:
                reply = self.server.sandbox.handle(request)
        except ConnectionDroppedError:
            self._hang_up()
            return
        self._send(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _read(self) -> Request | None:
        """None for a foreign Host name or a control call that is no JSON."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_LIMIT:
            return None
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        address, query = urlsplit(self.path), urlsplit(self.path).query
        method = self.command
        # The Python client sends a GET with a long address as a POST.
        if headers.get("x-http-method-override") == "GET":
            method, query, body = "GET", body.decode(), b""
        host = headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in LOOPBACK_NAMES:
            return None
        if not _is_deliberate(method, address.path, headers):
            return None
        parameters = parse_qs(query, keep_blank_values=True)
        path = unquote(address.path)
        return Request(method, path, parameters, headers, body, self.server.url)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        headers = {"Content-Type": reply.content_type} | reply.headers
        if reply.status != 304:
            headers["Content-Length"] = str(len(reply.body))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.status != 304:
            self.wfile.write(reply.body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
        """Say nothing: `/sandbox/requests` is the log."""


def _is_deliberate(method: str, path: str, headers: dict[str, str]) -> bool:
    """Keep foreign web pages from posting to the control endpoints."""
    if method == "GET" or not path.startswith("/sandbox/"):
        return True
    return headers.get("content-type", "").startswith("application/json")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    url = ""

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.is_stopping = False
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__((HOST, port), _Handler)
        self.url = f"http://{HOST}:{self.server_port}"

    def server_bind(self) -> None:
        # HTTPServer would look its own name up, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is none of our business; a defect is."""
        if self.is_stopping:
            return  # asked while the state was closed
        with contextlib.suppress(ConnectionError):
            raise
        super().handle_error(request, client_address)

    def hang_up_all(self) -> None:
        with self._guard:
            connections = list(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class SandboxServer:
    """A running sandbox; a context manager for tests, a child for `make run`."""

    def __init__(
        self,
        port: int = 0,
        *,
        state: Path | None = None,
        client: Client | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        client = client or Client()
        self.sandbox = Sandbox(state, client=client, now=now)
        self._server = _Server(port, self.sandbox)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}
        )
        self.url = self._server.url
        self.client_id, self.client_secret = client.client_id, client.client_secret

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered, then close everything."""
        self._server.shutdown()
        self._server.is_stopping = True
        self._server.hang_up_all()
        self._server.server_close()
        self._thread.join()
        self.sandbox.store.close()

    # For tests in the same process

    def add_content_owner(self, owner: str) -> None:
        self.sandbox.catalogue.add_content_owner(owner)

    def add_channel(self, channel_id: str, **fields: Any) -> Doc:
        return self.sandbox.catalogue.add_channel(channel_id, **fields)

    def add_video(self, video_id: str, **fields: Any) -> Doc:
        return self.sandbox.catalogue.add_video(video_id, **fields)

    def edit_video(self, video_id: str, **fields: Any) -> Doc:
        return self.sandbox.catalogue.edit_video(video_id, **fields)

    def add_asset(self, asset_id: str, **fields: Any) -> Doc:
        return self.sandbox.catalogue.add_asset(asset_id, **fields)

    def add_claim(self, claim_id: str, **fields: Any) -> Doc:
        return self.sandbox.catalogue.add_claim(claim_id, **fields)

    def add_fault(self, kind: str, operation: str = "", **options: Any) -> None:
        self.sandbox.faults.add(Fault(kind, operation, **options))

    def change_settings(self, **changes: Any) -> None:
        self.sandbox.settings.update(changes)

    def video(self, video_id: str) -> Json:
        """The video as its owner reads it, with every part."""
        catalogue = self.sandbox.catalogue
        with self.sandbox.store.lock:
            doc = catalogue.video(video_id)
            if doc is None:
                raise KeyError(video_id)
            channel = catalogue.channel(doc["snippet"]["channelId"])
        return video_item(doc, channel, sorted(KNOWN_PARTS), self.url, is_owner=True)

    def asset(self, asset_id: str) -> Doc:
        doc = self.sandbox.store.get("asset", asset_id)
        if doc is None:
            raise KeyError(asset_id)
        return doc

    def tokens(self, scopes: tuple[str, ...] = (PARTNER,)) -> Doc:
        """The token reply that a consent to these scopes would give."""
        return self.sandbox.oauth.issue(scopes)

    @property
    def content_owner(self) -> str:
        """Owner of everything that was added without naming one."""
        return DEFAULT_OWNER

    @property
    def requests(self) -> list[Json]:
        return list(self.sandbox.log)

    @property
    def units_spent(self) -> int:
        return self.sandbox.quota.spent_in_all()
