"""Lists of the Data API: filters, parts, pages, permissions, quota."""

import pytest

from tests.youtube_sync.sandbox.conftest import VIDEO_ID, reason
from youtube_sync.sandbox.catalogue import DEFAULT_CHANNEL

pytestmark = pytest.mark.integration
PREFIX = "https://www.googleapis.com/auth/"
UPLOADS = "UU" + DEFAULT_CHANNEL[2:]


@pytest.fixture(autouse=True)
def video(sandbox):
    return sandbox.add_video(VIDEO_ID, title="Song A", tags=["live"])


@pytest.fixture
def videos(call):
    def get(**query):
        defaults = {"part": "snippet", "id": VIDEO_ID}
        return call("GET", "/youtube/v3/videos", **(defaults | query))

    return get


@pytest.fixture
def uploads(call, sandbox):
    """The uploads playlist of the default channel, which holds 12 videos."""
    for number in range(11):
        sandbox.add_video(
            f"upload{number:05}", published_at=f"2026-01-{number + 1:02}T00:00:00Z"
        )

    def get(**query):
        query = {"part": "contentDetails", "playlistId": UPLOADS} | query
        return call("GET", "/youtube/v3/playlistItems", **query)

    return get


def ids_of(page):
    return [item["contentDetails"]["videoId"] for item in page["items"]]


def test_videos_are_shown_with_the_asked_parts(videos):
    reply = videos(part="snippet,statistics").json()

    assert set(reply["items"][0]) == {"kind", "etag", "id", "snippet", "statistics"}
    assert reply["pageInfo"] == {"totalResults": 1, "resultsPerPage": 1}


def test_videos_that_are_unknown_are_left_out(videos):
    reply = videos(id=f"unknown_id_,{VIDEO_ID},{VIDEO_ID}").json()

    assert [item["id"] for item in reply["items"]] == [VIDEO_ID]


def test_videos_without_tags_have_no_such_key(videos, sandbox):
    sandbox.edit_video(VIDEO_ID, tags=[])

    assert "tags" not in videos().json()["items"][0]["snippet"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"id": ",".join(f"x{n}" for n in range(51))}, "invalidFilters"),
        ({"maxResults": "5"}, "invalidFilters"),
        ({"id": ""}, "missingRequiredParameter"),
        ({"part": "nonsense"}, "unknownPart"),
        ({"part": ""}, "unknownPart"),
        ({"nonsense": "1"}, "unexpectedParameter"),
    ],
)
def test_videos_refuses_wrong_parameters(videos, query, expected):
    reply = videos(**query)

    assert (reply.status_code, reason(reply)) == (400, expected)


def test_videos_refusal_has_the_envelope_of_google(videos):
    error = videos(part="nonsense").json()["error"]

    assert error["code"] == 400
    assert error["errors"][0] == {
        "message": error["message"], "domain": "youtube.part",
        "reason": "unknownPart", "location": "part", "locationType": "parameter",
    }  # fmt: skip


def test_etag_follows_the_content(videos, sandbox):
    first, again = videos(), videos()
    sandbox.edit_video(VIDEO_ID, title="Other")
    changed = videos()

    assert first.json()["etag"] == again.json()["etag"] == first.headers["ETag"]
    assert changed.json()["etag"] != first.json()["etag"]


def test_etag_that_is_known_saves_the_body(videos):
    etag = videos().json()["etag"]

    reply = videos(headers={"If-None-Match": etag})

    assert (reply.status_code, reply.content) == (304, b"")


def test_strangers_see_no_private_video(call, sandbox):
    sandbox.add_channel("UC" + "b" * 22, content_owner="Other")
    sandbox.add_video(
        "secret00000", channel_id="UC" + "b" * 22, privacy_status="private"
    )

    reply = call("GET", "/youtube/v3/videos", part="id", id="secret00000")

    assert reply.json()["items"] == []


def test_strangers_are_not_shown_what_the_owner_declared(call, sandbox):
    sandbox.add_channel("UC" + "b" * 22, content_owner="Other")
    sandbox.add_video(VIDEO_ID, channel_id="UC" + "b" * 22)

    reply = call("GET", "/youtube/v3/videos", part="status", id=VIDEO_ID)

    status = reply.json()["items"][0]["status"]
    assert "selfDeclaredMadeForKids" not in status
    assert status["madeForKids"] is False


def test_a_long_address_may_come_as_a_post(sandbox, http, bearer):
    headers = bearer | {"X-HTTP-Method-Override": "GET"}
    form = {"part": "snippet", "id": VIDEO_ID}

    reply = http.post(sandbox.url + "/youtube/v3/videos", data=form, headers=headers)

    assert reply.json()["items"][0]["id"] == VIDEO_ID


# Permissions


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"},
                                    {"Authorization": "Basic eDp5"}])  # fmt: skip
def test_calls_need_a_token(sandbox, http, header):
    reply = http.get(sandbox.url + "/youtube/v3/videos", headers=header)

    assert (reply.status_code, reason(reply)) == (401, "authError")
    assert "invalid_token" in reply.headers["Www-Authenticate"]


def test_a_token_expires(videos, clock):
    clock.move(hours=1)

    assert videos().status_code == 401


