"""Limits are told in headers, hold for each person and token, and never break."""

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as CacheDownError

from tests.api_clients import client_of
from tests.factories.catalog import UserFactory, VideoFactory
from ytmanager.models import ApiToken

VIDEOS = "/api/videos/"


@pytest.fixture
def viewer(db):
    return client_of("catalog.view_video", "catalog.change_video")


@pytest.fixture(autouse=True)
def middle_of_a_minute(monkeypatch):
    """No test begins in one minute and ends in the next."""
    cache.clear()
    monkeypatch.setattr("ytmanager.throttles.time.time", lambda: 1_800_000_030.0)


def test_headers_tell_what_is_left(viewer, settings):
    settings.API_READS = 10

    answers = [viewer.get(VIDEOS) for _ in range(2)]

    assert [answer["RateLimit-Limit"] for answer in answers] == ["10", "10"]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["9", "8"]
    assert answers[0]["RateLimit-Reset"] == "30"


def test_one_request_too_many_is_refused_until_the_minute_ends(viewer, settings):
    settings.API_READS = 1
    viewer.get(VIDEOS)

    refused = viewer.get(VIDEOS)

    assert (refused.status_code, refused.json()["error_type"]) == (429, "throttled")
    assert (refused["Retry-After"], refused["RateLimit-Remaining"]) == ("30", "0")


def test_next_minute_starts_anew(viewer, settings, monkeypatch):
    settings.API_READS = 1
    viewer.get(VIDEOS)
    monkeypatch.setattr("ytmanager.throttles.time.time", lambda: 1_800_000_060.0)

    assert viewer.get(VIDEOS).status_code == 200


def test_writes_have_a_limit_of_their_own(viewer, settings):
    settings.API_READS, settings.API_WRITES = 1, 1
    video = VideoFactory()
    viewer.get(VIDEOS)

    answers = [
        viewer.patch(f"{VIDEOS}{video.video_id}/", {"title": "New"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 429]


def test_people_and_tokens_have_budgets_of_their_own(viewer, settings, client):
    settings.API_READS = 1
    user = UserFactory(permissions=["catalog.view_video"])
    tokens = [ApiToken.objects.create(user)[1] for _ in range(2)]
    viewer.get(VIDEOS)

    answers = [
        client.get(VIDEOS, headers={"authorization": f"Token {token}"})
        for token in (*tokens, tokens[0])
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_nobody_is_held_back_while_the_cache_is_down(viewer, settings, monkeypatch):
    def is_down(*args, **kwargs):
        raise CacheDownError

    settings.API_READS = 1
    monkeypatch.setattr(type(cache._connections["default"]), "add", is_down)

    assert [viewer.get(VIDEOS).status_code for _ in range(2)] == [200, 200]
