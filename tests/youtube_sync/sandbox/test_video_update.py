"""videos.update replaces whole parts, and checks in a fixed order."""

import pytest

from tests.youtube_sync.sandbox.conftest import VIDEO_ID, reason

pytestmark = pytest.mark.integration
SNIPPET = {"title": "New", "categoryId": "10"}
STATUS = {"privacyStatus": "public"}
LATER, EARLIER = "2026-12-01T17:00:00Z", "2026-11-01T17:00:00Z"


@pytest.fixture(autouse=True)
def video(sandbox):
    return sandbox.add_video(
        VIDEO_ID,
        title="Old",
        description="Text",
        tags=["live"],
        default_language="en",
        default_audio_language="de",
        license="creativeCommon",
        embeddable=False,
        localizations={"en": {}, "fr": {"title": "Vieux", "description": ""}},
    )


def test_update_resets_what_the_snippet_leaves_out(update, sandbox):
    reply = update(snippet=SNIPPET)

    snippet = sandbox.video(VIDEO_ID)["snippet"]
    assert reply.status_code == 200
    assert (snippet["title"], snippet["description"]) == ("New", "")
    assert not {"tags", "defaultLanguage", "defaultAudioLanguage"} & set(snippet)


def test_update_resets_what_the_status_leaves_out(update, sandbox):
    update(status={"privacyStatus": "unlisted"})

    status = sandbox.video(VIDEO_ID)["status"]
    assert (status["license"], status["embeddable"]) == ("youtube", True)


def test_update_without_privacy_takes_the_accounts_default(update, sandbox):
    sandbox.change_settings(default_privacy="private")

    update(status={"embeddable": True})

    assert sandbox.video(VIDEO_ID)["status"]["privacyStatus"] == "private"


def test_update_can_keep_the_audio_language(update, sandbox):
    sandbox.change_settings(audio_language_wiped=False)

    update(snippet=SNIPPET)

    assert sandbox.video(VIDEO_ID)["snippet"]["defaultAudioLanguage"] == "de"


def test_update_leaves_parts_alone_that_are_not_named(update, sandbox):
    before = sandbox.video(VIDEO_ID)

    update(snippet=SNIPPET)

    after = sandbox.video(VIDEO_ID)
    assert after["status"] == before["status"]
    assert after["localizations"] == before["localizations"]


def test_update_reply_has_the_named_parts_without_made_for_kids(update):
    reply = update("status,statistics", status=STATUS).json()

    assert set(reply) == {"kind", "etag", "id", "status", "statistics"}
    assert "madeForKids" not in reply["status"]


def test_update_ignores_read_only_properties(update, sandbox):
    update(snippet=SNIPPET | {"channelId": "UCx", "publishedAt": "2001-01-01T00:00Z"})

    assert sandbox.video(VIDEO_ID)["snippet"]["channelId"] != "UCx"


def test_update_splits_tags_at_commas(update, sandbox):
    update(snippet=SNIPPET | {"tags": ["a, b", "c"]})

    assert sandbox.video(VIDEO_ID)["snippet"]["tags"] == ["a", "b", "c"]


def test_update_writes_language_codes_the_usual_way(update, sandbox):
    update(
        snippet=SNIPPET | {"defaultLanguage": "PT-br"},
        localizations={"zh-hans": {"title": "標題"}},
    )

    video = sandbox.video(VIDEO_ID)
    assert video["snippet"]["defaultLanguage"] == "pt-BR"
    assert video["localizations"] == {"zh-Hans": {"title": "標題", "description": ""}}


def test_update_of_localizations_replaces_the_whole_map(update, sandbox):
    update(localizations={"de": {"title": "Alt", "description": "T"}})

    assert set(sandbox.video(VIDEO_ID)["localizations"]) == {"de"}