@pytest.mark.parametrize(
    ("method", "scope", "status"),
    [
        ("GET", "youtube.readonly", 200),
        ("PUT", "youtube.readonly", 403),
        ("PUT", "youtube.force-ssl", 404),
        ("GET", "youtube.upload", 403),
    ],
)
def test_calls_need_a_scope(sandbox, http, method, scope, status):
    token = sandbox.tokens((PREFIX + scope,))["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    query = {"params": {"part": "snippet", "id": VIDEO_ID}}
    if method == "PUT":
        query = {"params": {"part": "snippet"}, "json": {"id": "unknown_id_"}}

    address = sandbox.url + "/youtube/v3/videos"
    reply = http.request(method, address, headers=headers, **query)

    assert reply.status_code == status


def test_content_owner_must_be_a_known_one(call):
    path = "/youtube/v3/videos"

    reply = call(
        "GET", path, owner=False, onBehalfOfContentOwner="Nobody", part="id", id="x"
    )

    assert (reply.status_code, reason(reply)) == (404, "contentOwnerAccountNotFound")


# Channels, uploads, categories


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "missingRequiredParameter"),
        ({"mine": "true", "id": "UCx"}, "incompatibleParameters"),
        ({"id": ",".join(f"UC{n}" for n in range(51))}, "invalidFilters"),
        ({"mine": "true", "pageToken": "%%"}, "invalidPageToken"),
        ({"mine": "true", "maxResults": "51"}, "badRequest"),
    ],
)
def test_channels_refuses_wrong_filters(call, query, expected):
    reply = call("GET", "/youtube/v3/channels", part="snippet", **query)

    assert (reply.status_code, reason(reply)) == (400, expected)


def test_channels_are_managed_on_behalf_of_an_owner(call):
    path = "/youtube/v3/channels"
    reply = call("GET", path, owner=False, part="snippet", managedByMe="true")

    assert reason(reply) == "incompatibleParameters"


def test_channels_are_found_by_handle(call, sandbox):
    sandbox.add_channel("UC" + "c" * 22, custom_url="@Label")

    path = "/youtube/v3/channels"
    reply = call("GET", path, part="snippet", forHandle="label")

    assert [item["id"] for item in reply.json()["items"]] == ["UC" + "c" * 22]


def test_channel_counts_are_texts(call):
    path = "/youtube/v3/channels"
    reply = call("GET", path, part="statistics,contentDetails", id=DEFAULT_CHANNEL)

    channel = reply.json()["items"][0]
    assert channel["statistics"]["videoCount"] == "1"
    assert channel["contentDetails"]["relatedPlaylists"]["uploads"] == UPLOADS


def test_uploads_come_newest_first_in_pages(uploads):
    first = uploads(maxResults=5).json()
    second = uploads(maxResults=5, pageToken=first["nextPageToken"]).json()
    last = uploads(maxResults=5, pageToken=second["nextPageToken"]).json()

    found = ids_of(first) + ids_of(second) + ids_of(last)
    assert found[:2] == [VIDEO_ID, "upload00010"]
    assert len(set(found)) == 12
    assert "nextPageToken" not in last
    assert first["pageInfo"] == {"totalResults": 12, "resultsPerPage": 5}


def test_uploads_may_repeat_an_entry_on_the_next_page(uploads, sandbox):
    sandbox.change_settings(duplicate_page_items=True)

    first = uploads(maxResults=5).json()
    second = uploads(maxResults=5, pageToken=first["nextPageToken"]).json()

    assert ids_of(first)[-1] == ids_of(second)[0]


def test_uploads_of_an_unknown_playlist_are_not_found(uploads):
    reply = uploads(playlistId="UUunknown")

    assert (reply.status_code, reason(reply)) == (404, "playlistNotFound")


def test_categories_tell_which_can_be_assigned(call):
    reply = call("GET", "/youtube/v3/videoCategories", part="snippet", id="10,18,77")

    shown = {
        item["id"]: item["snippet"]["assignable"] for item in reply.json()["items"]
    }
    assert shown == {"10": True, "18": False}


# Quota


def test_quota_counts_reads_and_refusals(videos, sandbox):
    videos()
    videos(part="nonsense")

    assert [call["units"] for call in sandbox.requests] == [1, 1]
    assert sandbox.units_spent == 2


def test_quota_that_is_spent_refuses(videos, sandbox):
    sandbox.change_settings(daily_units=1)
    videos()

    reply = videos()

    error = reply.json()["error"]
    assert (reply.status_code, reason(reply)) == (403, "quotaExceeded")
    assert error["errors"][0]["domain"] == "youtube.quota"
    assert "quota</a>" in error["message"]


def test_quota_returns_at_midnight_in_california(sandbox, http, clock):
    def status():
        token = sandbox.tokens()["access_token"]
        address = f"{sandbox.url}/youtube/v3/videos?part=id&id={VIDEO_ID}"
        headers = {"Authorization": f"Bearer {token}"}
        return http.get(address, headers=headers).status_code

    sandbox.change_settings(daily_units=1)
    statuses = [status(), status()]
    clock.move(hours=19, minutes=59)  # 07:59 UTC: still the same day there
    statuses.append(status())
    clock.move(minutes=1)

    assert [*statuses, status()] == [200, 403, 403, 200]


# Reads after writes


def test_stale_reads_show_the_old_state_for_a_while(videos, update, sandbox):
    sandbox.change_settings(stale_read_seconds=60)

    update(snippet={"title": "New", "categoryId": "10"})

    assert videos().json()["items"][0]["snippet"]["title"] == "Song A"
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "New"
