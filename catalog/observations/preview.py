"""What a merge that was just run changed, as a sample for people to look at.

Reads the temporary tables of the merge, in the same transaction and before it
is rolled back.
"""

import json
from typing import Any, TypedDict

from django.db import connection

TOOK = ("adopted", "followed")
_NEW = """
    SELECT v.video_id, v.title FROM work w JOIN catalog_video v ON v.id = w.pk
    WHERE w.is_new ORDER BY v.id LIMIT %s
"""
# Conflicts first: these are what somebody has to decide.
_CHANGED = """
    WITH chosen AS (
        SELECT pk, bool_or(outcome = 'conflict') AS is_conflict FROM decisions
        GROUP BY pk ORDER BY 2 DESC, 1 LIMIT %s)
    SELECT v.video_id, v.title, d.field, d.outcome,
        d.base::text, d.ours::text, d.theirs::text
    FROM chosen JOIN decisions d USING (pk) JOIN catalog_video v ON v.id = chosen.pk
    ORDER BY chosen.is_conflict DESC, v.id, d.field
"""


class FieldSample(TypedDict):
    """One field: what YouTube showed and shows, what we want and would want."""

    field: str
    outcome: str
    observed: tuple[Any, Any]
    wanted: tuple[Any, Any]


class VideoSample(TypedDict):
    """One known video and its fields that move."""

    video_id: str
    title: str
    fields: list[FieldSample]


class NewVideoSample(TypedDict):
    """One video that was not known."""

    video_id: str
    title: str


class MergeSample(TypedDict):
    """The first videos of each sort; conflicts before the rest."""

    new_videos: list[NewVideoSample]
    videos: list[VideoSample]


def sample_of_merge(limit: int) -> MergeSample:
    """Up to `limit` new and up to `limit` changed videos of the last merge."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [limit])
        new = [NewVideoSample(video_id=v, title=t) for v, t in cursor.fetchall()]
        cursor.execute(_CHANGED, [limit])
        rows = cursor.fetchall()
    videos: dict[str, VideoSample] = {}
    for video_id, title, *field in rows:
        empty = VideoSample(video_id=video_id, title=title, fields=[])
        videos.setdefault(video_id, empty)["fields"].append(_field(*field))
    return MergeSample(new_videos=new, videos=list(videos.values()))


def _field(
    name: str, outcome: str, base: str | None, ours: str | None, theirs: str | None
) -> FieldSample:
    observed = (_value(base), _value(theirs))
    wanted = (_value(ours), _value(theirs if outcome in TOOK else ours))
    return FieldSample(field=name, outcome=outcome, observed=observed, wanted=wanted)


def _value(text: str | None) -> Any:
    """A jsonb that SQL gave as text; NULL: never observed."""
    return None if text is None else json.loads(text)