def test_update_of_the_title_mirrors_the_default_translation(update, sandbox):
    update(snippet=SNIPPET | {"defaultLanguage": "en"})

    assert sandbox.video(VIDEO_ID)["localizations"]["en"]["title"] == "New"


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ({"categoryId": "10"}, "invalidVideoMetadata"),
        ({"title": "New"}, "invalidVideoMetadata"),
        (SNIPPET | {"title": " "}, "invalidTitle"),
        (SNIPPET | {"title": "a" * 101}, "invalidTitle"),
        (SNIPPET | {"title": "🎵" * 51}, "invalidTitle"),
        (SNIPPET | {"title": "a < b"}, "invalidTitle"),
        (SNIPPET | {"description": "é" * 2501}, "invalidDescription"),
        (SNIPPET | {"tags": ["a" * 250, "b" * 250]}, "invalidTags"),
        (SNIPPET | {"tags": ["a " * 249 + "b"]}, "invalidTags"),
        (SNIPPET | {"categoryId": "18"}, "invalidCategoryId"),
        (SNIPPET | {"categoryId": "999"}, "invalidCategoryId"),
        (SNIPPET | {"defaultLanguage": "cn"}, "invalidVideoMetadata"),
        (SNIPPET | {"artist": "Band"}, "badRequest"),
        (SNIPPET | {"tags": "live"}, "badRequest"),
        (SNIPPET | {"tags": [1]}, "badRequest"),
        ("text", "badRequest"),
    ],
)
def test_update_refuses_a_bad_snippet(update, sandbox, snippet, expected):
    before = sandbox.video(VIDEO_ID)

    reply = update(snippet=snippet)

    assert (reply.status_code, reason(reply)) == (400, expected)
    assert sandbox.video(VIDEO_ID) == before


def test_update_takes_values_at_their_limits(update):
    tags = ["a" * 249, "b" * 250]
    snippet = {"title": "🎵" * 50, "description": "é" * 2500, "tags": tags}

    reply = update(snippet=snippet | {"categoryId": "10"})

    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"privacyStatus": "secret"}, "invalidVideoMetadata"),
        ({"privacyStatus": "public", "license": "mit"}, "invalidVideoMetadata"),
        ({"privacyStatus": "public", "embeddable": "yes"}, "badRequest"),
        ({"privacyStatus": "public", "monetized": True}, "badRequest"),
        ({"privacyStatus": "public", "publishAt": LATER}, "invalidPublishAt"),
        ({"privacyStatus": "private", "publishAt": LATER}, "invalidPublishAt"),
    ],
)
def test_update_refuses_a_bad_status(update, status, expected):
    reply = update(status=status)

    assert (reply.status_code, reason(reply)) == (400, expected)


@pytest.mark.parametrize(
    ("localizations", "expected"),
    [
        ({"fr": {"title": ""}}, "invalidVideoMetadata"),
        ({"fr": {}}, "invalidVideoMetadata"),
        ({"cn": {"title": "T"}}, "invalidVideoMetadata"),
        ({"fr": {"title": "a" * 101}}, "invalidVideoMetadata"),
        ({"fr": {"title": "T", "tags": "x"}}, "badRequest"),
        ({"fr": "T"}, "badRequest"),
    ],
)
def test_update_refuses_bad_localizations(update, localizations, expected):
    reply = update(localizations=localizations)

    assert (reply.status_code, reason(reply)) == (400, expected)


def test_update_of_localizations_needs_a_default_language(update, sandbox):
    sandbox.edit_video(VIDEO_ID, default_language=None)

    reply = update(localizations={"fr": {"title": "T"}})

    assert reason(reply) == "defaultLanguageNotSet"


def test_update_refuses_a_translation_that_contradicts_the_title(update):
    snippet = SNIPPET | {"defaultLanguage": "en"}

    reply = update(snippet=snippet, localizations={"en": {"title": "Other"}})

    assert reason(reply) == "invalidVideoMetadata"


@pytest.mark.parametrize(
    ("part", "expected"),
    [("", "unknownPart"), ("snippet,nonsense", "unknownPart"),
     ("status", "unexpectedPart")],
)  # fmt: skip
def test_update_refuses_wrong_parts(update, part, expected):
    reply = update(part, snippet=SNIPPET)

    assert (reply.status_code, reason(reply)) == (400, expected)


