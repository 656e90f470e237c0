"""The clients against the sandbox over HTTP."""

import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import fields
from tests.youtube_sync.conftest import ASSET_ID, VIDEO_ID, find_free_port
from youtube_sync import client as clients
from youtube_sync import exceptions as errors
from youtube_sync.client import LIVE_PARTS, VIDEO_PARTS
from youtube_sync.remote import RemoteVideo

pytestmark = pytest.mark.integration
OTHER_ID = "-_other_id_"


@pytest.fixture
def video(sandbox):
    return sandbox.add_video(
        VIDEO_ID,
        title="Old",
        description="One\nTwo – drei €",
        tags=["live", "1999"],
        category_id="10",
        default_language="en",
        default_audio_language="de",
        license="creativeCommon",
        embeddable=False,
        public_stats_viewable=False,
        localizations={"en": {}, "fr": {"title": "Vieux", "description": "D"}},
        length_seconds=201,
        view_count=5_000_000_000,
    )


@pytest.fixture
def asset(sandbox):
    metadata = {
        "title": "Song",
        "artist": ["Band"],
        "customId": "L-1",
        "genre": ["Pop"],
    }
    sandbox.add_claim("C1", videoId=VIDEO_ID, assetId=ASSET_ID)
    return sandbox.add_asset(ASSET_ID, metadataMine=metadata)


def read(youtube, video_id=VIDEO_ID):
    return youtube.get_videos([video_id], LIVE_PARTS)[video_id]


# Reading


def test_get_videos_reads_values_and_facts(youtube, video):
    read = youtube.get_videos([VIDEO_ID])[VIDEO_ID]

    assert read.values()["description"] == "One\nTwo – drei €"
    assert (read.length_seconds, read.view_count) == (201, 5_000_000_000)
    assert set(read.parts) >= set(VIDEO_PARTS)


def test_get_videos_leaves_unknown_ids_out(youtube, video):
    found = youtube.get_videos([OTHER_ID, VIDEO_ID])

    assert list(found) == [VIDEO_ID]


def test_get_videos_takes_ids_that_begin_with_a_hyphen(youtube, sandbox):
    sandbox.add_video(OTHER_ID)

    assert list(youtube.get_videos([OTHER_ID])) == [OTHER_ID]


def test_get_videos_of_nothing_calls_nobody(youtube, sandbox):
    assert youtube.get_videos([]) == {}
    assert sandbox.requests == []


def test_get_videos_reads_fifty_in_one_call(youtube, sandbox):
    ids = [f"video{number:06}" for number in range(50)]
    for video_id in ids:
        sandbox.add_video(video_id)

    found = youtube.get_videos(ids)

    assert set(found) == set(ids)
    assert (len(sandbox.requests), sandbox.units_spent) == (1, 1)


def test_get_videos_refuses_more_than_fifty(youtube):
    with pytest.raises(ValueError, match="50"):
        youtube.get_videos(["x"] * 51)


def test_list_managed_channels_follows_the_pages(youtube, sandbox):
    for number in range(60):
        sandbox.add_channel(f"UC{number:022}", title=f"Channel {number}")

    channels = youtube.list_managed_channels(sandbox.content_owner)

    assert len({channel.channel_id for channel in channels}) == 60
    assert len(sandbox.requests) == 2


def test_list_managed_channels_leaves_other_owners_out(youtube, sandbox):
    sandbox.add_channel("UC" + "a" * 22, title="Ours")
    sandbox.add_channel("UC" + "b" * 22, content_owner="SomebodyElse")

    channels = youtube.list_managed_channels(sandbox.content_owner)

    assert [channel.title for channel in channels] == ["Ours"]


def test_get_channels_reads_the_named_ones(youtube, sandbox):
    sandbox.add_channel("UC" + "a" * 22, subscriber_count=7, country="DE")

    channel = youtube.get_channels(["UC" + "a" * 22, "UCunknown"])["UC" + "a" * 22]

    assert (channel.subscriber_count, channel.country) == (7, "DE")
    assert channel.content_owner_id == sandbox.content_owner


def test_list_own_channels_shows_the_persons(sandbox, make_credentials, video):
    with clients.build_youtube_client(make_credentials(), sandbox.url) as client:
        channels = client.list_own_channels()

    assert len(channels) == 1


# Writing


