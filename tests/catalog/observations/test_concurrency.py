"""An editor saves while a merge is at work: neither side loses anything."""

import threading

import pytest
from django.db import connection, transaction

from catalog.models import Conflict, Video
from catalog.observations import decisions
from catalog.services.videos import update_video
from tests.catalog.observations.conftest import video

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(function):
    """Run beside the test; returns the started thread."""

    def run():
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_edit_that_commits_while_the_merge_waits_becomes_a_conflict(observe, editor):
    observe(title="Old")
    saved, may_commit = threading.Event(), threading.Event()

    def edit():
        with transaction.atomic():
            update_video(video=video(), values={"title": "Ours"}, actor=editor)
            saved.set()
            may_commit.wait(20)

    editing = in_thread(edit)
    saved.wait(20)
    merging = in_thread(lambda: observe(title="Theirs", day=1))
    merging.join(1)
    was_waiting = merging.is_alive()
    may_commit.set()
    merging.join(20)
    editing.join(20)

    assert was_waiting
    assert video().title == "Ours"
    conflict = Conflict.objects.get()
    assert (conflict.base, conflict.ours, conflict.theirs) == ("Old", "Ours", "Theirs")


def test_edit_that_commits_before_the_locks_is_seen_by_the_merge(
    observe, editor, monkeypatch
):
    observe(title="Old")
    lock = decisions.lock_differing

    def edit_first(run):
        values = {"title": "Ours"}
        in_thread(
            lambda: update_video(video=video(), values=values, actor=editor)
        ).join(20)
        lock(run)

    monkeypatch.setattr(decisions, "lock_differing", edit_first)

    observe(title="Theirs", day=1)

    assert video().title == "Ours"
    assert Conflict.objects.open().count() == 1


def test_edit_of_another_video_does_not_wait_for_the_merge(
    observe, editor, monkeypatch
):
    observe(title="Old")
    observe({"video_id": "other______", "channel_id": "UC" + "a" * 22, "title": "X"})
    other = Video.objects.get(video_id="other______")
    decide = decisions.decide

    def edit_meanwhile(run):
        edit = {"video": other, "values": {"title": "Y"}, "actor": editor}
        in_thread(lambda: update_video(**edit)).join(20)
        decide(run)

    monkeypatch.setattr(decisions, "decide", edit_meanwhile)

    observe(title="Theirs", day=1)

    other.refresh_from_db()
    assert other.title == "Y"
    assert video().title == "Theirs"
