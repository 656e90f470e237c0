"""Seeding, Studio edits, faults, inspection."""

import threading
import time

import pytest
import requests

from tests.youtube_sync.sandbox.conftest import VIDEO_ID, reason

pytestmark = pytest.mark.integration
CHANNEL_ID = "UC" + "a" * 22
SEED = {
    "channels": [{"id": CHANNEL_ID, "title": "Label", "content_owner": "CO1"}],
    "videos": [{"id": VIDEO_ID, "title": "Song A", "channel_id": CHANNEL_ID}],
    "assets": [{"id": "A1", "content_owner": "CO1", "metadataMine": {"title": "S"}}],
    "claims": [{"id": "C1", "videoId": VIDEO_ID, "assetId": "A1"}],
}


@pytest.fixture
def control(sandbox, http):
    def send(method, path, json=None):
        address = f"{sandbox.url}/sandbox/{path}"
        headers = {"Content-Type": "application/json"}
        return http.request(method, address, json=json, headers=headers)

    return send


def test_seed_fills_everything(control, sandbox):
    reply = control("POST", "seed", SEED)

    assert reply.json()["taken"] == {
        "channels": 1, "videos": 1, "assets": 1, "claims": 1,
    }  # fmt: skip
    state = control("GET", "state").json()
    assert state["videos"][VIDEO_ID]["snippet"]["title"] == "Song A"
    assert "CO1" in state["content_owners"]


def test_seed_takes_videos_as_the_api_shows_them(control, sandbox):
    control("POST", "seed", SEED)
    shown = sandbox.video(VIDEO_ID)

    control("POST", "seed", {"videos": [shown]})

    assert sandbox.video(VIDEO_ID) == shown


def test_seed_can_replace_everything(control, sandbox):
    sandbox.add_video("leftover000")

    control("POST", "seed", SEED | {"replace": True})

    assert list(control("GET", "state?kinds=video").json()["videos"]) == [VIDEO_ID]


@pytest.mark.parametrize(
    "seed",
    [
        {"videos": [{"title": "no id"}]},
        {"videos": [{"id": "x", "nonsense": 1}]},
        {"videos": "text"},
        {"claims": [{"id": "C1"}]},
        {"channels": [{"id": "UCx"}], "videos": [{"id": "x", "length_seconds": "a"}]},
    ],
)
def test_seed_that_is_wrong_changes_nothing(control, seed):
    before = control("GET", "state").json()

    reply = control("POST", "seed", seed)

    assert (reply.status_code, reason(reply)) == (400, "badRequest")
    assert control("GET", "state").json() == before


def test_studio_edit_changes_a_video(control, sandbox):
    control("POST", "seed", SEED)

    reply = control("POST", f"videos/{VIDEO_ID}", {"title": "Edited", "tags": ["x"]})

    assert reply.status_code == 200
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "Edited"


def test_studio_edit_of_an_unknown_video_is_not_found(control):
    assert control("POST", "videos/unknown_id_", {"title": "x"}).status_code == 404


def test_removed_video_is_gone(control, sandbox):
    control("POST", "seed", SEED)

    control("DELETE", f"videos/{VIDEO_ID}")

    with pytest.raises(KeyError):
        sandbox.video(VIDEO_ID)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "nonsense"}),
        ("faults", {"kind": "status_503", "nonsense": 1}),
        ("settings", {"nonsense": 1}),
        ("clock", {"hours": 1}),
    ],
)
def test_control_refuses_unknown_wishes(control, path, body):
    reply = control("POST", path, body)

    assert (reply.status_code, reason(reply)) == (400, "badRequest")


def test_state_refuses_unknown_kinds(control):
    assert control("GET", "state?kinds=nonsense").status_code == 400


def test_fault_strikes_the_named_call_after_some(control, call, sandbox):
    sandbox.add_video(VIDEO_ID)
    fault = {"kind": "status_503", "operation": "videos.list", "skip": 1, "count": 1}
    control("POST", "faults", fault)

    def status():
        path = "/youtube/v3/videos"
        return call("GET", path, part="id", id=VIDEO_ID).status_code

    assert [status(), status(), status()] == [200, 503, 200]


