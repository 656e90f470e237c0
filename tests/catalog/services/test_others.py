"""Shorts decisions and channels."""

import pytest

from catalog.exceptions import InvalidEditError
from catalog.models import Change, Channel, ShortsVerdict, Video
from catalog.services.channels import hide_channels, update_channel
from catalog.services.shorts import decide_shorts
from tests.factories.catalog import (
    ChannelFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db
YES = ShortsVerdict.Verdict.YES


@pytest.fixture
def editor():
    return UserFactory()


def test_decision_about_shorts_is_recorded_as_a_persons(editor):
    ShortsVerdictFactory.create_batch(2, verdict="unknown", method="rule")

    change_set = decide_shorts(videos=Video.objects.all(), verdict=YES, actor=editor)

    assert change_set.applied_count == 2
    decided = ShortsVerdict.objects.filter(
        verdict="yes", method="manual", decided_by=editor
    )
    assert decided.count() == 2
    change = Change.objects.filter(field="short").first()
    assert (change.old, change.new) == ("unknown", "yes")


def test_decision_about_shorts_taken_twice_changes_nothing(editor):
    ShortsVerdictFactory()
    decide_shorts(videos=Video.objects.all(), verdict=YES, actor=editor)

    again = decide_shorts(videos=Video.objects.all(), verdict=YES, actor=editor)

    assert again is None


def test_channel_edit_is_in_its_history(editor):
    channel = ChannelFactory()

    update_channel(channel=channel, values={"partner_custom_id": "LBL-7"}, actor=editor)

    channel.refresh_from_db()
    assert channel.partner_custom_id == "LBL-7"
    change = Change.objects.get(channel=channel)
    assert (change.field, change.new) == ("partner_custom_id", "LBL-7")


@pytest.mark.parametrize(
    "values", [{"partner_custom_id": "a b"}, {"subscriber_count": 1}]
)
def test_channel_edit_refuses_what_is_wrong_or_not_ours(editor, values):
    with pytest.raises(InvalidEditError):
        update_channel(channel=ChannelFactory(), values=values, actor=editor)


def test_hidden_channel_hides_its_videos(editor):
    video = VideoFactory()
    VideoFactory()

    hide_channels(channels=Channel.objects.filter(pk=video.channel_id), actor=editor)

    assert Video.objects.shown().count() == 1
