"""Videos that YouTube does not show any more, shows again, or shows unchanged.

Who calls these has an observation and its transaction; rows are locked in key
order, as merges and change sets do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from catalog.models import Observation, Video
from catalog.observations.events import BATCH_FROM, record_video
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

FACT_GROUPS = ("snippet", "status", "localizations")


def mark_not_found(observation: Observation, keys: Sequence[int]) -> int:
    """Note that YouTube does not show these videos; returns how many are new to it.

    Nothing else of a video changes, and its edits stay pending.
    """
    return _note(observation, keys, is_found=False)


def mark_found(observation: Observation, keys: Sequence[int]) -> int:
    """Note that YouTube shows these videos again; returns how many were missing."""
    return _note(observation, keys, is_found=True)


def _note(observation: Observation, keys: Sequence[int], *, is_found: bool) -> int:
    test = "IS NOT NULL" if is_found else "IS NULL"
    parameters: dict[str, Any] = {
        "keys": list(keys),
        "as_of": observation.as_of,
        "moment": None if is_found else observation.as_of,
        "observation": observation.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE presence ON COMMIT DROP AS SELECT id, not_found_at "
            "FROM catalog_video WHERE id = ANY(%(keys)s) "
            f"AND not_found_at {test} ORDER BY id FOR UPDATE",
            parameters,
        )
        cursor.execute(
            "UPDATE catalog_video v SET not_found_at = %(moment)s, updated_at = now() "
            "FROM presence p WHERE v.id = p.id",
            parameters,
        )
        cursor.execute(
            "INSERT INTO catalog_change (video_id, observation_id, field, old, new, "
            "row_version, outcome, created_at) SELECT p.id, %(observation)s, "
            "'not_found_at', to_jsonb(p.not_found_at), "
            "to_jsonb(%(moment)s::timestamptz), v.row_version, 'applied', now() "
            "FROM presence p JOIN catalog_video v USING (id)",
            parameters,
        )
        count = cursor.rowcount
        cursor.execute("SELECT id FROM presence")
        moved = [key for (key,) in cursor.fetchall()]
        cursor.execute("DROP TABLE presence")
    _tell(observation, moved)
    return int(count)


def _tell(observation: Observation, moved: Sequence[int]) -> None:
    if len(moved) > BATCH_FROM:
        payload = {"observation": observation.pk, "count": len(moved)}
        record(Event("video.changed", payload), groups=[EVERYONE])
        return
    for video in Video.objects.filter(pk__in=moved).only("video_id", "pending_fields"):
        record_video(video, observation=observation.pk)


def confirm_unchanged(keys: Sequence[int], *, as_of: datetime) -> None:
    """Let the facts of videos that YouTube says are the same count as read now."""
    ages = ", ".join(f"{g}_as_of = greatest({g}_as_of, %s)" for g in FACT_GROUPS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE catalog_videostatistics SET {ages} WHERE video_id = ANY(%s)",
            [*[as_of] * len(FACT_GROUPS), list(keys)],
        )


def were_observed_since(keys: Sequence[int], moment: datetime) -> bool:
    """Whether another source told anything of these videos after a moment."""
    newer = " OR ".join(f"{g}_as_of > %(moment)s" for g in FACT_GROUPS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM catalog_videostatistics "
            f"WHERE video_id = ANY(%(keys)s) AND ({newer})) OR EXISTS (SELECT FROM "
            "catalog_pushedvalue WHERE video_id = ANY(%(keys)s) "
            "AND pushed_at > %(moment)s - interval '1 day')",
            {"keys": list(keys), "moment": moment},
        )
        return bool(cursor.fetchone()[0])
