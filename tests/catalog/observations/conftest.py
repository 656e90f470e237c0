"""Facts for merges, short to write in tests."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.choices import Source
from catalog.models import Claim, ContentOwner, Video
from catalog.observations.observe import observe as observe_facts
from catalog.services.videos import update_video
from tests.factories.catalog import UserFactory

DAY = datetime(2026, 3, 10, tzinfo=UTC)
CHANNEL = "UC" + "a" * 22
VIDEO = "abcdefghijk"


@pytest.fixture
def owner(db):
    return ContentOwner.objects.create(name="Label")


@pytest.fixture
def editor(db):
    return UserFactory()


@pytest.fixture
def observe(owner):
    """Merge facts of day `day`; keyword facts speak about one video."""

    def run(*videos, day=0, source=Source.REPORT, claims=(), assets=(), **facts):
        rows = [{"video_id": VIDEO, "channel_id": CHANNEL, **facts}] if facts else []
        return observe_facts(
            content_owner=owner,
            source=source,
            as_of=DAY + timedelta(days=day),
            videos=[*videos, *rows],
            claims=claims,
            assets=assets,
        )

    return run


@pytest.fixture
def edit(editor):
    """A person edits the video through the form."""

    def run(**values):
        return update_video(video=video(), values=values, actor=editor)

    return run


def video(video_id=VIDEO):
    return Video.objects.select_related("snapshot", "statistics", "short").get(
        video_id=video_id
    )


def claim(asset_id, video_id=VIDEO, **facts):
    return {
        "claim_id": f"C-{asset_id}-{video_id}",
        "video_id": video_id,
        "asset_id": asset_id,
        "is_partner_provided": True,
        **facts,
    }


def claims_of(video_id=VIDEO):
    return Claim.objects.filter(video_id=video_id)