def test_update_sends_one_call_and_changes_one_field(youtube, sandbox, video):
    live = read(youtube)

    reply = youtube.update_video(live, {"title": "New"})

    assert reply.values()["title"] == "New"
    assert sandbox.video(VIDEO_ID)["snippet"]["tags"] == ["live", "1999"]
    assert [call["units"] for call in sandbox.requests] == [1, 50]


def test_update_of_two_parts_is_one_call(youtube, sandbox, video):
    changes = {"title": "New", "embeddable": True}

    reply = youtube.update_video(read(youtube), changes)

    assert {name: reply.values()[name] for name in changes} == changes
    assert sandbox.units_spent == 51


def test_update_reply_shows_the_sent_parts_only(youtube, video):
    reply = youtube.update_video(read(youtube), {"license": "youtube"})

    assert set(reply.parts) == {"status"}


WISHES = {
    "title": st.text("aé字🎵 ", min_size=1, max_size=50).filter(str.strip),
    "description": st.text("aé字🎵\n ", max_size=200),
    "tags": st.lists(st.text("abc é", min_size=1, max_size=9), max_size=9),
    "category_id": st.sampled_from(["1", "10", "22", "24"]),
    "default_language": st.sampled_from(["de", "pt-BR", "zh-Hans"]),
    "default_audio_language": st.sampled_from(["", "fr", "es-419"]),
    "privacy_status": st.sampled_from(["public", "unlisted", "private"]),
    "embeddable": st.booleans(),
    "license": st.sampled_from(["youtube", "creativeCommon"]),
    "public_stats_viewable": st.booleans(),
    "made_for_kids": st.booleans(),
    "localizations": st.just({"en": {"title": "Old", "description": "One"}}),
}
wishes = st.sampled_from(sorted(WISHES)).flatmap(
    lambda name: st.tuples(st.just(name), WISHES[name])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wish=wishes)
def test_update_of_any_field_leaves_every_other_byte(youtube, sandbox, wish):
    name, raw = wish
    value = fields.PUSHABLE[name].normalise(raw) if name in fields.PUSHABLE else raw
    sandbox.add_video(
        VIDEO_ID, title="Old", description="One", tags=["live", "b c"],
        category_id="10", default_language="en", default_audio_language="de",
        license="creativeCommon", embeddable=False, public_stats_viewable=False,
        published_at="2026-01-05T10:00:00Z", recording_date="2020-01-01T00:00:00Z",
        localizations={"fr": {"title": "Vieux", "description": "D"}},
        status={"containsSyntheticMedia": True, "selfDeclaredMadeForKids": True},
    )  # fmt: skip
    before = _without(sandbox.video(VIDEO_ID), name)

    reply = youtube.update_video(read(youtube), {name: value})

    assert _without(sandbox.video(VIDEO_ID), name) == before
    assert reply.values()[name] == value


def _without(video, name):
    """Text of a video without one field and what YouTube derives from it."""
    derived = {"title": {"localized"}, "description": {"localized"}}
    derived |= {"made_for_kids": {"madeForKids"}}
    part, key = clients_key(name)
    video.pop("etag")
    if key is None:
        video.pop(part, None)
        return json.dumps(video, sort_keys=True)
    for dropped in {key} | derived.get(name, set()):
        video[part].pop(dropped, None)
    return json.dumps(video, sort_keys=True)


def clients_key(name):
    from youtube_sync.remote import VIDEO_KEYS

    return VIDEO_KEYS.get(name, (name, None))


def test_update_keeps_a_waiting_schedule(youtube, sandbox):
    later = "2099-12-01T17:00:00Z"
    sandbox.add_video(VIDEO_ID, privacy_status="private", publish_at=later)

    youtube.update_video(read(youtube), {"embeddable": False})

    assert sandbox.video(VIDEO_ID)["status"]["publishAt"] == later


def test_update_of_a_published_schedule_succeeds(youtube, sandbox):
    status = {"privacyStatus": "public", "publishAt": "2020-01-01T00:00:00Z"}
    sandbox.add_video(VIDEO_ID, status=status)

    reply = youtube.update_video(read(youtube), {"embeddable": False})

    assert reply.values()["embeddable"] is False


