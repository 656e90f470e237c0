"""A real S3 server on loopback, and a proxy before it that fails on demand."""

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code>'
    "<Message>told to</Message>{more}</Error>"
)
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}


@dataclass
class Fault:
    """One failure of requests that `matches` picks: an error, or a cut body."""

    code: str = ""
    status: int = 500
    more: str = ""
    cut_after: int | None = None  # bytes of the body, then the connection ends
    times: int = 1
    matches: Callable[[str, str], bool] = lambda method, path: True
    hits: int = field(default=0, init=False)


class FaultyS3:
    """Passes requests on to a server, unless a fault is due.

    `faults` are looked through in order; each is due `times` times.
    """

    def __init__(self, address: str) -> None:
        self.upstream = urlsplit(address).netloc
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str, str]] = []
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "FaultyS3":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def due(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.hits < fault.times and fault.matches(method, path):
                fault.hits += 1
                return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    proxy: FaultyS3
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.proxy.requests.append(
            (self.command, self.path, self.headers.get("Range", ""))
        )
        fault = self.proxy.due(self.command, self.path)
        if fault is not None and fault.cut_after is None:
            self._fail(fault)
        else:
            self._pass_on(fault)

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

    def _fail(self, fault: Fault) -> None:
        text = ERROR.format(code=fault.code, more=fault.more).encode()
        body = b"" if self.command == "HEAD" else text
        self._drain()
        self.send_response(fault.status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drain(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _pass_on(self, fault: Fault | None) -> None:
        upstream = http.client.HTTPConnection(self.proxy.upstream, timeout=30)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
        upstream.request(self.command, self.path, self._drain(), headers)
        reply = upstream.getresponse()
        body = reply.read()
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length", "date", "server"}:
                self.send_header(name, value)
        length = reply.getheader("Content-Length") or str(len(body))
        self.send_header("Content-Length", length)
        self.end_headers()
        sent = body if fault is None else body[: fault.cut_after]
        self.wfile.write(sent)
        self.close_connection = self.close_connection or fault is not None
        upstream.close()

    def log_message(self, *_: object) -> None:
        """Tests say what they expect."""
