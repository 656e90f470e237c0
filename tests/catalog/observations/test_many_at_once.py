"""Editors, decisions, pushes and merges in parallel: nothing is lost, nobody waits."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from catalog import field_sql
from catalog.choices import Source
from catalog.exceptions import RowLockedError, StaleEditError
from catalog.models import Conflict, ContentOwner, Video
from catalog.observations.observe import observe
from catalog.services.conflicts import resolve_conflicts
from catalog.services.videos import edit_videos, update_video
from tests.catalog.observations.conftest import CHANNEL, DAY
from tests.factories.catalog import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

VIDEOS = [f"video{number:06}" for number in range(12)]
REFUSALS = (RowLockedError, StaleEditError)  # said to people, who try again


@pytest.fixture
def owner(db):
    return ContentOwner.objects.create(name="Label")


@pytest.fixture
def merge(owner):
    """Merge one title for every video, or the same title sent by a push."""

    def run(day, title, source=Source.REPORT, **facts):
        rows = [
            {"video_id": key, "channel_id": CHANNEL, "title": title, **facts}
            for key in VIDEOS
        ]
        moment = DAY + timedelta(days=day)
        observe(content_owner=owner, source=source, as_of=moment, videos=rows)

    return run


def together(*functions):
    """Run all at once; returns what they raised."""
    barrier, raised = threading.Barrier(len(functions)), []

    def run(function):
        try:
            barrier.wait(20)
            function()
        except Exception as exc:  # noqa: BLE001 - the test looks at all of them
            raised.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[one]) for one in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return raised


def see_consistent():
    """Open conflicts show what is wanted and observed; pending is the diff."""
    for conflict in Conflict.objects.open().select_related("video__snapshot"):
        video = conflict.video
        assert (conflict.ours, conflict.theirs) == (video.title, video.snapshot.title)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT v.video_id FROM catalog_video v JOIN catalog_videosnapshot s "
            f"ON s.video_id = v.id WHERE v.pending_fields <> "
            f"{field_sql.pending_fields()}"
        )
        assert cursor.fetchall() == []


def test_editors_lose_nothing_to_merges(merge, budget):
    merge(0, "Old")
    actor, rounds, saved = UserFactory(), budget(4, 60), {}

    def edit(keys):
        for step in range(rounds):
            for key in keys:
                title = f"{key} {step}"
                video = Video.objects.get(video_id=key)
                try:
                    update_video(video=video, values={"title": title}, actor=actor)
                except REFUSALS:
                    continue
                saved[key] = title

    def keep_merging():
        for step in range(rounds):
            merge(step + 1, f"Third {step}")

    raised = together(
        lambda: edit(VIDEOS[:4]),
        lambda: edit(VIDEOS[4:8][::-1]),
        lambda: edit(VIDEOS[8:]),
        keep_merging,
    )
    merge(rounds + 1, "Last")

    assert raised == []
    assert dict(Video.objects.values_list("video_id", "title")) == saved
    found = Conflict.objects.open().values_list("video__video_id", "ours", "theirs")
    assert set(found) == {(key, title, "Last") for key, title in saved.items()}


def test_bulk_edits_and_merges_do_not_deadlock(merge, budget):
    merge(0, "Old")
    actor, rounds = UserFactory(), budget(3, 60)

    def edit(order, word):
        for step in range(rounds):
            videos = Video.objects.order_by(order)
            edit_videos(videos=videos, values={"title": f"{word} {step}"}, actor=actor)

    def keep_merging():
        for step in range(rounds):
            merge(step + 1, f"Third {step}")

    raised = together(
        lambda: edit("pk", "Up"), lambda: edit("-pk", "Down"), keep_merging
    )

    assert [exc for exc in raised if not isinstance(exc, REFUSALS)] == []
    titles = set(Video.objects.values_list("title", flat=True))
    assert titles <= {f"{word} {rounds - 1}" for word in ("Up", "Down")} or raised
    see_consistent()


@pytest.mark.parametrize("take_theirs", [True, False])
@pytest.mark.parametrize("source", [Source.REPORT, Source.PUSH_REPLY])
def test_decision_and_merge_at_once(merge, budget, take_theirs, source):
    actor = UserFactory()
    facts = {"sent": {"title": "Ours"}} if source == Source.PUSH_REPLY else {}
    for step in range(budget(1, 40)):
        day = 4 * step
        Conflict.objects.all().delete()
        merge(day, f"Old {step}")
        edit_videos(videos=Video.objects.all(), values={"title": "Ours"}, actor=actor)
        merge(day + 1, f"Third {step}")
        seen = Conflict.objects.open().count()

        raised = together(
            lambda: resolve_conflicts(
                conflicts=Conflict.objects.all(), take_theirs=take_theirs, actor=actor
            ),
            lambda day=day, step=step: merge(
                day + 2, f"Fourth {step}", source, **facts
            ),
        )

        assert seen == len(VIDEOS)
        assert [exc for exc in raised if not isinstance(exc, REFUSALS)] == []
        see_consistent()
        see_no_value_lost(step)


def see_no_value_lost(step):
    """Ours, or what the person took, or what unedited values follow then."""
    allowed = {"Ours", f"Third {step}", f"Fourth {step}"}
    titles = set(Video.objects.values_list("title", flat=True))
    assert titles <= allowed
    kept = Video.objects.filter(title="Ours").exclude(snapshot__title="Ours")
    assert not kept.filter(pending_fields=[]).exists()