def test_update_of_what_others_own_is_never_sent(youtube, sandbox):
    sandbox.add_channel("UC" + "b" * 22, content_owner="SomebodyElse")
    sandbox.add_video(VIDEO_ID, channel_id="UC" + "b" * 22)

    with pytest.raises(errors.IncompletePartError):
        youtube.update_video(read(youtube), {"title": "Mine"})
    assert sandbox.units_spent == 1


def test_update_of_a_removed_video_is_not_found(youtube, sandbox, video):
    live = read(youtube)
    sandbox.sandbox.store.delete("video", VIDEO_ID)

    with pytest.raises(errors.RemoteNotFoundError):
        youtube.update_video(live, {"title": "New"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "a" * 101}, "title"),
        ({"title": "<b>"}, "title"),
        ({"description": "é" * 2501}, "description"),
        ({"tags": ["x" * 501]}, "tags"),
        ({"category_id": "21"}, "category_id"),
        ({"publish_at": "2099-01-01T00:00:00Z"}, "publish_at"),
    ],
)
def test_update_names_the_field_that_youtube_refused(youtube, video, changes, field):
    with pytest.raises(errors.InvalidMetadataError) as caught:
        youtube.update_video(read(youtube), changes)

    assert caught.value.field == field


# Faults


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("status_500", errors.RetryableAPIError),
        ("status_503", errors.RetryableAPIError),
        ("html_502", errors.RetryableAPIError),
        ("no_errors_array", errors.RetryableAPIError),
        ("rate_limit_429", errors.RetryableAPIError),
        ("rate_limit_403", errors.RetryableAPIError),
        ("quota_exceeded", errors.QuotaExceededError),
        ("daily_429", errors.QuotaExceededError),
        ("forbidden", errors.PushForbiddenError),
        ("drop_before_commit", errors.UncertainOutcomeError),
        ("drop_after_commit", errors.UncertainOutcomeError),
    ],
)
def test_update_translates_failures(youtube, sandbox, video, fault, expected):
    live = read(youtube)
    sandbox.add_fault(fault, "videos.update")

    with pytest.raises(errors.YouTubeAPIError) as caught:
        youtube.update_video(live, {"title": "New"})

    assert type(caught.value) is expected


@pytest.mark.parametrize("fault", ["drop_before_commit", "drop_after_commit"])
def test_a_dropped_update_is_sent_only_once(youtube, sandbox, video, fault):
    live = read(youtube)
    sandbox.add_fault(fault, "videos.update")

    with pytest.raises(errors.UncertainOutcomeError):
        youtube.update_video(live, {"title": "New"})

    sent = [call for call in sandbox.requests if call["operation"] == "videos.update"]
    assert len(sent) == 1


def test_a_read_after_a_dropped_update_shows_what_happened(youtube, sandbox, video):
    live = read(youtube)
    sandbox.add_fault("drop_after_commit", "videos.update")
    with pytest.raises(errors.UncertainOutcomeError):
        youtube.update_video(live, {"title": "New"})

    assert read(youtube).values()["title"] == "New"


def test_a_dropped_read_can_be_repeated(youtube, sandbox, video):
    sandbox.add_fault("drop_before_commit", "videos.list")

    with pytest.raises(errors.RetryableAPIError) as caught:
        read(youtube)

    assert type(caught.value) is errors.RetryableAPIError


def test_an_update_to_a_closed_port_was_not_sent(make_credentials, youtube, video):
    live = read(youtube)
    address = f"http://127.0.0.1:{find_free_port()}"

    with (
        clients.build_youtube_client(make_credentials(), address) as client,
        pytest.raises(errors.RetryableAPIError) as caught,
    ):
        client.update_video(live, {"title": "New"})

    assert type(caught.value) is errors.RetryableAPIError


def test_spent_quota_stops_updates(youtube, sandbox, video):
    sandbox.change_settings(daily_units=50)
    live = read(youtube)

    with pytest.raises(errors.QuotaExceededError):
        youtube.update_video(live, {"title": "New"})

    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "Old"


# Permission


def test_an_expired_token_is_refreshed_once(youtube, sandbox, video):
    sandbox.sandbox.oauth.expire("access_token")

    assert read(youtube).values()["title"] == "Old"
    operations = [call["operation"] for call in sandbox.requests]
    assert operations == ["videos.list", "oauth.token", "videos.list"]


def test_a_revoked_permission_needs_a_person(youtube, sandbox, video):
    sandbox.sandbox.oauth.revoke_everything()

    with pytest.raises(errors.ReconnectRequiredError):
        read(youtube)


