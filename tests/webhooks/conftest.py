"""An endpoint over real HTTP on loopback, and rows around it."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth.models import User

from webhooks.models import WebhookEndpoint
from webhooks.services import endpoints, fan_out


@dataclass
class Receiver:
    """Another system: keeps what it was told, answers as it is told to."""

    url: str = ""
    calls: list = field(default_factory=list)
    answers: list = field(default_factory=list)

    def will_answer(self, status, headers=(), body=b""):
        self.answers.append((status, dict(headers), body))

    @property
    def bodies(self):
        return [json.loads(body) for _, body in self.calls]


@pytest.fixture
def receiver():
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            known.calls.append((dict(self.headers), body))
            status, headers, text = (
                known.answers.pop(0) if known.answers else ((204, {}, b""))
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self):
            known.calls.append((dict(self.headers), b"GET"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """The tests look at the calls themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    known.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield known
    server.shutdown()
    server.server_close()


@pytest.fixture
def actor(db):
    return User.objects.create_superuser("ada", password="a-long-password")


@pytest.fixture
def endpoint(receiver, actor, settings):
    """An endpoint that wants changed videos; the log is read from here on."""
    settings.WEBHOOK_PRIVATE_TARGETS = True
    made = WebhookEndpoint(
        name="Royalties", url=receiver.url, event_types=["video.changed"]
    )
    endpoints.create_endpoint(endpoint=made, actor=actor)
    fan_out.fan_out()
    return made
