"""What a merge that was just run changed, as a sample for people to look at.

Reads the temporary tables of the merge, in the same transaction and before it
is rolled back.
"""

import json
from typing import Any, TypedDict

from django.db import connection

from catalog.models import Observation
from catalog.observations.other_moves import OBSERVED

TOOK = ("adopted", "followed")
_NEW = """
    SELECT v.video_id, v.title FROM work w JOIN catalog_video v ON v.id = w.pk
    WHERE w.is_new ORDER BY v.id LIMIT %s
"""
# Conflicts first: these are what somebody has to decide. Then fields that people
# edit, then what YouTube alone tells, as policies and claims of others.
_CHANGED = """
    WITH moved AS (
        SELECT pk, CASE outcome WHEN 'conflict' THEN 0 ELSE 1 END AS place
        FROM decisions
        UNION ALL
        (SELECT video_id, 2 FROM catalog_change
         WHERE observation_id = %(observation)s AND field = %(observed)s
         ORDER BY id LIMIT %(limit)s)),
    chosen AS (
        SELECT pk, min(place) AS place FROM moved GROUP BY pk
        ORDER BY 2, 1 LIMIT %(limit)s),
    facts AS (
        SELECT pk, field, outcome, base, ours, theirs FROM decisions
        UNION ALL
        SELECT c.video_id, name, %(observed)s, c.old -> name, NULL, c.new -> name
        FROM chosen JOIN catalog_change c ON c.video_id = chosen.pk,
        jsonb_object_keys(coalesce(c.old, '{}') || coalesce(c.new, '{}')) name
        WHERE c.observation_id = %(observation)s AND c.field = %(observed)s)
    SELECT v.video_id, v.title, f.field, f.outcome,
        f.base::text, f.ours::text, f.theirs::text
    FROM chosen JOIN facts f USING (pk) JOIN catalog_video v ON v.id = chosen.pk
    ORDER BY chosen.place, v.id, f.outcome = %(observed)s, f.field
"""


class FieldSample(TypedDict):
    """One field: what YouTube showed and shows, what we want and would want.

    Its outcome `observed` is a fact that nobody edits: nothing is wanted of it.
    """

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


def sample_of_merge(observation: Observation, limit: int) -> MergeSample:
    """Up to `limit` new and up to `limit` changed videos of the merge just run."""
    asked: dict[str, int | str] = {
        "observation": observation.pk,
        "observed": OBSERVED,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [limit])
        new = [NewVideoSample(video_id=v, title=t) for v, t in cursor.fetchall()]
        cursor.execute(_CHANGED, asked)
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