def test_an_outage_of_the_token_endpoint_can_be_repeated(youtube, sandbox, video):
    sandbox.sandbox.oauth.expire("access_token")
    sandbox.add_fault("status_503", "oauth.token", count=-1)

    with pytest.raises(errors.RetryableAPIError):
        read(youtube)


def test_a_token_that_is_refused_twice_needs_a_person(youtube, sandbox, video):
    sandbox.add_fault("unauthorized", "videos.list", count=2)

    with pytest.raises(errors.ReconnectRequiredError):
        read(youtube)


def test_a_missing_scope_needs_a_person(sandbox, make_credentials, video):
    credentials = make_credentials("https://www.googleapis.com/auth/youtube.readonly")
    live = RemoteVideo.from_api(sandbox.video(VIDEO_ID))

    with (
        clients.build_youtube_client(credentials, sandbox.url) as client,
        pytest.raises(errors.ReconnectRequiredError),
    ):
        client.update_video(live, {"title": "New"})


def test_an_unknown_content_owner_is_an_account_problem(sandbox, make_credentials):
    credentials = make_credentials()

    with (
        clients.build_youtube_client(credentials, sandbox.url, "Nobody") as client,
        pytest.raises(errors.AccountProblemError),
    ):
        client.get_videos([VIDEO_ID])


def test_one_client_serves_several_threads(youtube, sandbox, video):
    titles = []
    work = [
        threading.Thread(target=lambda: titles.append(read(youtube).values()["title"]))
        for _ in range(8)
    ]

    for thread in work:
        thread.start()
    for thread in work:
        thread.join()

    assert titles == ["Old"] * 8


# Content ID


def test_get_assets_reads_provided_and_displayed(content_id, sandbox, asset):
    shown = {"artist": ["The Band"], "label": "Other"}
    sandbox.add_asset(ASSET_ID, metadataMine={"artist": ["B"]}, metadataEffective=shown)

    read = content_id.get_assets([ASSET_ID, "A000000000000000"])

    assert list(read) == [ASSET_ID]
    assert read[ASSET_ID].values()["artist"] == ["B"]
    assert read[ASSET_ID].displayed_values()["label"] == "Other"


def test_update_asset_keeps_the_rest_of_the_metadata(content_id, sandbox, asset):
    live = content_id.get_assets([ASSET_ID])[ASSET_ID]

    reply = content_id.update_asset(live, {"isrc": "QZABC2500001"})

    assert reply.values()["isrc"] == "QZABC2500001"
    assert sandbox.asset(ASSET_ID)["metadataMine"] == {
        "title": "Song", "artist": ["Band"], "customId": "L-1", "genre": ["Pop"],
        "isrc": "QZABC2500001",
    }  # fmt: skip


def test_update_asset_names_the_field_that_was_refused(content_id, asset):
    live = content_id.get_assets([ASSET_ID])[ASSET_ID]

    with pytest.raises(errors.YouTubeAPIError) as caught:
        content_id.update_asset(live, {"isrc": "QZ1"})

    assert caught.value.field == "isrc"


def test_find_claims_follows_the_pages(content_id, sandbox, asset):
    for number in range(60):
        sandbox.add_claim(f"D{number}", videoId=VIDEO_ID, assetId=f"A{number:015}")
    sandbox.add_claim("E1", videoId=VIDEO_ID, assetId=ASSET_ID, status="inactive")

    claims = content_id.find_claims([VIDEO_ID, OTHER_ID])

    assert len({claim.claim_id for claim in claims}) == 61
    assert {claim.status for claim in claims} == {"active"}
    assert claims[0].is_partner_uploaded is True


def test_get_content_owners_lists_them(content_id, sandbox, asset, video):
    owners = content_id.get_content_owners()

    assert [owner.content_owner_id for owner in owners] == [sandbox.content_owner]


def test_content_id_without_access_says_so(content_id, sandbox):
    sandbox.change_settings(content_id_enabled=False)

    with pytest.raises(errors.ApiNotEnabledError):
        content_id.get_assets([ASSET_ID])


def test_of_nothing_calls_nobody(content_id, youtube, sandbox):
    assert content_id.get_assets([]) == {}
    assert content_id.find_claims([]) == []
    assert youtube.get_channels([]) == {}
    assert sandbox.requests == []
