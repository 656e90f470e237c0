"""Plain HTTP against a sandbox with one video."""

from datetime import UTC, datetime, timedelta

import pytest

from youtube_sync.sandbox import SandboxServer

VIDEO_ID = "abcdefghijk"


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.moment = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self):
        return self.moment

    def move(self, **amount):
        self.moment += timedelta(**amount)


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def sandbox(clock):
    with SandboxServer(now=clock) as server:
        yield server


@pytest.fixture
def call(sandbox, http, bearer):
    """Call an endpoint of the Data API or of Content ID as the content owner."""

    def send(method, path, *, json=None, headers=None, owner=True, **query):
        behalf = {"onBehalfOfContentOwner": sandbox.content_owner} if owner else {}
        return http.request(
            method,
            sandbox.url + path,
            params=behalf | query,
            json=json,
            headers=bearer | (headers or {}),
        )

    return send


@pytest.fixture
def update(call):
    """PUT parts of the video; the parts named are the ones in the body."""

    def put(part=None, **body):
        names = part if part is not None else ",".join(body)
        body = {"id": VIDEO_ID} | body
        return call("PUT", "/youtube/v3/videos", json=body, part=names)

    return put


def reason(reply):
    return reply.json()["error"]["errors"][0]["reason"]
