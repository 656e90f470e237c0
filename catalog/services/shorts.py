"""A person's verdict on whether videos are Shorts."""

from django.contrib.auth.models import User
from django.db import connection, transaction

from catalog.changesets import shorts
from catalog.models import ChangeSet, ShortsVerdict
from catalog.querysets import VideoQuerySet
from catalog.services.edits import record_change_set, short_wait


def decide_shorts(
    *,
    videos: VideoQuerySet,
    verdict: ShortsVerdict.Verdict,
    actor: User,
    reason: str = "",
) -> ChangeSet | None:
    """Record a person's decision, which no rule overrides; None if all had it.

    The history of each video shows it as the field `short`.
    """
    with transaction.atomic(), short_wait():
        change_set = ChangeSet.objects.create(
            kind=ChangeSet.Kind.SHORTS, actor=actor, reason=reason
        )
        decided = _write(change_set, videos, verdict, actor)
        if not decided:
            change_set.delete()
            return None
        change_set.mark_applied(decided)
        record_change_set(change_set)
    return change_set


def _write(
    change_set: ChangeSet,
    videos: VideoQuerySet,
    verdict: ShortsVerdict.Verdict,
    actor: User,
) -> int:
    selection, params = videos.keys_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_change (change_set_id, video_id, field, old, new, "
            "row_version, outcome, created_at) SELECT %s, s.video_id, 'short', "
            "to_jsonb(s.verdict), to_jsonb(%s::text), v.row_version, 'applied', now() "
            "FROM catalog_shortsverdict s JOIN catalog_video v ON v.id = s.video_id "
            f"WHERE s.video_id IN ({selection}) "
            "AND (s.verdict <> %s OR s.method <> 'manual')",
            [change_set.pk, verdict, *params, verdict],
        )
        decided: int = cursor.rowcount
        cursor.execute(
            "UPDATE catalog_shortsverdict s SET verdict = %s, method = 'manual', "
            "evidence = 'Decided by a person.', decided_by_id = %s, "
            "decided_at = now(), overruled = CASE WHEN s.method = 'manual' "
            f"THEN s.overruled ELSE {shorts.BEFORE} END FROM catalog_change c "
            "WHERE c.change_set_id = %s AND c.video_id = s.video_id",
            [verdict, actor.pk, change_set.pk],
        )
    return decided
