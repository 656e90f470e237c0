"""Shorts decisions, channels and conflicts."""

import pytest

from catalog.exceptions import InvalidEditError, StaleEditError
from catalog.models import Change, Channel, Conflict, ShortsVerdict, Video
from catalog.services.channels import hide_channels, update_channel
from catalog.services.conflicts import resolve_conflict
from catalog.services.shorts import decide_shorts
from tests.factories.catalog import (
    ChannelFactory,
    ConflictFactory,
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


def test_conflict_that_moved_since_it_was_seen_is_not_decided(editor):
    video = VideoFactory(title="Ours", snapshot__title="Fourth")
    conflict = ConflictFactory(video=video, field="title", ours="Ours", theirs="Fourth")

    with pytest.raises(StaleEditError, match="another value"):
        resolve_conflict(
            conflict=conflict,
            take_theirs=True,
            actor=editor,
            seen_observation=conflict.observation_id - 1,
        )

    assert Conflict.objects.get().state == "open"
    assert Video.objects.get().title == "Ours"


def test_hidden_channel_hides_its_videos(editor):
    video = VideoFactory()
    VideoFactory()

    hide_channels(channels=Channel.objects.filter(pk=video.channel_id), actor=editor)

    assert Video.objects.shown().count() == 1


@pytest.mark.parametrize(
    ("take_theirs", "title", "state"),
    [(True, "Theirs", "took_theirs"), (False, "Ours", "kept_ours")],
)
def test_conflict_is_resolved_by_a_person(editor, take_theirs, title, state):
    video = VideoFactory(title="Ours", snapshot__title="Theirs")
    conflict = ConflictFactory(video=video, field="title", ours="Ours", theirs="Theirs")

    resolve_conflict(conflict=conflict, take_theirs=take_theirs, actor=editor)

    assert Video.objects.get().title == title
    resolved = Conflict.objects.get()
    assert (resolved.state, resolved.closed_by) == (state, editor)
