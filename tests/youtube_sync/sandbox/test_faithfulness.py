"""The sandbox against what Google publishes about its API."""

import pytest

from tests.youtube_sync.sandbox.conftest import VIDEO_ID
from tests.youtube_sync.sandbox.schemas import differences, parameters_of, response_of
from youtube_sync.sandbox.catalogue import DEFAULT_CHANNEL
from youtube_sync.sandbox.lists import GLOBAL_PARAMETERS, PARAMETERS
from youtube_sync.sandbox.video_rules import READ_ONLY, WRITABLE

pytestmark = pytest.mark.integration
V3 = "/youtube/v3/"
UPLOADS = "UU" + DEFAULT_CHANNEL[2:]
VIDEO_PARTS = (
    "id,snippet,status,contentDetails,statistics,recordingDetails,localizations"
)
CHANNEL_PARTS = "id,snippet,contentDetails,statistics,status,contentOwnerDetails"
CALLS = {
    "videos.list": ("videos", {"part": VIDEO_PARTS, "id": VIDEO_ID}),
    "channels.list": ("channels", {"part": CHANNEL_PARTS, "id": DEFAULT_CHANNEL}),
    "playlistItems.list": (
        "playlistItems",
        {"part": "id,snippet,contentDetails,status", "playlistId": UPLOADS},
    ),
    "videoCategories.list": ("videoCategories", {"part": "snippet", "id": "10"}),
    "i18nLanguages.list": ("i18nLanguages", {"part": "snippet"}),
    "i18nRegions.list": ("i18nRegions", {"part": "snippet"}),
    "search.list": (
        "search",
        {"part": "snippet", "q": "song", "forMine": "true", "type": "video"},
    ),
    "videos.batchGetStats": (
        "videos:batchGetStats",
        {"part": "id,snippet,contentDetails,statistics", "id": VIDEO_ID},
    ),
}


@pytest.fixture(autouse=True)
def video(sandbox):
    return sandbox.add_video(
        VIDEO_ID,
        title="Song A",
        description="Words",
        tags=["live", "1999"],
        default_language="en",
        default_audio_language="de",
        privacy_status="private",
        publish_at="2030-01-01T00:00:00Z",
        recording_date="2024-02-29T00:00:00Z",
        localizations={"de": {"title": "Lied", "description": "Text"}},
    )


# The schemas of the discovery document


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_reply_fits_its_schema(call, operation):
    path, query = CALLS[operation]
    owned = operation not in {"videoCategories.list"}
    owned &= not operation.startswith("i18n")

    reply = call("GET", V3 + path, owner=owned, **query).json()

    assert reply["items"]
    assert differences(reply, response_of(operation)) == []


def test_reply_to_an_update_fits_its_schema(update):
    reply = update(snippet={"title": "New", "categoryId": "10"}, status={}).json()

    assert reply["snippet"]["title"] == "New"
    assert differences(reply, "Video") == []


def test_schema_check_sees_what_is_wrong():
    broken = {"id": 5, "nonsense": 1, "status": {"privacyStatus": "secret"}}

    found = differences(broken, "Video")

    assert [text.split(":")[0] for text in found] == [
        "reply.id", "reply.nonsense", "reply.status.privacyStatus",
    ]  # fmt: skip


@pytest.mark.parametrize("operation", sorted(PARAMETERS))
def test_parameters_are_known_to_google(operation):
    own = PARAMETERS[operation] | (GLOBAL_PARAMETERS - {"part"})
    published = parameters_of(operation) | {"onBehalfOfContentOwner"}

    assert own <= published


@pytest.mark.parametrize(
    ("part", "schema"),
    [
        ("snippet", "VideoSnippet"),
        ("status", "VideoStatus"),
        ("recordingDetails", "VideoRecordingDetails"),
    ],
)
def test_writable_keys_are_known_to_google(part, schema):
    examples = {str: "x", bool: True, list: ["x"], dict: {}}
    enums = {"privacyStatus": "public", "license": "youtube"}
    body = {key: examples[kind] for key, kind in WRITABLE[part].items()}

    found = differences({k: enums.get(k, v) for k, v in body.items()}, schema)

    assert found == []
    assert not set(WRITABLE[part]) & READ_ONLY[part]
