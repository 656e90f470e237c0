"""Lookups, search, counters, thumbnails, and the buckets that pay for them."""

import pytest

from tests.youtube_sync.sandbox.conftest import VIDEO_ID, reason
from youtube_sync.sandbox.catalogue import DEFAULT_CHANNEL

pytestmark = pytest.mark.integration
V3 = "/youtube/v3/"
SET = "/upload/youtube/v3/thumbnails/set"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture(autouse=True)
def video(sandbox):
    sandbox.add_video(VIDEO_ID, title="Rock & Roll", view_count=7, tags=["live"])


def upload(http, sandbox, bearer, picture, **query):
    query = {"videoId": VIDEO_ID, "uploadType": "media"} | query
    query["onBehalfOfContentOwner"] = sandbox.content_owner
    headers = bearer | {"Content-Type": "image/png"}
    return http.post(sandbox.url + SET, params=query, data=picture, headers=headers)


@pytest.mark.parametrize(
    ("noun", "key", "name"),
    [("i18nLanguages", "de", "German"), ("i18nRegions", "TR", "Turkey")],
)
def test_lookup_lists_names(call, noun, key, name):
    reply = call("GET", V3 + noun, part="snippet").json()

    names = {item["id"]: item["snippet"]["name"] for item in reply["items"]}
    assert names[key] == name
    assert reply["kind"] == f"youtube#{noun[:-1]}ListResponse"


def test_lookup_without_its_snippet_shows_ids(call):
    reply = call("GET", V3 + "videoCategories", part="id", id="10").json()

    assert [set(item) for item in reply["items"]] == [{"kind", "etag", "id"}]


def test_search_texts_are_not_fit_to_be_written_back(call):
    reply = call("GET", V3 + "search", part="snippet", q="rock", type="video").json()

    snippet = reply["items"][0]["snippet"]
    assert snippet["title"] == "Rock &amp; Roll"
    assert not {"tags", "categoryId"} & set(snippet)


def test_search_has_a_bucket_of_its_own(call, sandbox):
    sandbox.change_settings(daily_searches=2)
    replies = [call("GET", V3 + "search", part="id", q="x") for _ in range(3)]

    assert [r.status_code for r in replies] == [200, 200, 429]
    info = replies[2].json()["error"]["details"][0]["metadata"]
    assert (info["quota_unit"], info["quota_limit_value"]) == ("1/d/{project}", "2")
    assert sandbox.units_spent == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"order": "length"}, "badRequest"),
        ({"type": "film"}, "badRequest"),
        ({"forContentOwner": "true"}, "incompatibleParameters"),
        ({"nonsense": "1"}, "unexpectedParameter"),
    ],
)
def test_search_refuses_what_it_does_not_know(call, query, expected):
    reply = call("GET", V3 + "search", part="id", **query)

    assert (reply.status_code, reason(reply)) == (400, expected)


def test_search_ends_after_its_most_results(call, sandbox, monkeypatch):
    monkeypatch.setattr("youtube_sync.sandbox.search.MOST_RESULTS", 3)
    for number in range(5):
        sandbox.add_video(f"many{number:07}")

    reply = call("GET", V3 + "search", part="id", maxResults="50").json()

    assert (len(reply["items"]), reply["pageInfo"]["totalResults"]) == (3, 3)


def test_stats_cost_nothing_of_the_general_bucket(call, sandbox):
    reply = call(
        "GET", V3 + "videos:batchGetStats", part="statistics", id=f"{VIDEO_ID},unknown"
    ).json()

    assert [item["id"] for item in reply["items"]] == [VIDEO_ID]
    assert reply["items"][0]["statistics"]["viewCount"] == "7"
    assert sandbox.units_spent == 0


def test_stats_take_fifty_ids(call):
    ids = ",".join(f"x{n}" for n in range(51))

    reply = call("GET", V3 + "videos:batchGetStats", part="id", id=ids)

    assert reason(reply) == "invalidFilters"


def test_thumbnail_is_shown_once_it_was_set(http, sandbox, bearer):
    reply = upload(http, sandbox, bearer, PNG)

    address = reply.json()["items"][0]["default"]["url"]
    shown = http.get(address)
    assert (shown.content, shown.headers["Content-Type"]) == (PNG, "image/png")
    assert sandbox.video(VIDEO_ID)["contentDetails"]["hasCustomThumbnail"] is True
    assert sandbox.units_spent == 50


@pytest.mark.parametrize(
    ("picture", "query", "status", "expected"),
    [
        (b"", {}, 400, "mediaBodyRequired"),
        (b"GIF89a", {}, 400, "invalidImage"),
        (PNG, {"videoId": "unknown0000"}, 404, "videoNotFound"),
    ],
)
def test_thumbnail_is_refused(http, sandbox, bearer, picture, query, status, expected):
    reply = upload(http, sandbox, bearer, picture, **query)

    assert (reply.status_code, reason(reply)) == (status, expected)


def test_fields_cut_the_reply_but_not_its_etag(call):
    query = {"part": "snippet,status", "id": VIDEO_ID}
    whole = call("GET", V3 + "videos", **query)

    cut = call("GET", V3 + "videos", fields="items(id,snippet/title)", **query)

    item = {"id": VIDEO_ID, "snippet": {"title": "Rock & Roll"}}
    assert cut.json() == {"items": [item]}
    assert cut.headers["ETag"] == whole.json()["etag"]


def test_language_of_the_caller_chooses_the_localized_texts(call, sandbox):
    texts = {"title": "Lied", "description": "Text"}
    sandbox.edit_video(VIDEO_ID, default_language="en", localizations={"de": texts})

    reply = call("GET", V3 + "videos", part="snippet", id=VIDEO_ID, hl="DE").json()

    assert reply["items"][0]["snippet"]["localized"] == texts


def test_playlist_is_asked_for_one_video(call, sandbox):
    sandbox.add_video("another0000")

    reply = call(
        "GET",
        V3 + "playlistItems",
        part="contentDetails",
        playlistId="UU" + DEFAULT_CHANNEL[2:],
        videoId=VIDEO_ID,
    ).json()

    found = [item["contentDetails"]["videoId"] for item in reply["items"]]
    assert (found, reply["pageInfo"]["totalResults"]) == ([VIDEO_ID], 1)
