"""What people do with videos; every edit becomes a change set."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from catalog import fields
from catalog.changesets import plan
from catalog.exceptions import VideoExistsError
from catalog.models import (
    Change,
    ChangeSet,
    Channel,
    Video,
    VideoSnapshot,
    VideoStatistics,
)
from catalog.querysets import VideoQuerySet
from catalog.services.edits import record_change_set, run_change_set, short_wait
from catalog.services.stale_edits import refuse_stale, what_was_edited


def update_video(
    *,
    video: Video,
    values: dict[str, Any],
    actor: User,
    kind: ChangeSet.Kind = ChangeSet.Kind.FORM,
    reason: str = "",
    base: dict[str, Any] | None = None,
    reverts: ChangeSet | None = None,
) -> ChangeSet | None:
    """Save what a person wants of one video; None when nothing differs.

    `base` holds the values that the person saw. Raises InvalidEditError with
    the findings by field, StaleEditError when an edited field moved since, and
    RowLockedError after 2 s of waiting.
    """
    clean = plan.normalise(what_was_edited(values, base))
    if not clean:
        return None
    with transaction.atomic(), short_wait():
        locked = Video.objects.select_for_update(of=("self",)).get(pk=video.pk)
        if base is not None:
            refuse_stale(locked, fields.EDITABLE, clean, base)
        return run_change_set(
            videos=Video.objects.filter(pk=video.pk),
            values=clean,
            actor=actor,
            kind=kind,
            reason=reason,
            reverts=reverts,
        )


def create_video(
    *,
    video_id: str,
    channel: Channel,
    values: dict[str, Any],
    actor: User,
    reason: str = "",
) -> Video:
    """Add a video that no report or refresh has shown yet.

    Nothing of it is observed, so a first fact that differs from a value given
    here is a conflict. Raises VideoExistsError and InvalidEditError.
    """
    with transaction.atomic():
        video, is_new = Video.objects.get_or_create(
            video_id=video_id, defaults={"channel": channel}
        )
        if not is_new:
            raise VideoExistsError(video_id=video.video_id)
        VideoSnapshot.objects.create(video=video)
        VideoStatistics.objects.create(video=video)
        _record_creation(video, actor, reason)
        update_video(
            video=video,
            values=values,
            actor=actor,
            kind=ChangeSet.Kind.API,
            reason=reason,
        )
    return video


def _record_creation(video: Video, actor: User, reason: str) -> None:
    change_set = ChangeSet.objects.create(
        kind=ChangeSet.Kind.API, actor=actor, reason=reason
    )
    Change.objects.create(change_set=change_set, video=video, field="created", new={})
    change_set.mark_applied(1)
    record_change_set(change_set)


def edit_videos(
    *,
    videos: VideoQuerySet,
    values: dict[str, Any],
    actor: User,
    kind: ChangeSet.Kind = ChangeSet.Kind.BULK,
    reason: str = "",
) -> ChangeSet | None:
    """Set the same values on every video of a selection, in one statement each.

    Raises InvalidEditError and RowLockedError.
    """
    clean = plan.normalise(values)
    with transaction.atomic(), short_wait():
        return run_change_set(
            videos=videos, values=clean, actor=actor, kind=kind, reason=reason
        )


def mark_administered(
    *,
    videos: VideoQuerySet,
    actor: User,
    note: str = "",
    is_administered: bool = True,
) -> ChangeSet | None:
    """Mark videos as done, with the note as the reason in their history."""
    return edit_videos(
        videos=videos,
        values={"is_administered": is_administered},
        actor=actor,
        reason=note,
    )


def hide_videos(
    *, videos: VideoQuerySet, actor: User, is_hidden: bool = True
) -> ChangeSet | None:
    """Leave videos out of the lists, or bring them back."""
    return edit_videos(videos=videos, values={"is_hidden": is_hidden}, actor=actor)
