"""Frozen values of what the APIs say, and bodies of updates."""

from datetime import UTC, datetime

import pytest

from youtube_sync.exceptions import IncompletePartError, InvalidMetadataError
from youtube_sync.remote import RemoteAsset, RemoteChannel, RemoteVideo, seconds

pytestmark = pytest.mark.unit
NOW = datetime(2026, 11, 23, tzinfo=UTC)
PARTS = ("snippet", "status", "localizations", "contentDetails", "statistics")


def item(**parts):
    snippet = {
        "publishedAt": "2026-01-05T10:00:00Z", "channelId": "UCx", "title": "Song A",
        "description": "", "categoryId": "10", "liveBroadcastContent": "none",
        "defaultLanguage": "pt-br", "defaultAudioLanguage": "en",
        "localized": {"title": "Song A", "description": ""}, "channelTitle": "Label",
        "thumbnails": {"medium": {"url": "https://i.example/m.jpg"}},
    }  # fmt: skip
    status = {
        "uploadStatus": "processed", "privacyStatus": "public", "license": "youtube",
        "embeddable": True, "publicStatsViewable": False, "madeForKids": False,
        "selfDeclaredMadeForKids": False, "containsSyntheticMedia": True,
    }  # fmt: skip
    video = {"kind": "youtube#video", "id": "abcdefghijk", "etag": "e1"}
    made = {"snippet": snippet, "status": status}
    made["contentDetails"] = {"duration": "PT1H2M3S"}
    made["statistics"] = {"viewCount": "5000000000", "commentCount": "7"}
    for name, changes in parts.items():
        made[name] = made.get(name, {}) | changes
    return video | made


def video(**parts):
    return RemoteVideo.from_api(item(**parts), PARTS)


def test_values_are_in_normal_form():
    values = video(
        snippet={"title": " Cafe\u0301\r\n", "tags": ["a", "A", "b"]}
    ).values()

    assert values == {
        "title": "Café", "description": "", "tags": ["a", "b"], "category_id": "10",
        "default_language": "pt-BR", "default_audio_language": "en",
        "privacy_status": "public", "publish_at": "", "embeddable": True,
        "license": "youtube", "public_stats_viewable": False, "made_for_kids": False,
        "localizations": {},
    }  # fmt: skip


def test_values_of_parts_that_were_not_read_are_unknown():
    read = RemoteVideo.from_api({"id": "abcdefghijk", "snippet": {"title": "T"}})

    values = read.values()

    assert "privacy_status" not in values
    assert "localizations" not in values
    assert "description" not in values
    assert values["tags"] == []


def test_values_hide_what_only_the_owner_is_shown():
    status = item()["status"]
    del status["selfDeclaredMadeForKids"]
    read = RemoteVideo.from_api(item() | {"status": status})

    values = read.values()

    assert not {"made_for_kids", "publish_at"} & set(values)


def test_values_say_nothing_about_an_unknown_category():
    values = video(snippet={"categoryId": "21"}).values()

    assert "category_id" not in values


@pytest.mark.parametrize(
    ("privacy", "expected"), [("private", "2026-12-01T17:00:00Z"), ("public", "")]
)
def test_values_show_a_schedule_of_private_videos_only(privacy, expected):
    status = {"privacyStatus": privacy, "publishAt": "2026-12-01T18:00:00.000+01:00"}

    assert video(status=status).values()["publish_at"] == expected


def test_facts_are_read():
    read = video()

    assert read.length_seconds == 3723
    assert read.view_count == 5_000_000_000
    assert (read.like_count, read.comment_count) == (None, 7)
    assert read.published_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert read.thumbnail_url == "https://i.example/m.jpg"
    assert (read.channel_id, read.is_live_stream) == ("UCx", False)


def test_facts_of_parts_that_were_not_read_are_unknown():
    read = RemoteVideo.from_api({"id": "abcdefghijk"})

    assert (read.length_seconds, read.view_count, read.published_at) == (None,) * 3
    assert read.is_live_stream is None


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("PT3M21S", 201), ("P1DT1S", 86401), ("P0D", 0), ("", None), ("3:21", None)],
)
def test_seconds_reads_durations(duration, expected):
    assert seconds(duration) == expected


def test_update_body_carries_every_writable_key_of_the_part():
    body = video(snippet={"tags": ["live"]}).writable_parts_with({"title": "New"})

    assert body == {
        "id": "abcdefghijk",
        "snippet": {
            "title": "New", "description": "", "categoryId": "10", "tags": ["live"],
            "defaultLanguage": "pt-br", "defaultAudioLanguage": "en",
        },
    }  # fmt: skip


def test_update_body_names_touched_parts_only():
    changes = {"embeddable": False, "localizations": {"fr": {"title": "Chanson"}}}

    body = video().writable_parts_with(changes)

    assert set(body) == {"id", "status", "localizations"}
    assert body["status"]["containsSyntheticMedia"] is True
    assert body["status"]["publicStatsViewable"] is False


