"""The review of undecided Shorts: undo, run the rules again, ask YouTube."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from catalog.changesets import shorts
from catalog.client import Answer
from catalog.exceptions import ReviewError
from catalog.models import ChangeSet, ShortsVerdict
from catalog.services import change_sets, reverts
from catalog.services.edits import run_source
from ytmanager.locks import session_lock

logger = structlog.get_logger(__name__)

PROBE_LOCK = 0x505242  # key of the advisory lock: "PRB"
PROBES_AT_ONCE = 100  # videos of one job
SAVED_TOGETHER = 10  # answers; a killed job asks no more of them again
UNKNOWN_LIMIT = 5  # in a row: YouTube does not want to answer now
FRESH = timedelta(days=2)  # YouTube may answer wrongly about newer uploads
ASK_AGAIN = timedelta(days=30)
Ask = Callable[[str], Answer]


def undo_decision(*, change_set: ChangeSet, actor: User) -> ChangeSet:
    """Take a decision about Shorts back, with a revert of its own.

    What stood there before comes back with its reasons. Raises ReviewError when
    somebody has decided again since, and RowLockedError.
    """
    if not change_set.changes.filter(field=shorts.SHORT).exists():
        raise ReviewError("This was no decision about Shorts.")
    with transaction.atomic():
        made = reverts.revert_change_set(
            change_set=change_set, actor=actor, reason="Undone", names=[shorts.SHORT]
        )
        if made.state != ChangeSet.State.PLANNED or not made.expected_count:
            raise ReviewError
        change_sets.request_apply(made, actor=actor)
    return made


def plan_rules(*, actor: User) -> ChangeSet:
    """Plan what the rules would decide otherwise today; a worker makes the plan.

    What people decided, reports proved and YouTube answered stays as it is.
    """
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.SHORTS,
        actor=actor,
        reason="Shorts: rules run again",
        plan_source={"name": shorts.RULES},
    )
    change_sets.request_plan(change_set, is_small=False)
    return change_set


def probe_shorts(*, ask: Ask, actor: User | None, limit: int = PROBES_AT_ONCE) -> int:
    """Ask YouTube about undecided videos; returns how many clear answers came.

    One process at a time, so that the pause between questions holds. Stops when
    several answers in a row say nothing.
    """
    with session_lock(PROBE_LOCK, 0) as is_ours:
        if not is_ours:
            return 0
        return _probe(ask, actor, limit)


def _probe(ask: Ask, actor: User | None, limit: int) -> int:
    now = timezone.now()
    waiting = ShortsVerdict.objects.to_probe(
        published_before=now - FRESH, asked_before=now - ASK_AGAIN
    )
    answers: dict[int, Answer] = {}
    clear_count = unknown_in_a_row = 0
    for key, video_id in list(waiting.values_list("pk", "video__video_id")[:limit]):
        answers[key] = answer = ask(video_id)
        unknown_in_a_row = unknown_in_a_row + 1 if answer.verdict == "unknown" else 0
        is_over = unknown_in_a_row >= UNKNOWN_LIMIT
        if is_over or len(answers) >= SAVED_TOGETHER:
            clear_count += _save(answers, actor)
            answers = {}
        if is_over:
            logger.warning("shorts_probe_stopped", note=answer.note)
            break
    clear_count += _save(answers, actor)
    logger.info("shorts_probed", clear_count=clear_count)
    return clear_count


def _save(answers: dict[int, Answer], actor: User | None) -> int:
    """Note each answer; the clear ones become verdicts with a history."""
    clear = {k: a.verdict for k, a in answers.items() if a.verdict != "unknown"}
    with transaction.atomic():
        for key, answer in answers.items():
            asked = ShortsVerdict.objects.filter(pk=key)
            asked.update(probed_at=timezone.now(), probe_note=answer.note)
        change_set = ChangeSet(
            kind=ChangeSet.Kind.SHORTS,
            actor=actor,
            reason="Shorts: YouTube asked",
            plan_source={
                "name": shorts.PROBE,
                "answers": {str(key): verdict for key, verdict in clear.items()},
            },
        )
        if clear:
            run_source(change_set=change_set, source=shorts.answers_source(change_set))
    return len(clear)
