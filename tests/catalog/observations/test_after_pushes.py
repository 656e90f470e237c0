"""What reads, replies and open conflicts do to each other around a push."""

import pytest
from django.db import connection

from catalog.choices import Source
from catalog.models import Conflict
from catalog.services.videos import update_video
from tests.catalog.observations.conftest import CHANNEL, claim, video

pytestmark = pytest.mark.django_db

OTHER = "otherVideo1"


@pytest.fixture
def shared_asset(observe):
    """Two videos that one asset feeds."""
    second = {"video_id": OTHER, "channel_id": CHANNEL, "title": "Live"}
    claims = [claim("A1"), claim("A1", OTHER)]
    observe(second, title="Song", claims=claims, day=-100)
    observe(assets=[{"asset_id": "A1", "label": "Old"}], day=-99)


@pytest.fixture
def push_label(observe):
    """The reply to a push of the asset's label."""

    def run(label, day=1):
        reply = {"asset_id": "A1", "label": label, "sent": {"label": label}}
        observe(assets=[reply], source=Source.PUSH_REPLY, day=day)

    return run


def test_other_video_of_a_pushed_asset_follows(shared_asset, edit, push_label):
    edit(label="New")

    push_label("New")

    assert (video(OTHER).label, video(OTHER).pending_fields) == ("New", [])


def test_stale_read_of_a_pushed_asset_says_nothing_to_its_other_video(
    shared_asset, edit, push_label, observe
):
    edit(label="New")
    push_label("New")

    stale = {"asset_id": "A1", "label": "Old"}
    observe(assets=[stale], source=Source.REFRESH, day=2)

    assert (video(OTHER).label, video().label) == ("New", "New")


def test_label_that_was_taken_back_during_its_push_stays_wanted(
    shared_asset, edit, push_label
):
    edit(label="New")
    edit(label="Old")

    push_label("New")

    assert (video().label, video().pending_fields) == ("Old", ["label"])
    assert video(OTHER).label == "New"


def test_other_edit_of_a_pushed_asset_stays_pending(
    shared_asset, edit, editor, push_label
):
    edit(label="New")
    update_video(video=video(OTHER), values={"label": "Else"}, actor=editor)

    push_label("New")

    assert (video(OTHER).label, video(OTHER).pending_fields) == ("Else", ["label"])


def test_stale_read_after_a_lost_reply_says_nothing(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New")
    observe(title="New", source=Source.PUSH_READ, day=1)

    observe(title="Old", source=Source.REFRESH, day=2)

    assert (video().title, video().pending_fields) == ("New", [])


def test_stale_read_does_not_close_the_conflict_about_an_altered_value(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New")
    reply = {"title": "NEW", "sent": {"title": "New"}}
    observe(**reply, source=Source.PUSH_REPLY, day=1)

    observe(title="Old", source=Source.REFRESH, day=2)

    assert Conflict.objects.open().get().theirs == "NEW"


def test_reply_renews_a_conflict_that_opened_during_the_push(observe, edit):
    observe(title="Old")
    edit(title="New")
    observe(title="Third", day=1)
    edit(title="Newer")

    reply = {"title": "New", "sent": {"title": "New"}}
    observe(**reply, source=Source.PUSH_REPLY, day=2)

    conflict = Conflict.objects.open().get()
    assert (conflict.ours, conflict.theirs) == ("Newer", "New")


@pytest.mark.parametrize(
    ("fact", "state", "theirs"),
    [("Fourth", "open", "Fourth"), ("Old", "returned", "Old")],
)
def test_conflict_about_a_pinned_field_goes_on(observe, edit, fact, state, theirs):
    observe(title="Old")
    edit(title="Ours")
    observe(title="Third", day=1)
    edit(pinned_fields=["title"])

    observe(title=fact, day=2)

    conflict = Conflict.objects.get()
    assert (conflict.state, conflict.theirs, video().title) == (state, theirs, "Ours")


def test_older_facts_write_no_row(observe):
    observe(title="New", view_count=10, day=2)
    before = row_version()

    observe(title="Old", view_count=5, day=1)

    assert row_version() == before


def test_stale_read_writes_no_row_of_the_video(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New")
    observe(title="New", source=Source.PUSH_REPLY, day=1)
    before = row_version("catalog_video")

    counts = observe(title="Old", source=Source.REFRESH, day=2)

    assert row_version("catalog_video") == before
    assert counts.videos_changed == 0


def row_version(table="catalog_videostatistics"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table}")
        return cursor.fetchall()
