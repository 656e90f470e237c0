"""Edits through the services: validated, versioned, explained."""

import threading

import pytest
from django.db import connection, transaction

from catalog.exceptions import InvalidEditError, RowLockedError, StaleEditError
from catalog.models import Change, ChangeSet, Video
from catalog.services import videos as services
from tests.factories.catalog import (
    AssetFactory,
    ConflictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return UserFactory()


@pytest.fixture
def video():
    return VideoFactory(title="Old", isrc="", primary_asset=AssetFactory())


def reloaded(video):
    return Video.objects.get(pk=video.pk)


def test_update_becomes_a_change_set_with_history(video, editor):
    change_set = services.update_video(
        video=video,
        values={"title": " New ", "isrc": "qz-abc-25-00001"},
        actor=editor,
        reason="label copy",
    )

    saved = reloaded(video)
    assert (saved.title, saved.isrc) == ("New", "QZABC2500001")
    assert saved.pending_fields == ["title", "isrc"]
    assert saved.row_version == video.row_version + 1
    assert (change_set.kind, change_set.reason) == ("form", "label copy")
    history = Change.objects.filter(video=video).history()
    assert {(c.field, c.old, c.new) for c in history} == {
        ("title", "Old", "New"),
        ("isrc", "", "QZABC2500001"),
    }


def test_update_back_to_the_observed_value_is_no_longer_pending(video, editor):
    services.update_video(video=video, values={"title": "New"}, actor=editor)

    services.update_video(video=video, values={"title": "Old"}, actor=editor)

    assert reloaded(video).pending_fields == []


def test_update_that_changes_nothing_leaves_no_trace(video, editor):
    saved = services.update_video(video=video, values={"title": "Old "}, actor=editor)

    assert saved is None
    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("isrc", "ABC", "12 characters"),
        ("upc", "036000291453", "check digit"),
        ("upc", "36000291452", "lost a zero"),
        ("title", "", "required"),
        ("title", "a<b", "< and >"),
        ("title", "😀" * 51, "102 characters"),
        ("tags", ["x" * 501], "501 characters"),
        ("description", "é" * 2501, "5002 bytes"),
        ("custom_id", "a b", "letters"),
        ("category_id", "99", "not known"),
        ("nonsense", "x", "cannot be edited"),
    ],
)
def test_update_explains_a_wrong_value_at_its_field(video, editor, field, value, word):
    with pytest.raises(InvalidEditError) as caught:
        services.update_video(video=video, values={field: value}, actor=editor)

    assert word in " ".join(caught.value.details["fields"][field])
    assert not Change.objects.exists()


def test_stale_edit_of_the_same_field_is_refused(video, editor):
    services.update_video(video=video, values={"title": "Theirs"}, actor=editor)

    with pytest.raises(StaleEditError, match="title") as caught:
        services.update_video(
            video=video, values={"title": "Mine"}, actor=editor, base={"title": "Old"}
        )

    sides = {"base": "Old", "mine": "Mine", "theirs": "Theirs"}
    assert caught.value.details["fields"] == {"title": sides}
    assert reloaded(video).title == "Theirs"


def test_line_ends_of_a_browser_are_no_edit(editor):
    video = VideoFactory(title="Old", description="One\nTwo")
    seen = {"title": "Old", "description": "One\nTwo"}
    services.update_video(video=video, values={"description": "Else"}, actor=editor)

    form = {"title": "New", "description": "One\r\nTwo"}
    services.update_video(video=video, values=form, base=seen, actor=editor)

    saved = reloaded(video)
    assert (saved.title, saved.description) == ("New", "Else")


def test_edit_of_nothing_changes_nothing(video, editor):
    change_set = services.hide_videos(videos=Video.objects.none(), actor=editor)

    assert change_set is None
    assert not ChangeSet.objects.exists()


def test_stale_form_saves_when_the_edited_fields_did_not_move(video, editor):
    base = {"title": "Old", "label": video.label}
    services.update_video(video=video, values={"title": "Theirs"}, actor=editor)

    services.update_video(
        video=video, values={"title": "Old", "label": "Mine"}, actor=editor, base=base
    )

    saved = reloaded(video)
    assert (saved.title, saved.label) == ("Theirs", "Mine")


def test_edit_to_the_value_on_youtube_ends_the_conflict(video, editor):
    conflict = ConflictFactory(video=video, field="title", ours="Old", theirs="New")

    services.update_video(video=video, values={"title": "New"}, actor=editor)

    conflict.refresh_from_db()
    assert (conflict.state, conflict.closed_by) == ("edited", editor)


def test_mark_administered_notes_who_and_when(editor):
    VideoFactory.create_batch(3)

    change_set = services.mark_administered(
        videos=Video.objects.all(), actor=editor, note="checked"
    )

    assert change_set.applied_count == 3
    marked = Video.objects.filter(is_administered=True, administered_by=editor)
    assert marked.exclude(administered_at=None).count() == 3


def test_mark_administered_twice_changes_nothing(video, editor):
    services.mark_administered(videos=Video.objects.all(), actor=editor)

    again = services.mark_administered(videos=Video.objects.all(), actor=editor)

    assert again is None


def test_bulk_edit_query_count_does_not_grow_with_the_selection(
    editor, django_assert_max_num_queries
):
    VideoFactory.create_batch(150)

    with django_assert_max_num_queries(25):
        services.hide_videos(videos=Video.objects.all(), actor=editor)

    assert not Video.objects.shown().exists()


@pytest.mark.django_db(transaction=True)
def test_update_gives_up_on_a_locked_row_with_a_clear_message(monkeypatch):
    monkeypatch.setattr("catalog.services.edits.LOCK_TIMEOUT", "100ms")
    video, editor = VideoFactory(title="Old"), UserFactory()
    locked, done = threading.Event(), threading.Event()

    def hold_the_row():
        with transaction.atomic():
            Video.objects.select_for_update().get(pk=video.pk)
            locked.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    locked.wait(10)
    try:
        with pytest.raises(RowLockedError, match="save again"):
            services.update_video(video=video, values={"title": "New"}, actor=editor)
    finally:
        done.set()
        holder.join()

    assert reloaded(video).title == "Old"
