"""A connected account, a publisher, and videos that the sandbox knows too."""

import pytest

from catalog import fields
from catalog.doors import Door, opened
from catalog.models import Video
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    ClaimFactory,
    ContentOwnerFactory,
    UserFactory,
    VideoFactory,
)
from tests.factories.youtube_sync import YouTubeAccountFactory
from youtube_sync import oauth
from youtube_sync.models import PushPlan, RefreshRun
from youtube_sync.services import attempts, clients, plans, push, refresh

VIDEO_ID = "abcdefghijk"
ASSET_ID = "A123456789012345"
OBSERVED = {
    "title": "Old title",
    "description": "The official video.",
    "tags": ["live", "1999"],
    "category_id": "10",
    "default_language": "en",
    "default_audio_language": "de",
    "license": "creativeCommon",
    "embeddable": False,
    "public_stats_viewable": False,
    "made_for_kids": False,
    "privacy_status": "public",
}
PROVIDED = {
    "title": "Recording",
    "artist": ["Ada"],
    "genre": ["Pop"],
    "label": "Analytical",
    "album": "First",
    "upc": "036000291452",
    "isrc": "QZABC2500001",
    "customId": "LBL-1",
}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    """Back off without waiting."""
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0)


@pytest.fixture
def publisher(db):
    permissions = ["catalog.push_video", "youtube_sync.add_pushplan"]
    return UserFactory(permissions=permissions)


@pytest.fixture
def owner(sandbox, db):
    """The sandbox's content owner as the catalogue knows it."""
    sandbox.add_content_owner(sandbox.content_owner)
    return ContentOwnerFactory(name="Labels", content_owner_id=sandbox.content_owner)


@pytest.fixture
def account(sandbox, owner):
    """An account with tokens of the sandbox."""
    tokens = oauth._tokens_of(sandbox.tokens(oauth.SCOPES))
    return YouTubeAccountFactory(
        content_owner=owner,
        refresh_token=tokens.refresh_token,
        access_token=tokens.access_token,
        access_token_expires_at=tokens.expires_at,
    )


@pytest.fixture
def channel(owner):
    return ChannelFactory(content_owner=owner)


@pytest.fixture
def make_video(sandbox, channel):
    """A video on both sides; keywords are wanted values that differ."""

    def make(video_id=VIDEO_ID, **wanted):
        sandbox.add_video(video_id, **OBSERVED, channel_id=channel.channel_id)
        observed = dict.fromkeys(fields.ASSET_PART, "") | OBSERVED | {"publish_at": ""}
        observed |= {"artist": [], "genre": []}
        shown = {f"snapshot__{name}": value for name, value in observed.items()}
        values = observed | wanted
        return VideoFactory(video_id=video_id, channel=channel, **values, **shown)

    return make


@pytest.fixture
def make_asset_video(sandbox, owner, channel):
    """A video with a primary asset on both sides."""

    def make(video_id=VIDEO_ID, asset_id=ASSET_ID, **wanted):
        provided = {"custom_id": "LBL-1"} | {
            name: PROVIDED[name] for name in fields.ASSET_PART if name != "custom_id"
        }
        sandbox.add_video(video_id, **OBSERVED, channel_id=channel.channel_id)
        sandbox.add_asset(asset_id, metadataMine=dict(PROVIDED))
        sandbox.add_claim(f"C{video_id}", videoId=video_id, assetId=asset_id)
        asset = AssetFactory(content_owner=owner, asset_id=asset_id, **provided)
        ClaimFactory(asset=asset, video_id=video_id)
        observed = OBSERVED | provided | {"publish_at": ""}
        shown = {f"snapshot__{name}": value for name, value in observed.items()}
        return VideoFactory(
            video_id=video_id,
            channel=channel,
            primary_asset=asset,
            **(observed | wanted),
            **shown,
        )

    return make


@pytest.fixture
def connected(account):
    """Clients of the account."""
    with clients.connect(account) as opened:
        yield opened


class Killed(BaseException):
    """Ends the worker like SIGKILL: nothing of ours may catch it."""


@pytest.fixture
def start(account, publisher):
    """A run of the whole catalogue; `options` are columns of the run."""

    def make(**options):
        options = {"with_counters": False} | options
        return RefreshRun.objects.create(
            account=account,
            scope=RefreshRun.Scope.CATALOGUE,
            requested_by=publisher,
            **options,
        )

    return make


@pytest.fixture
def go(connected):
    def run_it(run):
        run = RefreshRun.objects.get(pk=run.pk)
        refresh.run_refresh(run=run, clients=connected)
        run.refresh_from_db()
        return run

    return run_it


@pytest.fixture
def make_plan(account, publisher):
    """A confirmed plan of everything pending."""

    def make(**options):
        plan = plans.create_plan(
            videos=Video.objects.all(), account=account, actor=publisher, **options
        )
        return plans.confirm_plan(plan=plan, actor=publisher)

    return make


def run(plan, connected):
    plan = PushPlan.objects.get(pk=plan.pk)
    push.run_plan(plan=plan, clients=connected)
    plan.refresh_from_db()
    return plan


def want(video, **values):
    """Edit a video as a change set would."""
    with opened(Door.CHANGE_SET):
        Video.objects.filter(pk=video.pk).update(**values, pending_fields=list(values))


def written(sandbox):
    return [r for r in sandbox.requests if r["method"] == "PUT"]


def pending_of(video):
    return Video.objects.get(pk=video.pk).pending_fields


def calls(sandbox, operation="videos.list"):
    return [r for r in sandbox.requests if r["operation"] == operation]


def known_videos(sandbox, channel, count):
    """Videos of the catalogue that YouTube shows as they are known."""
    for number in range(count):
        video_id = f"known{number:06}"
        sandbox.add_video(video_id, channel_id=channel.channel_id, **OBSERVED)
        shown = {f"snapshot__{name}": value for name, value in OBSERVED.items()}
        VideoFactory(video_id=video_id, channel=channel, **OBSERVED, **shown)
