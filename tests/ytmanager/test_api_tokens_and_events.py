"""`/api/tokens/` and `/api/events/`."""

import pytest
from rest_framework.test import APIClient

from tests.api_clients import client_of
from tests.factories.catalog import UserFactory
from ytmanager.models import ApiToken, IdempotentRequest
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

TOKENS = "/api/tokens/"
EVENTS = "/api/events/"


@pytest.fixture
def person(db):
    return UserFactory(permissions=["catalog.view_video"])


@pytest.fixture
def browser(person):
    client = APIClient()
    client.force_login(person)
    return client


def with_token(token):
    return APIClient(headers={"authorization": f"Token {token}"})


def make(client, **facts):
    return client.post(TOKENS, {"name": "ERP", "access": "write", **facts})


def test_token_is_shown_once_and_works(browser):
    reply = make(browser, days=30)

    made = reply.json()["data"]
    listed = browser.get(TOKENS).json()["results"]
    assert (reply.status_code, reply["Cache-Control"]) == (201, "no-store")
    assert with_token(made["token"]).get("/api/videos/").status_code == 200
    assert [row["token_id"] for row in listed] == [made["token_id"]]
    assert made["token"] not in str(listed)


def test_answer_with_a_token_is_kept_nowhere(browser):
    for _ in range(2):
        browser.post(TOKENS, {"name": "ERP"}, headers={"Idempotency-Key": "once"})

    assert not IdempotentRequest.objects.exists()
    assert ApiToken.objects.count() == 2


def test_revoked_token_is_refused(browser):
    made = make(browser).json()["data"]

    reply = browser.delete(f"{TOKENS}{made['token_id']}/")

    assert reply.status_code == 204
    assert with_token(made["token"]).get("/api/videos/").status_code == 401


def test_token_makes_no_tokens(person):
    _, token = ApiToken.objects.create(person, access="write")

    assert make(with_token(token)).status_code == 403
    assert ApiToken.objects.count() == 1


def test_people_see_and_revoke_their_own_tokens_only(browser):
    token, _ = ApiToken.objects.create(UserFactory())

    listed = browser.get(TOKENS).json()["results"]
    reply = browser.delete(f"{TOKENS}{token.digest[:16]}/")

    assert (listed, reply.status_code) == ([], 404)
    assert ApiToken.objects.exists()


def test_administrator_revokes_the_tokens_of_others(db):
    token, _ = ApiToken.objects.create(UserFactory())
    administrator = client_of("ytmanager.view_apitoken", "ytmanager.delete_apitoken")

    reply = administrator.delete(f"{TOKENS}{token.digest[:16]}/")

    assert (reply.status_code, ApiToken.objects.exists()) == (204, False)


@pytest.mark.parametrize(
    "facts", [{"days": 31}, {"access": "admin"}, {"name": ""}, {"name": "x" * 81}]
)
def test_token_needs_a_name_and_an_end(browser, facts):
    reply = make(browser, **facts)

    assert (reply.status_code, list(reply.json()["details"])) == (400, [*facts])


# EVENTS


@pytest.mark.django_db(transaction=True)
def test_events_since_a_position_are_those_that_one_may_hear(browser):
    start = browser.get(EVENTS).json()["position"]
    record(Event("video.changed", {"video_id": "a"}), groups=[EVERYONE])
    record(Event("report.progress", {"report": 1, "state": "x"}), groups=[EVERYONE])
    record(Event("video.changed", {"video_id": "b"}), groups=["video.b"])

    shown = browser.get(f"{EVENTS}?since={start}").json()
    more = browser.get(f"{EVENTS}?since={start}&groups=video.b,plan.1").json()
    later = browser.get(f"{EVENTS}?since={shown['position']}").json()

    assert [row["payload"] for row in shown["results"]] == [{"video_id": "a"}]
    assert [row["payload"]["video_id"] for row in more["results"]] == ["a", "b"]
    assert (later["results"], shown["has_gap"]) == ([], False)


def test_position_from_the_future_is_a_gap(browser):
    assert browser.get(f"{EVENTS}?since={10**17}").json()["has_gap"] is True


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("since=x", "since"),
        ("since=-1", "since"),
        ("since=9999999999999999999", "since"),
        ("since=1&groups=user.1", "groups"),
        ("since=1&groups=a", "groups"),
        ("colour=red", "colour"),
    ],
)
def test_malformed_questions_are_named(browser, query, name):
    reply = browser.get(f"{EVENTS}?{query}")

    assert (reply.status_code, list(reply.json()["details"])) == (400, [name])
