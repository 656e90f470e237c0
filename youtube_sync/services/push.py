"""Push: send a confirmed plan, batch by batch, safe to kill at any line.

What an item became is written together with the observation of its reply. A run
that died before that reads again: what is there already needs no second write.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from youtube_sync.exceptions import (
    AccountProblemError,
    ApiNotEnabledError,
    QuotaExceededError,
    ReconnectRequiredError,
    RetryableAPIError,
)
from youtube_sync.models import PlanItem, PushPlan, QuotaEntry
from youtube_sync.services import quota
from youtube_sync.services.accounts import mark_needs_reconnect
from youtube_sync.services.announce import announce_plan
from youtube_sync.services.attempts import explain
from youtube_sync.services.batches import BatchPush, GaveWayError
from youtube_sync.services.clients import Clients
from youtube_sync.services.plan_items import NO_CONTENT_ID
from youtube_sync.services.targets import AssetTarget, Target, VideoTarget
from ytmanager.locks import session_lock

logger = structlog.get_logger(__name__)

LOCKS = 0x595450  # first key of the advisory locks: "YTP"
BATCH_SIZE = 50
OUTAGE_PAUSE = timedelta(minutes=1)
WAITS_FOR_ACCOUNT = "Waits until the account is connected again."
GIVES_WAY = "Lets an urgent push go first."
WAITS_FOR_QUOTA = "The quota of today is used up; goes on after midnight in California."
STALE = "YouTube still shows values from before the last push."


def run_plan(*, plan: PushPlan, clients: Clients) -> None:
    """Send what is pending; a plan that ended, waits or is at work is left alone.

    The lock keeps a second worker away even when the first one lost its job's
    lock together with a connection: no video is written twice.
    """
    with session_lock(LOCKS, plan.pk) as is_ours:
        if is_ours and _start(plan):
            _run(plan, clients)


def _run(plan: PushPlan, clients: Clients) -> None:
    state = PushPlan.State
    try:
        _push_everything(plan, clients)
    except QuotaExceededError:
        _leave(plan, state.WAITING_QUOTA, WAITS_FOR_QUOTA, quota.next_reset())
    except ReconnectRequiredError:
        mark_needs_reconnect(account=plan.account)
        _leave(plan, state.CONFIRMED, WAITS_FOR_ACCOUNT)
    except GaveWayError:
        _leave(plan, state.CONFIRMED, GIVES_WAY)
    except RetryableAPIError as error:
        _leave(plan, state.CONFIRMED, error.message, timezone.now() + OUTAGE_PAUSE)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the job is found again
    except Exception:
        # A defect must not be tried again every minute at 50 units each.
        _leave(plan, state.FAILED, "A defect stopped this push; nothing was lost.")
        raise
    else:
        _leave(plan, _final_state(plan))


@transaction.atomic
def _start(plan: PushPlan) -> bool:
    """Take the plan; who cancels it meanwhile waits until it is marked as running."""
    if not PushPlan.objects.acquire(plan.pk):
        return False
    plan.refresh_from_db()
    settled = QuotaEntry.objects.settle_open(plan=plan)
    plan.change_state(PushPlan.State.RUNNING)
    announce_plan(plan)
    logger.info("plan_started", plan_pk=plan.pk, settled_count=settled)
    return True


def _push_everything(plan: PushPlan, clients: Clients) -> None:
    is_stale = _push_target(plan, VideoTarget(clients.youtube))
    if clients.content_id is not None:
        is_stale |= _push_target(plan, AssetTarget(clients.content_id))
    else:
        _fail_rest(plan, PlanItem.TargetKind.ASSET, NO_CONTENT_ID)
    if is_stale:
        raise RetryableAPIError(STALE)


def _push_target(plan: PushPlan, target: Target) -> bool:
    """Send all items of one kind; tells whether stale reads left some behind."""
    batch_push = BatchPush(plan, target)
    while items := list(
        plan.items.exclude(pk__in=batch_push.postponed).for_push(
            target.kind, BATCH_SIZE
        )
    ):
        try:
            if not batch_push.push(items):
                return False
        except (AccountProblemError, ApiNotEnabledError) as error:
            _fail_rest(plan, target.kind, explain(error))
    return bool(batch_push.postponed)


@transaction.atomic
def _fail_rest(plan: PushPlan, kind: PlanItem.TargetKind, message: str) -> None:
    """What stopped one item would stop every other of its kind."""
    plan.failed_count += (
        plan.items.pending()
        .filter(target_kind=kind)
        .update(
            state=PlanItem.State.FAILED, message=message, finished_at=timezone.now()
        )
    )
    plan.save(update_fields=["failed_count"])


@transaction.atomic
def _leave(
    plan: PushPlan,
    state: PushPlan.State,
    message: str = "",
    resume_at: datetime | None = None,
) -> None:
    """Put the plan down, unless somebody cancelled it meanwhile."""
    stored = PushPlan.objects.select_for_update().get(pk=plan.pk)
    if stored.state != PushPlan.State.RUNNING:
        return
    plan.change_state(state, message, resume_at=resume_at)
    announce_plan(plan)
    logger.info(
        "plan_left",
        plan_pk=plan.pk,
        state=state.value,
        done_count=plan.done_count,
        failed_count=plan.failed_count,
    )


def _final_state(plan: PushPlan) -> PushPlan.State:
    if not plan.failed_count:
        return PushPlan.State.COMPLETED
    if plan.done_count:
        return PushPlan.State.COMPLETED_WITH_ERRORS
    return PushPlan.State.FAILED
