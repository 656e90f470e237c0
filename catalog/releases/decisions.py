"""What people say about matches: accept, refuse, take back."""

from django.contrib.auth.models import User
from django.db import transaction

from catalog.exceptions import MatchDecisionError
from catalog.models import ReleaseMatch, Video
from catalog.querysets import ReleaseMatchQuerySet
from catalog.services.edits import short_wait
from catalog.spreadsheets.staging import execute

State = ReleaseMatch.State


def accept_matches(*, matches: ReleaseMatchQuerySet, actor: User) -> int:
    """Accept proposals, one for each video; its rivals are refused.

    Returns how many were accepted. Raises MatchDecisionError when several of
    them are about one video, and RowLockedError.
    """
    with transaction.atomic(), short_wait():
        chosen = _lock(matches.proposed())
        _require_one_each(chosen)
        accepted = chosen.decide(State.ACCEPTED, actor)
        if accepted:
            _refuse_rivals(actor)
    return accepted


def accept_clear_matches(
    *, matches: ReleaseMatchQuerySet, least: int, actor: User
) -> int:
    """Accept every proposal without a rival from a confidence on; how many."""
    return accept_matches(matches=matches.clear().at_least(least), actor=actor)


def refuse_matches(*, matches: ReleaseMatchQuerySet, actor: User) -> int:
    """Refuse proposals; they are not proposed again. Raises RowLockedError."""
    with transaction.atomic(), short_wait():
        refused = _lock(matches.proposed()).decide(State.REFUSED, actor)
        _clear_last_ones()
    return refused


def reopen_matches(*, matches: ReleaseMatchQuerySet) -> int:
    """Take decisions back: all releases of these videos are proposed again."""
    with transaction.atomic(), short_wait():
        _lock(matches.exclude(state=State.PROPOSED))
        reopened = execute(
            "UPDATE catalog_releasematch m SET state = 'proposed', "
            "decided_by_id = NULL, decided_at = NULL WHERE m.state <> 'proposed' "
            "AND m.video_id IN (SELECT video_id FROM decided)"
        )
        _clear_last_ones()
    return reopened


def _lock(matches: ReleaseMatchQuerySet) -> ReleaseMatchQuerySet:
    """Lock rows in the order of their keys; note them in a temporary table."""
    locked = matches.order_by("pk").select_for_update(of=("self",))
    sql, params = locked.values("pk", "video_id").query.sql_with_params()
    execute("DROP TABLE IF EXISTS pg_temp.decided")
    execute(
        "CREATE TEMP TABLE decided ON COMMIT DROP AS "
        f"SELECT * FROM ({sql}) locked (pk, video_id)",
        params,
    )
    execute("ANALYZE decided")
    return ReleaseMatch.objects.listed_in("decided")


def _require_one_each(chosen: ReleaseMatchQuerySet) -> None:
    twice = chosen.videos_with_several().first()
    if twice is not None:
        raise MatchDecisionError(
            f"Several releases were chosen for “{Video.objects.get(pk=twice)}”. "
            "Accept one of them."
        )


def _refuse_rivals(actor: User) -> None:
    execute(
        "UPDATE catalog_releasematch m SET state = 'refused', decided_by_id = %s, "
        "decided_at = now() WHERE m.state = 'proposed' "
        "AND m.video_id IN (SELECT video_id FROM decided)",
        [actor.pk],
    )


def _clear_last_ones() -> None:
    """A proposal is ambiguous as long as it has a rival."""
    execute(
        "UPDATE catalog_releasematch m SET is_ambiguous = n.count > 1 FROM "
        "(SELECT video_id, count(*) FROM catalog_releasematch WHERE state = 'proposed' "
        "AND video_id IN (SELECT video_id FROM decided) GROUP BY video_id) n "
        "WHERE m.video_id = n.video_id AND m.state = 'proposed' "
        "AND m.is_ambiguous <> (n.count > 1)"
    )
