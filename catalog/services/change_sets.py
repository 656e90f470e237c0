"""The life of a change set: plan, preview, apply, and what people decide in between.

Small ones are planned and applied within the request; for the others the caller
starts the job (`catalog.tasks.enqueue`), because services start none.
"""

from datetime import timedelta
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone
from psycopg import DataError

from catalog.changesets import plan, policies, schedules, sources
from catalog.changesets.selection import (
    find_pasted,
    is_found,
    selected_videos,
    takes_long,
)
from catalog.exceptions import ChangeSetStateError, PlanFailedError, SelectionError
from catalog.models import Change, ChangeSet
from catalog.querysets import ChangeQuerySet
from catalog.services import applying
from catalog.services.edits import short_wait
from ytmanager.locks import end_with_this_process

logger = structlog.get_logger(__name__)

AT_ONCE = 200  # videos that a request plans and applies by itself
LIFETIME = timedelta(days=7)
BUSY = (
    "A worker is busy with this change set. Please try again in a few seconds; "
    "nothing was changed."
)
State = ChangeSet.State


def start_change_set(
    *,
    kind: ChangeSet.Kind,
    actor: User,
    plan_source: dict[str, Any],
    reason: str = "",
    has_preview: bool = True,
    reverts: ChangeSet | None = None,
) -> ChangeSet:
    """A draft; the caller stores its selection next (`changesets.selection`)."""
    return ChangeSet.objects.create(
        kind=kind,
        state=State.DRAFT,
        actor=actor,
        plan_source=plan_source,
        reason=reason,
        has_preview=has_preview,
        reverts=reverts,
    )


def request_plan(change_set: ChangeSet, *, is_small: bool | None = None) -> None:
    """Plan, or plan again after a correction; few videos at once.

    Raises ChangeSetStateError, and for few videos PlanFailedError. Afterwards
    the state tells whether a job is needed: *planning* or *applying*.
    """
    with transaction.atomic():
        ChangeSet.objects.move(
            change_set,
            allowed=(*ChangeSet.UNDECIDED, State.FAILED, State.EXPIRED),
            to=State.PLANNING,
            error="",
        )
        if is_small if is_small is not None else is_selection_small(change_set):
            _plan(change_set)


def is_selection_small(change_set: ChangeSet) -> bool:
    """Whether a request may plan it: looks at no more rows than that.

    What takes long to be found is a worker's, however little it is.
    """
    if not change_set.selection or not is_found(change_set):
        return False
    found = selected_videos(change_set).order_by()[: AT_ONCE + 1]
    return not takes_long(found) and found.count() <= AT_ONCE


def run_plan(*, change_set: ChangeSet) -> None:
    """Plan in a worker; what cannot be planned is *failed*, with the reason."""
    try:
        with transaction.atomic():
            end_with_this_process()
            locked = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
            if locked.state == State.PLANNING:
                _plan(locked)
    except (PlanFailedError, SelectionError) as exc:
        _fail(change_set, exc.message)
    except OperationalError:
        raise  # the connection is gone: the job is found and queued again
    except DatabaseError as exc:
        logger.exception("change_set_not_planned", change_set=change_set.pk)
        _fail(change_set, f"The database could not work out the values: {exc}")


def _plan(change_set: ChangeSet) -> None:
    try:
        with transaction.atomic():
            find_pasted(change_set)
            plan.write_plan(change_set, sources.source_of(change_set))
    except DatabaseError as exc:
        if isinstance(exc.__cause__, DataError):
            raise PlanFailedError(
                f"The new values cannot be worked out: {_first_line(exc)}."
            ) from exc
        raise
    ChangeSet.objects.move(change_set, allowed=(State.PLANNING,), to=State.PLANNED)
    if not change_set.has_preview:
        _go_on_unseen(change_set)
    applying.record_state(change_set)


def _first_line(exc: Exception) -> str:
    return str(exc).strip().splitlines()[0]


def _go_on_unseen(change_set: ChangeSet) -> None:
    policies.carry_out(change_set)
    if change_set.expected_count:
        request_apply(change_set)
    else:
        change_set.mark_applied(0, change_set.skipped_count)


