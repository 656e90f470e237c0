"""Edits taken back: only where our value still stands."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.exceptions import ChangeSetStateError, PlanFailedError
from catalog.models import Change, ChangeSet, Channel, Video
from catalog.services import change_sets
from catalog.services.channels import hide_channels, update_channel
from catalog.services.reverts import restore_value, revert_change_set
from catalog.services.shorts import decide_shorts
from catalog.services.videos import edit_videos, update_video
from tests.factories.catalog import (
    ChangeFactory,
    ChannelFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return UserFactory()


def edited(editor, **values):
    """A change set that gave all videos the same values."""
    return edit_videos(videos=Video.objects.all(), values=values, actor=editor)


def applied(change_set):
    change_sets.request_apply(change_set)
    return ChangeSet.objects.get(pk=change_set.pk)


def values(*names):
    return list(Video.objects.order_by("pk").values_list(*names))


def test_revert_is_planned_first_and_restores_what_was_before(editor):
    VideoFactory(label="One", is_hidden=False, pinned_fields=[])
    VideoFactory(label="Two", is_hidden=False, pinned_fields=["title"])
    before = values("label", "is_hidden", "pinned_fields", "notes")
    edit = edited(
        editor, label="New", is_hidden=True, pinned_fields=["label"], notes="x"
    )

    revert = revert_change_set(change_set=edit, actor=editor, reason="wrong list")

    assert (revert.state, revert.expected_count) == ("planned", 8)
    assert (revert.kind, revert.reverts, revert.reason) == (
        "revert",
        edit,
        "wrong list",
    )
    assert values("label") == [("New",), ("New",)]
    applied(revert)
    assert values("label", "is_hidden", "pinned_fields", "notes") == before


def test_revert_leaves_and_lists_what_was_edited_since(editor):
    first, second = VideoFactory(label="One"), VideoFactory(label="Two")
    edit = edited(editor, label="New")
    update_video(video=first, values={"label": "Later"}, actor=editor)

    revert = applied(revert_change_set(change_set=edit, actor=editor))

    assert values("label") == [("Later",), ("Two",)]
    assert (revert.applied_count, revert.skipped_count) == (1, 1)
    skipped = revert.changes.get(outcome="moved")
    assert (skipped.video, skipped.old, skipped.new) == (first, "Later", "One")
    assert second.changes.history().first().change_set == revert


def test_revert_can_be_reverted(editor):
    VideoFactory(label="One")
    edit = edited(editor, label="New")
    revert = applied(revert_change_set(change_set=edit, actor=editor))

    applied(revert_change_set(change_set=revert, actor=editor))

    assert values("label") == [("New",)]


def test_revert_of_chosen_rows_and_of_chosen_fields(editor):
    VideoFactory.create_batch(2, label="Old", album="Old")
    edit = edited(editor, label="New", album="New")
    row = edit.changes.filter(field="label").order_by("pk").first()

    applied(revert_change_set(change_set=edit, actor=editor, rows=[row.pk]))
    assert values("label", "album") == [("Old", "New"), ("New", "New")]
    applied(revert_change_set(change_set=edit, actor=editor, names=["album"]))

    assert values("label", "album") == [("Old", "Old"), ("New", "Old")]


def test_revert_of_a_field_that_does_not_exist_is_refused(editor):
    VideoFactory(label="One")
    edit = edited(editor, label="New")

    with pytest.raises(PlanFailedError, match="'nonsense' is not a field"):
        revert_change_set(change_set=edit, actor=editor, names=["label", "nonsense"])

    assert list(ChangeSet.objects.all()) == [edit]


def test_revert_of_channels(editor):
    channel = ChannelFactory(partner_name="Before", partner_custom_id="")
    values = {"partner_name": "After", "partner_custom_id": "own-1"}
    edit = update_channel(channel=channel, values=values, actor=editor)

    applied(revert_change_set(change_set=edit, actor=editor))

    channel.refresh_from_db()
    assert (channel.partner_name, channel.partner_custom_id) == ("Before", "")


def test_revert_of_channels_leaves_later_edits(editor):
    channel = ChannelFactory()
    edit = hide_channels(channels=Channel.objects.all(), actor=editor)
    hide_channels(channels=Channel.objects.all(), actor=editor, is_hidden=False)

    revert = revert_change_set(change_set=edit, actor=editor)

    channel.refresh_from_db()
    assert not channel.is_hidden
    assert (revert.expected_count, revert.unchanged_count) == (0, 1)


def test_decision_about_shorts_can_be_reverted(editor):
    short = ShortsVerdictFactory(verdict="no")
    edit = decide_shorts(
        videos=Video.objects.filter(pk=short.pk), verdict="yes", actor=editor
    )

    revert = revert_change_set(change_set=edit, actor=editor)
    change_sets.request_apply(revert)

    short.refresh_from_db()
    assert (short.verdict, short.method) == ("no", "rule")


def test_change_set_without_a_field_that_people_edit_is_not_reverted(editor):
    made = ChangeFactory(field="length_seconds").change_set

    with pytest.raises(PlanFailedError, match="can be restored"):
        revert_change_set(change_set=made, actor=editor)


def test_running_change_set_is_not_reverted(editor):
    running = ChangeSet.objects.create(kind="bulk", state="applying", actor=editor)

    with pytest.raises(ChangeSetStateError):
        revert_change_set(change_set=running, actor=editor)


@pytest.mark.parametrize("rows", [[], list(range(1001))])
def test_revert_of_rows_needs_some_but_not_too_many(editor, rows):
    VideoFactory(label="One")
    edit = edited(editor, label="New")

    with pytest.raises(PlanFailedError, match="Tick between"):
        revert_change_set(change_set=edit, actor=editor, rows=rows)


def test_earlier_value_is_restored_from_the_history(editor):
    video = VideoFactory(title="First")
    update_video(video=video, values={"title": "Second"}, actor=editor)
    update_video(video=video, values={"title": "Third"}, actor=editor)
    oldest = video.changes.history().last()

    restored = restore_value(change=oldest, actor=editor)

    video.refresh_from_db()
    assert video.title == "First"
    assert (restored.kind, restored.reverts) == ("revert", oldest.change_set)


def test_row_of_another_kind_cannot_be_restored(editor):
    change = ChangeFactory(field="created", new={"title": "x"})

    with pytest.raises(PlanFailedError):
        restore_value(change=change, actor=editor)


EDITS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["label", "album", "artist"]),
        st.sampled_from(["a", "b", "c"]),
    ),
    max_size=6,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(EDITS, EDITS)
def test_revert_returns_each_value_that_nobody_touched(editor, before, after):
    videos = VideoFactory.create_batch(3, label="0", album="0", artist=["0"])
    mine = Video.objects.filter(pk__in=[video.pk for video in videos])
    make(videos, before, editor)
    state = kept(mine)
    edit = edit_videos(
        videos=mine,
        values={"label": "z", "album": "b", "artist": ["y", "z"]},
        actor=editor,
    )
    make(videos, after, editor)
    later = kept(mine)

    revert = revert_change_set(change_set=edit, actor=editor)
    if revert.expected_count:
        applied(revert)

    ours = {
        (c.video_id, c.field): c.new for c in edit.changes.filter(outcome="applied")
    }
    for key, value in kept(mine).items():
        stands = key in ours and later[key] == ours[key]
        assert value == (state[key] if stands else later[key])


def make(videos, edits, editor):
    for index, name, value in edits:
        wanted = {name: [value] if name == "artist" else value}
        update_video(video=videos[index], values=wanted, actor=editor)


def kept(videos):
    rows = videos.values("pk", "label", "album", "artist")
    return {
        (row["pk"], name): row[name]
        for row in rows
        for name in ("label", "album", "artist")
    }


def test_history_tells_every_step(editor):
    VideoFactory(label="One")
    edit = edited(editor, label="New")
    applied(revert_change_set(change_set=edit, actor=editor))

    steps = Change.objects.filter(field="label").history()

    assert [(c.old, c.new) for c in steps] == [("New", "One"), ("One", "New")]
