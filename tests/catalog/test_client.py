"""What YouTube's page about a Short says, asked of a server on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalog.client import ShortsPageClient, get_shorts_page_client

pytestmark = pytest.mark.integration
VIDEO = "abcdefghijk"
HEAD = '<html><head><link rel="canonical" href="https://www.youtube.com{}"></head>'


@pytest.fixture
def youtube():
    """A server whose answer a test sets: status, headers, body."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.reply, server.asked = (200, {}, ""), []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers, body = self.server.reply
        self.server.asked.append(self.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        """Quiet."""


def address_of(server):
    return f"http://127.0.0.1:{server.server_port}"


def ask(server, status, headers=None, body=""):
    server.reply = (status, headers or {}, body)
    return ShortsPageClient(address_of(server), pause=0).ask(VIDEO)


def test_page_that_names_itself_as_this_short_is_a_yes(youtube):
    answer = ask(youtube, 200, body=HEAD.format(f"/shorts/{VIDEO}"))

    assert answer.verdict == "yes"
    assert youtube.asked == [f"/shorts/{VIDEO}"]


@pytest.mark.parametrize("start", ["", "own"])
def test_way_to_the_watch_page_is_a_no(youtube, start):
    base = address_of(youtube) if start else ""

    answer = ask(youtube, 303, {"Location": f"{base}/watch?v={VIDEO}"})

    assert answer.verdict == "no"
    assert len(youtube.asked) == 1


@pytest.mark.parametrize(
    ("status", "location", "body"),
    [
        (200, None, "<html><title>Before you continue</title>"),
        (200, None, HEAD.format("/watch?v=abcdefghijk")),
        (200, None, HEAD.format("/shorts/otherothero")),
        (200, None, HEAD.format("/shorts/abcdefghijkl")),
        (200, None, f"<a href='/shorts/{VIDEO}'>unusual traffic</a>"),
        (204, None, ""),
        (302, "https://consent.youtube.com/m?continue=x", ""),
        (302, f"/watch?v={VIDEO}", ""),
        (303, "https://consent.youtube.com/watch?v=abcdefghijk", ""),
        (303, "/watch?v=otherothero", ""),
        (303, "/", ""),
        (303, None, ""),
        (404, None, ""),
        (429, None, ""),
        (500, None, ""),
    ],
)
def test_everything_else_is_unknown_with_a_reason(youtube, status, location, body):
    answer = ask(youtube, status, {"Location": location} if location else {}, body)

    assert answer.verdict == "unknown"
    assert answer.note


def test_no_connection_is_unknown():
    answer = ShortsPageClient("http://127.0.0.1:1", pause=0).ask(VIDEO)

    assert (answer.verdict, "did not answer" in answer.note) == ("unknown", True)


def test_questions_keep_their_pause(youtube):
    waited = []
    client = ShortsPageClient(address_of(youtube), pause=3, sleep=waited.append)

    for _ in range(3):
        client.ask(VIDEO)

    assert len(waited) == 2
    assert all(2 < seconds <= 3 for seconds in waited)


def test_client_is_made_by_the_settings(youtube, settings):
    settings.SHORTS_PROBE_BASE, settings.SHORTS_PROBE_SECONDS = address_of(youtube), 0

    get_shorts_page_client().ask(VIDEO)

    assert youtube.asked == [f"/shorts/{VIDEO}"]