def request_apply(
    change_set: ChangeSet, *, previewed: str = "", actor: User | None = None
) -> None:
    """Apply the plan: few rows at once, else the state asks for a worker.

    `actor` is who decided that; None where nobody is asked. `previewed` is the
    `plan_version` that the person saw. Raises ChangeSetStateError, also when the
    plan was made anew since then, PlanFailedError when there is nothing to apply,
    and RowLockedError.
    """
    if change_set.state == State.PLANNED and not change_set.expected_count:
        raise PlanFailedError("Nothing is left to apply in this plan.")
    with transaction.atomic():
        if previewed:
            _require_previewed(change_set, previewed)
        ChangeSet.objects.move(
            change_set,
            allowed=(State.PLANNED,),
            to=State.APPLYING,
            started_at=timezone.now(),
            applied_by=actor,
        )
        if change_set.target_count <= AT_ONCE:
            with short_wait():
                applying.apply_at_once(change_set)
        else:
            applying.record_state(change_set)


def _require_previewed(change_set: ChangeSet, previewed: str) -> None:
    locked = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if locked.plan_version != previewed:
        raise ChangeSetStateError(
            "The plan was made anew while this page was open. Nothing was changed; "
            "look at the rows again, then apply."
        )


def resume(change_set: ChangeSet) -> None:
    """Let a failed one go on where it stopped; the caller starts the job."""
    ChangeSet.objects.move(
        change_set,
        allowed=(State.FAILED,),
        to=State.APPLYING if change_set.started_at else State.PLANNING,
        error="",
    )


def discard(change_set: ChangeSet) -> None:
    """Drop a plan that nobody wants; nothing was changed. Raises RowLockedError."""
    allowed = {*ChangeSet.UNDECIDED, State.PLANNING}
    if not change_set.started_at:
        allowed.add(State.FAILED)
    with transaction.atomic(), short_wait(BUSY):
        ChangeSet.objects.move(change_set, allowed=allowed, to=State.DISCARDED)
        applying.record_state(change_set)


def cancel(change_set: ChangeSet) -> None:
    """Stop an application at the next edge of a batch; what is applied stays.

    Raises RowLockedError, and ChangeSetStateError when it is over.
    """
    with transaction.atomic(), short_wait(BUSY):
        if change_set.state == State.FAILED and change_set.started_at:
            resume(change_set)
        ChangeSet.objects.move(
            change_set,
            allowed=(State.APPLYING,),
            to=State.APPLYING,
            cancel_requested_at=timezone.now(),
        )


def leave_out(change_set: ChangeSet, changes: ChangeQuerySet) -> int:
    """Take rows out of a plan; returns how many. Raises ChangeSetStateError.

    What the rest of the plan leant on is judged again.
    """
    return _switch(change_set, changes, Change.Outcome.PLANNED, Change.Outcome.EXCLUDED)


def take_in(change_set: ChangeSet, changes: ChangeQuerySet) -> int:
    """Take rows that were left out into the plan again."""
    return _switch(change_set, changes, Change.Outcome.EXCLUDED, Change.Outcome.PLANNED)


def _switch(
    change_set: ChangeSet,
    changes: ChangeQuerySet,
    before: Change.Outcome,
    after: Change.Outcome,
) -> int:
    with transaction.atomic():
        locked = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
        if locked.state != State.PLANNED:
            raise ChangeSetStateError
        rows = changes.filter(change_set=locked, outcome=before)
        switched = rows.order_by().update(outcome=after)
        schedules.judge_again(locked)
        plan.recount(locked)
        change_set.refresh_from_db()
    return switched


def warnings_of(change_set: ChangeSet) -> list[str]:
    """What a person should know about a small change set: each text once."""
    if not change_set.warning_count:
        return []
    rows = change_set.changes.exclude(findings=None).order_by("pk")
    found = (f["text"] for change in rows for f in change.findings or ())
    return list(dict.fromkeys(found))


def drop_if_empty(change_set: ChangeSet) -> bool:
    """Leave no trace of an edit that found every value in place already."""
    is_empty = (
        change_set.state == State.APPLIED
        and not change_set.expected_count
        and not change_set.invalid_count
    )
    if is_empty:
        change_set.delete()
    return is_empty


def expire_plans() -> int:
    """Close drafts and plans older than 7 days; returns how many."""
    forgotten = ChangeSet.objects.undecided_since(timezone.now() - LIFETIME)
    return forgotten.update(state=State.EXPIRED, updated_at=timezone.now())


def _fail(change_set: ChangeSet, reason: str) -> None:
    ChangeSet.objects.move(
        change_set, allowed=ChangeSet.WAITING, to=State.FAILED, error=reason
    )
    applying.record_state(change_set)
