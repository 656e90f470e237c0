"""What people do with a plan: leave out, pause, resume, try again, put first."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import structlog
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from youtube_sync.exceptions import (
    AccountNotConnectedError,
    NothingToPushError,
    PlanStateError,
)
from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.services.announce import announce_plan
from youtube_sync.services.plan_counts import count_and_price

logger = structlog.get_logger(__name__)

State, ItemState = PushPlan.State, PlanItem.State
EDITABLE = (State.DRAFT, State.PAUSED)
UNDER_WAY = (State.DRAFT, *PushPlan.ACTIVE)
ENDED_BADLY = (State.COMPLETED_WITH_ERRORS, State.FAILED)


@transaction.atomic
def leave_out(*, plan: PushPlan, item_keys: Iterable[int], actor: User) -> PushPlan:
    """Keep items from being sent; needs a draft or a paused plan.

    Raises PermissionDenied and PlanStateError.
    """
    plan = _locked(plan, actor, EDITABLE)
    waiting = plan.items.filter(
        pk__in=list(item_keys), state__in=[ItemState.PENDING, ItemState.BLOCKED]
    )
    waiting.update(state=ItemState.LEFT_OUT)
    return _recounted(plan, actor, "items_left_out")


@transaction.atomic
def take_in(*, plan: PushPlan, item_keys: Iterable[int], actor: User) -> PushPlan:
    """Send items after all that were left out.

    Raises PermissionDenied and PlanStateError.
    """
    plan = _locked(plan, actor, EDITABLE)
    left_out = plan.items.filter(pk__in=list(item_keys), state=ItemState.LEFT_OUT)
    left_out.exclude(blocked_by="").update(state=ItemState.BLOCKED)
    left_out.update(state=ItemState.PENDING)
    return _recounted(plan, actor, "items_taken_in")


@transaction.atomic
def pause_plan(*, plan: PushPlan, actor: User) -> PushPlan:
    """Stop after the item that is being sent, to go on when somebody says so.

    Raises PermissionDenied and PlanStateError.
    """
    plan = _locked(plan, actor, (State.CONFIRMED, State.RUNNING, State.WAITING_QUOTA))
    return _moved(plan, State.PAUSED, actor, f"Paused by {actor}.")


@transaction.atomic
def resume_plan(*, plan: PushPlan, actor: User) -> PushPlan:
    """Go on with a paused plan; the caller starts the job with it.

    Raises PermissionDenied, PlanStateError and AccountNotConnectedError.
    """
    plan = _locked(plan, actor, (State.PAUSED,))
    if not plan.account.is_connected:
        raise AccountNotConnectedError
    return _moved(plan, State.CONFIRMED, actor)


@transaction.atomic
def retry_failed(*, plan: PushPlan, actor: User) -> PushPlan:
    """Send the failed items of a plan that ended once more; the caller starts it.

    Raises PermissionDenied, PlanStateError, AccountNotConnectedError, and
    NothingToPushError when only conflicts and edits are left.
    """
    plan = _locked(plan, actor, ENDED_BADLY)
    if not plan.account.is_connected:
        raise AccountNotConnectedError
    failed = plan.items.filter(state=ItemState.FAILED)
    count = failed.update(state=ItemState.PENDING, message="", finished_at=None)
    if not count:
        raise NothingToPushError("No item failed: decide conflicts or plan again.")
    plan.failed_count -= count
    plan.confirmed_by, plan.confirmed_at = actor, timezone.now()
    plan.finished_at = None
    plan.save(
        update_fields=["failed_count", "confirmed_by", "confirmed_at", "finished_at"]
    )
    return _moved(plan, State.CONFIRMED, actor)


def put_first(*, plan: PushPlan, actor: User) -> PushPlan:
    """Let a plan go before others and use the quota kept for single pushes.

    One that waits for quota goes on within a minute. Raises PermissionDenied and
    PlanStateError.
    """
    return _placed(plan, actor, is_urgent=True)


def put_back(*, plan: PushPlan, actor: User) -> PushPlan:
    """Let a plan wait for its turn again; raises PermissionDenied, PlanStateError."""
    return _placed(plan, actor, is_urgent=False)


@transaction.atomic
def _placed(plan: PushPlan, actor: User, *, is_urgent: bool) -> PushPlan:
    plan = _locked(plan, actor, UNDER_WAY)
    plan.is_urgent = is_urgent
    plan.save(update_fields=["is_urgent", "updated_at"])
    logger.info("plan_placed", plan_pk=plan.pk, urgent=is_urgent, actor_pk=actor.pk)
    if is_urgent and plan.state == State.WAITING_QUOTA:
        return _moved(plan, State.CONFIRMED, actor)
    announce_plan(plan)
    return plan


def _locked(plan: PushPlan, actor: User, states: Collection[str]) -> PushPlan:
    if not actor.has_perm("catalog.push_video"):
        raise PermissionDenied
    plan = PushPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state not in states:
        raise PlanStateError
    return plan


def _recounted(plan: PushPlan, actor: User, event: str) -> PushPlan:
    count_and_price(plan)
    logger.info(event, plan_pk=plan.pk, actor_pk=actor.pk)
    return plan


def _moved(
    plan: PushPlan, state: PushPlan.State, actor: User, message: str = ""
) -> PushPlan:
    plan.change_state(state, message)
    announce_plan(plan)
    logger.info("plan_moved", plan_pk=plan.pk, state=state.value, actor_pk=actor.pk)
    return plan
