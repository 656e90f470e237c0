"""The sandbox read and written by python-youtube, a client that we did not write."""

import pytest
import pyyoutube

from tests.youtube_sync.sandbox.conftest import VIDEO_ID
from youtube_sync.sandbox.catalogue import DEFAULT_CHANNEL

pytestmark = pytest.mark.integration
UPLOADS = "UU" + DEFAULT_CHANNEL[2:]


@pytest.fixture(autouse=True)
def video(sandbox):
    return sandbox.add_video(
        VIDEO_ID,
        title="Song A",
        tags=["live", "1999"],
        privacy_status="private",
        publish_at="2030-01-01T00:00:00Z",
    )


@pytest.fixture
def stranger(sandbox):
    """The client library python-youtube, pointed at the sandbox."""
    token = sandbox.tokens()["access_token"]
    client = pyyoutube.Client(access_token=token)
    client.BASE_URL = sandbox.url + "/youtube/v3/"
    client.EXCHANGE_ACCESS_TOKEN_URL = sandbox.url + "/token"
    client.REVOKE_TOKEN_URL = sandbox.url + "/revoke"
    client.session.trust_env = False
    with client.session:
        yield client


def test_stranger_reads_a_video(stranger, sandbox):
    owner = sandbox.content_owner

    reply = stranger.videos.list(
        parts=["snippet", "status"], video_id=VIDEO_ID, on_behalf_of_content_owner=owner
    )

    [video] = reply.items
    assert (video.snippet.title, video.snippet.tags) == ("Song A", ["live", "1999"])
    assert video.status.publishAt == "2030-01-01T00:00:00Z"


def test_stranger_replaces_a_whole_part(stranger, sandbox):
    body = {"id": VIDEO_ID, "snippet": {"title": "New", "categoryId": "10"}}

    video = stranger.videos.update(
        body=body,
        parts=["snippet"],
        on_behalf_of_content_owner=sandbox.content_owner,
    )

    assert video.snippet.title == "New"
    assert "tags" not in sandbox.video(VIDEO_ID)["snippet"]
    assert sandbox.units_spent == 50


def test_stranger_pages_through_the_uploads(stranger, sandbox):
    for number in range(4):
        sandbox.add_video(f"upload{number:05}")
    found, token = [], None
    owner = {"onBehalfOfContentOwner": sandbox.content_owner}

    while token is None or token:
        page = stranger.playlistItems.list(
            parts="contentDetails",
            playlist_id=UPLOADS,
            max_results=2,
            page_token=token,
            **owner,
        )
        found += [item.contentDetails.videoId for item in page.items]
        token = page.nextPageToken or ""

    assert len(found) == len(set(found)) == 5


def test_stranger_reads_channels_categories_and_languages(stranger):
    channels = stranger.channels.list(channel_id=DEFAULT_CHANNEL, parts="snippet")
    categories = stranger.videoCategories.list(category_id="10", parts="snippet")
    languages = stranger.i18nLanguages.list(parts="snippet")

    assert channels.items[0].snippet.title == "Sandbox channel"
    assert categories.items[0].snippet.title == "Music"
    assert "German" in {item.snippet.name for item in languages.items}


def test_stranger_understands_a_refusal(stranger):
    with pytest.raises(pyyoutube.PyYouTubeException) as refused:
        stranger.videos.list(parts="snippet", video_id=["x"] * 51)

    assert refused.value.status_code == 400
    assert "invalid filter" in refused.value.message


def test_stranger_refreshes_and_revokes_its_token(stranger, sandbox):
    stranger.client_id, stranger.client_secret = "sandbox-client", "sandbox-secret"
    refresh_token = sandbox.tokens()["refresh_token"]

    fresh = stranger.refresh_access_token(refresh_token)
    revoked = stranger.revoke_access_token(fresh.access_token)

    assert fresh.expires_in == 3599
    assert revoked
    with pytest.raises(pyyoutube.PyYouTubeException):
        stranger.refresh_access_token(refresh_token)