@pytest.mark.parametrize(
    ("name", "key"), [("tags", "tags"), ("default_language", "defaultLanguage")]
)
def test_update_body_clears_a_value_by_leaving_it_out(name, key):
    empty = [] if name == "tags" else ""

    body = video(snippet={"tags": ["x"]}).writable_parts_with({name: empty})

    assert key not in body["snippet"]


@pytest.mark.parametrize(
    ("privacy", "moment", "is_sent"),
    [
        ("private", "2026-12-01T17:00:00Z", True),
        ("private", "2026-11-01T17:00:00Z", False),
        ("public", "2026-12-01T17:00:00Z", False),
        ("unlisted", "2026-12-01T17:00:00Z", False),
    ],
)
def test_update_body_repeats_only_a_living_schedule(privacy, moment, is_sent):
    live = video(status={"privacyStatus": privacy, "publishAt": moment})

    body = live.writable_parts_with({"embeddable": False}, now=NOW)

    assert ("publishAt" in body["status"]) is is_sent


def test_update_body_drops_the_schedule_when_the_video_goes_public():
    live = video(
        status={"privacyStatus": "private", "publishAt": "2026-12-01T17:00:00Z"}
    )

    body = live.writable_parts_with({"privacy_status": "public"}, now=NOW)

    assert "publishAt" not in body["status"]


def test_update_body_sends_a_wanted_schedule():
    live = video(status={"privacyStatus": "private"})

    body = live.writable_parts_with({"publish_at": "2027-01-01T00:00:00Z"}, now=NOW)

    assert body["status"]["publishAt"] == "2027-01-01T00:00:00Z"


@pytest.mark.parametrize("key", ["title", "description", "categoryId"])
def test_update_body_refuses_an_incomplete_snippet(key):
    snippet = item()["snippet"]
    del snippet[key]
    live = RemoteVideo.from_api({"id": "abcdefghijk", "snippet": snippet})

    with pytest.raises(IncompletePartError):
        live.writable_parts_with({"tags": ["new"]})


@pytest.mark.parametrize("changes", [{"title": "New"}, {"embeddable": False}])
def test_update_body_refuses_a_read_without_owner_rights(changes):
    status = item()["status"]
    del status["selfDeclaredMadeForKids"]
    live = RemoteVideo.from_api(item() | {"status": status})

    with pytest.raises(IncompletePartError):
        live.writable_parts_with(changes)


def test_update_body_refuses_a_part_that_was_not_read():
    live = RemoteVideo.from_api({"id": "abcdefghijk", "snippet": item()["snippet"]})

    with pytest.raises(IncompletePartError):
        live.writable_parts_with({"license": "creativeCommon"})


def test_update_body_leaves_the_live_value_alone():
    live = video(snippet={"tags": ["x"]})

    live.writable_parts_with({"title": "New"})["snippet"]["tags"].append("y")

    assert live.values()["tags"] == ["x"]


def asset(mine, kind="sound_recording"):
    return RemoteAsset.from_api({"id": "A1", "type": kind, "metadataMine": mine})


def test_asset_values_use_our_names():
    values = asset(
        {"artist": ["Band"], "isrc": "qz-abc-25-00001", "title": "T"}
    ).values()

    assert values == {
        "artist": ["Band"], "genre": [], "label": "", "album": "", "upc": "",
        "isrc": "QZABC2500001", "custom_id": "",
    }  # fmt: skip


def test_asset_values_are_unknown_when_provided_metadata_was_not_read():
    read = RemoteAsset.from_api({"id": "A1", "metadataEffective": {"label": "L"}})

    assert read.values() == {}
    assert read.displayed_values()["label"] == "L"


def test_asset_metadata_is_sent_complete_with_its_artist():
    live = asset(
        {"artist": ["Band"], "title": "T", "customId": "X-1", "genre": ["Pop"]}
    )

    metadata = live.writable_metadata_with({"isrc": "QZABC2500001", "genre": []})

    assert metadata == {
        "artist": ["Band"], "title": "T", "customId": "X-1", "isrc": "QZABC2500001",
    }  # fmt: skip


def test_asset_metadata_without_an_artist_is_refused():
    with pytest.raises(InvalidMetadataError) as caught:
        asset({"title": "T"}).writable_metadata_with({"label": "L"})

    assert caught.value.field == "artist"


def test_asset_metadata_of_other_kinds_needs_no_artist():
    metadata = asset({"title": "T"}, "web").writable_metadata_with({"label": "L"})

    assert metadata == {"title": "T", "label": "L"}


def test_asset_metadata_that_was_not_read_is_refused():
    with pytest.raises(IncompletePartError):
        RemoteAsset.from_api({"id": "A1"}).writable_metadata_with({"label": "L"})


def test_channel_with_hidden_subscribers_has_no_count():
    statistics = {"hiddenSubscriberCount": True, "subscriberCount": "0"}
    statistics |= {"viewCount": "3000000000"}

    channel = RemoteChannel.from_api({"id": "UCx", "statistics": statistics})

    assert channel.subscriber_count is None
    assert (channel.view_count, channel.video_count) == (3_000_000_000, None)