@pytest.mark.parametrize("name", ["nonsense", "artist"])
def test_update_refuses_keys_that_no_video_has(update, sandbox, name):
    before = sandbox.video(VIDEO_ID)

    reply = update("snippet", snippet=SNIPPET, **{name: {}})

    assert (reply.status_code, reason(reply)) == (400, "badRequest")
    assert sandbox.video(VIDEO_ID) == before


def test_update_refuses_a_bad_recording_date(update):
    reply = update(recordingDetails={"recordingDate": "yesterday"})

    assert (reply.status_code, reason(reply)) == (400, "invalidRecordingDetails")


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b"\xff"])
def test_update_refuses_a_body_that_is_no_object(sandbox, http, bearer, body):
    address = f"{sandbox.url}/youtube/v3/videos?part=snippet"

    reply = http.put(address, data=body, headers=bearer)

    assert (reply.status_code, reason(reply)) == (400, "parseError")


@pytest.mark.parametrize("video_id", ["unknown_id_", None, 7])
def test_update_of_an_unknown_video_is_not_found(call, video_id):
    body = {"id": video_id, "snippet": SNIPPET}

    reply = call("PUT", "/youtube/v3/videos", json=body, part="snippet")

    assert (reply.status_code, reason(reply)) == (404, "videoNotFound")


def test_update_of_somebody_elses_video_is_forbidden(update, sandbox):
    sandbox.add_channel("UC" + "b" * 22, content_owner="Other")
    sandbox.add_video(VIDEO_ID, channel_id="UC" + "b" * 22)

    reply = update(snippet={})

    assert (reply.status_code, reason(reply)) == (403, "forbidden")


def test_update_checks_quota_before_the_video(call, sandbox):
    sandbox.change_settings(daily_units=10)

    reply = call("PUT", "/youtube/v3/videos", json={"id": "x"}, part="snippet")

    assert (reply.status_code, reason(reply)) == (403, "quotaExceeded")


def test_update_that_is_refused_costs_as_much(update, sandbox):
    update(snippet={})

    assert sandbox.units_spent == 50


# Schedules


@pytest.fixture
def private(sandbox):
    sandbox.add_video(VIDEO_ID, privacy_status="private")


@pytest.mark.usefixtures("private")
def test_schedule_is_taken_on_a_private_video(update, sandbox):
    update(status={"privacyStatus": "private", "publishAt": LATER})

    assert sandbox.video(VIDEO_ID)["status"]["publishAt"] == LATER


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize("moment", ["tomorrow", "2026-12-01T17:00:00"])
def test_schedule_must_be_a_moment(update, moment):
    reply = update(status={"privacyStatus": "private", "publishAt": moment})

    assert reason(reply) == "invalidPublishAt"


@pytest.mark.usefixtures("private")
def test_schedule_in_the_past_publishes_at_once(update, sandbox):
    update(status={"privacyStatus": "private", "publishAt": EARLIER})

    video = sandbox.video(VIDEO_ID)
    assert video["status"]["privacyStatus"] == "public"
    assert video["snippet"]["publishedAt"] == "2026-11-23T12:00:00Z"


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize("extra", [{}, {"publishAt": None}])
def test_schedule_that_is_left_out_is_cleared(update, sandbox, extra):
    update(status={"privacyStatus": "private", "publishAt": LATER})

    update(status={"privacyStatus": "private"} | extra)

    status = sandbox.video(VIDEO_ID)["status"]
    assert (status["privacyStatus"], "publishAt" in status) == ("private", False)


@pytest.mark.usefixtures("private")
def test_schedule_publishes_when_its_time_comes(update, sandbox, clock):
    update(status={"privacyStatus": "private", "publishAt": LATER})

    clock.move(days=30)

    video = sandbox.video(VIDEO_ID)
    assert video["status"]["privacyStatus"] == "public"
    assert video["status"]["publishAt"] == video["snippet"]["publishedAt"] == LATER


def test_schedule_is_refused_once_the_video_was_public(update):
    update(status={"privacyStatus": "private"})

    reply = update(status={"privacyStatus": "private", "publishAt": LATER})

    assert reason(reply) == "invalidPublishAt"
