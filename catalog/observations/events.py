"""Tell open pages what a merge changed: singly, or as one event for many."""

from django.db import connection
from django.urls import reverse

from catalog.models import Conflict, Video
from catalog.observations.run import MergeCounts, MergeRun
from ytmanager.notifications.notify import Kind, notify
from ytmanager.realtime.events import EVERYONE, Event, video_group
from ytmanager.realtime.log import record
from ytmanager.templatetags.figures import thousands

BATCH_FROM = 100


def record_merge(run: MergeRun, counts: MergeCounts) -> None:
    """Record `video.changed` and `conflict.opened` for what moved."""
    moved = counts.videos_new + counts.videos_changed
    if moved > BATCH_FROM:
        payload = {"observation": run.observation.pk, "count": moved}
        record(Event("video.changed", payload), groups=[EVERYONE])
    elif moved:
        _record_videos(run)
    if counts.conflicts:
        _tell_people(run, counts.conflicts)
    if counts.conflicts > BATCH_FROM:
        payload = {"observation": run.observation.pk, "count": counts.conflicts}
        record(Event("conflict.opened", payload), groups=[EVERYONE])
    elif counts.conflicts:
        _record_conflicts(run)


def _record_videos(run: MergeRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pk FROM work WHERE is_new UNION SELECT pk FROM differing"
        )
        keys = [pk for (pk,) in cursor.fetchall()]
    for video in Video.objects.filter(pk__in=keys).only("video_id", "pending_fields"):
        record_video(video, observation=run.observation.pk)


def record_video(video: Video, **origin: int) -> None:
    """One `video.changed`; `origin` names the change set or observation."""
    payload = {
        "video_id": video.video_id,
        "pending_fields": video.pending_fields,
        **origin,
    }
    groups = [EVERYONE, video_group(video.video_id)]
    record(Event("video.changed", payload), groups=groups)


def _tell_people(run: MergeRun, count: int) -> None:
    """Once for a merge, however many conflicts it opened."""
    s = "s" * (count != 1)
    notify(
        kind=Kind.CONFLICT,
        level="warning",
        title=f"{thousands(count)} conflict{s} opened",
        message="YouTube and the office changed the same field. Until somebody "
        "decides, these fields are not pushed.",
        url=reverse("admin:catalog_conflict_changelist"),
    )


def _record_conflicts(run: MergeRun) -> None:
    opened = Conflict.objects.open().filter(observation=run.observation)
    for conflict in opened.select_related("video"):
        video_id = conflict.video.video_id
        payload = {"video_id": video_id, "field": conflict.field}
        event = Event("conflict.opened", payload)
        record(event, groups=[EVERYONE, video_group(video_id)])
