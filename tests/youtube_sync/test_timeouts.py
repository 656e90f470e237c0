"""No call to Google waits for ever."""

import pytest
from requests.adapters import HTTPAdapter

from tests.recovery.machine import wait_until
from tests.youtube_sync.conftest import ASSET_ID, VIDEO_ID
from youtube_sync import exceptions as errors
from youtube_sync import oauth
from youtube_sync.client import LIVE_PARTS

pytestmark = pytest.mark.integration
MOST_SECONDS, SHORT_SECONDS, LONG_SECONDS = 60, 0.5, 3
CALLBACK = "http://127.0.0.1/callback/"


@pytest.fixture
def waits(monkeypatch):
    """How long each call that leaves may take: address and time-out."""
    seen, send = [], HTTPAdapter.send

    def noted(self, request, *args, timeout=None, **kwargs):
        seen.append((request.path_url.split("?")[0], timeout))
        return send(self, request, *args, timeout=timeout, **kwargs)

    monkeypatch.setattr(HTTPAdapter, "send", noted)
    return seen


@pytest.fixture
def impatient(monkeypatch):
    """Cut short what has a time-out; a call without one still waits."""
    send = HTTPAdapter.send

    def hurried(self, request, *args, timeout=None, **kwargs):
        timeout = timeout and (5, SHORT_SECONDS)
        return send(self, request, *args, timeout=timeout, **kwargs)

    return lambda: monkeypatch.setattr(HTTPAdapter, "send", hurried)


@pytest.fixture(autouse=True)
def known(sandbox):
    sandbox.add_video(VIDEO_ID, title="Song A")
    sandbox.add_asset(ASSET_ID, metadataMine={"title": "Song A", "artist": ["Ada"]})
    sandbox.add_claim("C1", videoId=VIDEO_ID, assetId=ASSET_ID)


def call_everything(youtube, content_id, sandbox):
    live = youtube.get_videos([VIDEO_ID], LIVE_PARTS)[VIDEO_ID]
    youtube.update_video(live, {"title": "New"})
    youtube.list_managed_channels(sandbox.content_owner)
    content_id.find_claims([VIDEO_ID])
    asset = content_id.get_assets([ASSET_ID])[ASSET_ID]
    content_id.update_asset(asset, {"label": "Label"})
    content_id.get_content_owners()


def ask_for_tokens(config, tokens):
    with pytest.raises(errors.ReconnectRequiredError):
        oauth.finish_consent(config, CALLBACK, "no code", "verifier")
    oauth.refresh(config, tokens["refresh_token"])
    oauth.revoke(config, tokens["refresh_token"])


def test_every_call_ends_after_a_while(waits, youtube, content_id, config, sandbox):
    call_everything(youtube, content_id, sandbox)
    ask_for_tokens(config, sandbox.tokens())

    assert len({address for address, _ in waits}) >= 8
    for address, timeout in waits:
        assert timeout is not None, address
        assert max(timeout) <= MOST_SECONDS, address


def test_read_that_takes_too_long_is_given_up(youtube, sandbox, impatient):
    sandbox.add_fault("latency", "videos.list", seconds=LONG_SECONDS)
    impatient()

    with pytest.raises(errors.RetryableAPIError):
        youtube.get_videos([VIDEO_ID])


def test_write_that_takes_too_long_is_uncertain(youtube, sandbox, impatient):
    live = youtube.get_videos([VIDEO_ID], LIVE_PARTS)[VIDEO_ID]
    sandbox.add_fault("late_reply", "videos.update", seconds=LONG_SECONDS)
    impatient()

    with pytest.raises(errors.UncertainOutcomeError):
        youtube.update_video(live, {"title": "New"})

    wait_until(lambda: sandbox.video(VIDEO_ID)["snippet"]["title"] == "New")
