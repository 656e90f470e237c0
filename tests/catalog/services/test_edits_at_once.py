"""Two people, an import and a revert at work on the same rows at once.

Whatever the order, no update is lost: each value in the table is the last one of
its history, and each step of the history begins where the one before it ended.
"""

import os
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.choices import Source
from catalog.doors import Door, opened
from catalog.exceptions import RowLockedError
from catalog.models import Change, ChangeSet, Video, VideoSnapshot
from catalog.observations.observe import observe_videos
from catalog.services import applying
from catalog.services.reverts import revert_change_set
from catalog.services.videos import edit_videos, update_video
from tests.factories.catalog import (
    ChannelFactory,
    ContentOwnerFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = ("title", "description")
WORDS = st.sampled_from(["a", "b", "c", "d"])


ROUNDS = 500 if os.environ.get("TEST_DEPTH") == "deep" else 8


@settings(max_examples=ROUNDS, deadline=None)
@given(
    first=st.lists(st.tuples(st.integers(0, 2), WORDS), min_size=1, max_size=4),
    second=WORDS,
    reported=st.lists(WORDS, min_size=3, max_size=3),
)
def test_every_value_is_explained_by_the_history(first, second, reported):
    owner = ContentOwnerFactory()
    videos = VideoFactory.create_batch(
        3, channel=ChannelFactory(content_owner=owner), title="0", description="0"
    )
    started = {video.pk: dict.fromkeys(FIELDS, "0") for video in videos}
    mine = Video.objects.filter(pk__in=started)
    editor, other = UserFactory(), UserFactory()
    to_revert = edit_videos(videos=mine, values={"title": "bulk"}, actor=editor)
    saved = [to_revert]

    together(
        lambda: saved.extend(
            edit(videos[index], {"title": word, "description": word}, other)
            for index, word in first
        ),
        lambda: saved.append(edit_all(mine, {"description": second}, editor)),
        lambda: report(owner, videos, reported),
        lambda: saved.append(revert(to_revert, editor)),
    )

    for video in Video.objects.filter(pk__in=started).select_related("snapshot"):
        for name in FIELDS:
            value = getattr(video, name)
            assert replayed(video, name, started[video.pk][name]) == value
            is_pending = value != getattr(video.snapshot, name)
            assert (name in video.pending_fields) == is_pending
    for change_set in filter(None, saved):
        assert is_accounted_for(change_set)
    # Each of the four had its say, whoever came first.
    for index, word in first:
        assert word in said_about(videos[index], "title")
        assert word in said_about(videos[index], "description")
    for index, (video, word) in enumerate(zip(videos, reported, strict=True)):
        # A bulk edit skips what moved on the way, and lists it.
        assert second in said_about(video, "description", "applied", "moved")
        assert VideoSnapshot.objects.get(video=video).title == word
        if index not in dict(first):
            assert said_about(video, "title")[:2] == ["bulk", "0"]


def test_lost_update_would_be_seen():
    video = VideoFactory(title="0")
    update_video(video=video, values={"title": "a"}, actor=UserFactory())
    with transaction.atomic(), opened(Door.CHANGE_SET):
        Video.objects.filter(pk=video.pk).update(title="lost")
    assert replayed(video, "title", "0") == "a"

    update_video(
        video=Video.objects.get(pk=video.pk), values={"title": "b"}, actor=UserFactory()
    )

    with pytest.raises(AssertionError, match="lost"):
        replayed(video, "title", "0")


def said_about(video, name, *outcomes):
    """Each value that the history gives a field, in its order."""
    outcomes = outcomes or ("applied",)
    made = Change.objects.filter(video=video, field=name, outcome__in=outcomes)
    return list(made.order_by("row_version", "pk").values_list("new", flat=True))


def is_accounted_for(change_set):
    """What somebody was told is saved or skipped stands there row by row."""
    outcomes = list(change_set.changes.values_list("outcome", flat=True))
    stored = ChangeSet.objects.get(pk=change_set.pk)
    told = {"applied": stored.applied_count, "moved": stored.skipped_count}
    counted = {outcome: outcomes.count(outcome) for outcome in told}
    return stored.state == "applied" and told == counted


def replayed(video, name, value):
    """The last value of a field's history, whose steps must fit together."""
    for change in Change.objects.filter(
        video=video, field=name, outcome="applied"
    ).order_by("row_version", "pk"):
        assert change.old == value, (name, change.old, value)
        value = change.new
    return value


def edit(video, values, actor):
    return until_saved(lambda: update_video(video=video, values=values, actor=actor))


def edit_all(videos, values, actor):
    return until_saved(lambda: edit_videos(videos=videos, values=values, actor=actor))


def until_saved(save):
    """As a person who is told that nothing was saved tries again."""
    while True:
        with suppress(RowLockedError):
            return save()


def report(owner, videos, words):
    observe_videos(
        content_owner=owner,
        source=Source.REPORT,
        as_of=timezone.now() + timedelta(hours=1),
        facts=[
            {"video_id": video.video_id, "title": word, "description": word}
            for video, word in zip(videos, words, strict=True)
        ],
    )


def revert(change_set, actor):
    made = revert_change_set(change_set=change_set, actor=actor)
    if not made.expected_count:
        return None
    ChangeSet.objects.move(
        made, allowed=["planned"], to="applying", started_at=timezone.now()
    )
    assert applying.run_apply(change_set=made)
    made.refresh_from_db()
    assert made.state == "applied"
    return made


def together(*works):
    """Run each in a thread of its own, begun at the same moment."""
    barrier, failures = threading.Barrier(len(works)), []

    def run(work):
        try:
            barrier.wait(10)
            work()
        except Exception as exc:  # noqa: BLE001 - shown by the test itself
            failures.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