def test_fault_that_lasts_can_be_cleared(control, call, sandbox):
    sandbox.add_video(VIDEO_ID)
    control("POST", "faults", {"kind": "html_502", "count": -1})
    path = "/youtube/v3/videos"
    statuses = [call("GET", path, part="id", id=VIDEO_ID).status_code for _ in "ab"]

    control("DELETE", "faults")

    statuses.append(call("GET", path, part="id", id=VIDEO_ID).status_code)
    assert statuses == [502, 502, 200]


def test_fault_of_latency_only_takes_time(control, call, sandbox):
    sandbox.add_video(VIDEO_ID)
    control("POST", "faults", {"kind": "latency", "seconds": 0.2})
    started = time.monotonic()

    reply = call("GET", "/youtube/v3/videos", part="id", id=VIDEO_ID)

    assert reply.status_code == 200
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(
    ("kind", "title"), [("drop_before_commit", "Old"), ("drop_after_commit", "New")]
)
def test_fault_of_a_dropped_update(update, sandbox, kind, title):
    sandbox.add_video(VIDEO_ID, title="Old")
    sandbox.add_fault(kind, "videos.update")

    with pytest.raises(requests.ConnectionError):
        update(snippet={"title": "New", "categoryId": "10"})

    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == title


def test_fault_of_a_late_reply_lets_the_update_happen_first(update, sandbox):
    sandbox.add_video(VIDEO_ID, title="Old")
    sandbox.add_fault("late_reply", "videos.update", seconds=1)
    sending = threading.Thread(
        target=update, kwargs={"snippet": {"title": "New", "categoryId": "10"}}
    )

    sending.start()
    while sandbox.video(VIDEO_ID)["snippet"]["title"] == "Old":
        time.sleep(0.02)
    was_waiting = sending.is_alive()
    sending.join()

    assert was_waiting


def test_requests_are_logged_without_secrets(control, call, sandbox, bearer):
    sandbox.add_video(VIDEO_ID)
    call("GET", "/youtube/v3/videos", part="id", id=VIDEO_ID)

    log = control("GET", "requests")

    (entry,) = log.json()["requests"]
    assert (entry["operation"], entry["status"], entry["units"]) == (
        "videos.list", 200, 1,
    )  # fmt: skip
    assert bearer["Authorization"].split()[1] not in log.text


def test_clock_can_be_moved(control, clock):
    reply = control("POST", "clock", {"seconds": 3600})

    assert reply.json()["now"] == "2026-11-23T13:00:00Z"


def test_grants_can_be_revoked_as_by_the_person(control, call):
    control("POST", "revoke")

    path = "/youtube/v3/channels"
    assert call("GET", path, part="id", mine="true").status_code == 401


def test_thumbnail_is_a_picture_of_its_own(sandbox, http):
    first = http.get(sandbox.url + "/thumbs/abcdefghijk.svg")
    second = http.get(sandbox.url + "/thumbs/kjihgfedcba.svg")

    assert first.headers["Content-Type"] == "image/svg+xml"
    assert "abcdefghijk" in first.text
    assert first.text.split("hsl")[1] != second.text.split("hsl")[1]


def test_thumbnail_runs_no_script_from_its_name(sandbox, http):
    picture = http.get(sandbox.url + "/thumbs/%3Cscript%3E.svg")

    assert "<script>" not in picture.text


def test_reads_are_stale_on_demand(control, sandbox, clock, call):
    sandbox.add_video(VIDEO_ID, title="Old")
    control("POST", f"videos/{VIDEO_ID}/stale", {"seconds": 60})
    sandbox.edit_video(VIDEO_ID, title="New")

    def title():
        reply = call("GET", "/youtube/v3/videos", part="snippet", id=VIDEO_ID).json()
        return reply["items"][0]["snippet"]["title"]

    before = title()
    clock.move(seconds=61)

    assert (before, title()) == ("Old", "New")


@pytest.mark.parametrize("body", [{}, {"seconds": "x"}])
def test_stale_needs_seconds(control, sandbox, body):
    sandbox.add_video(VIDEO_ID)

    assert control("POST", f"videos/{VIDEO_ID}/stale", body).status_code == 400


def test_tokens_expire_on_demand(control, sandbox, call):
    sandbox.add_video(VIDEO_ID)
    query = {"part": "id", "id": VIDEO_ID}
    before = call("GET", "/youtube/v3/videos", **query)

    control("POST", "expire", {"kind": "access_token"})

    assert before.status_code == 200
    assert call("GET", "/youtube/v3/videos", **query).status_code == 401
    assert control("POST", "expire", {"kind": "code"}).status_code == 400
