"""Push plans: the diff of a selection, priced, confirmed by a publisher."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from catalog.models import ContentOwner, Video
from catalog.querysets import VideoQuerySet
from youtube_sync.exceptions import (
    AccountNotConnectedError,
    NothingToPushError,
    PlanStateError,
)
from youtube_sync.models import PlanItem, PushPlan, YouTubeAccount
from youtube_sync.services.announce import announce_plan
from youtube_sync.services.plan_counts import count_and_price
from youtube_sync.services.plan_items import insert_items

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan of one video would send; nothing of it is stored."""

    items: Sequence[PlanItem]
    price_units: int
    unpriced_count: int

    @property
    def is_sendable(self) -> bool:
        return any(item.state == PlanItem.State.PENDING for item in self.items)

    @property
    def digest(self) -> str:
        """A short sum of what the person saw, to be compared on confirmation."""
        seen = [[item.target_id, item.state, item.fields] for item in self.items]
        text = json.dumps(seen, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def create_plan(
    *,
    videos: VideoQuerySet,
    account: YouTubeAccount,
    actor: User,
    is_urgent: bool = False,
) -> PushPlan:
    """Draft a plan of everything pending in a selection.

    Raises NothingToPushError when no video of it has an unpushed edit.
    """
    plan = _draft(videos, account, actor, is_urgent=is_urgent)
    logger.info("plan_created", plan_pk=plan.pk, item_count=plan.item_count)
    return plan


def _draft(
    videos: VideoQuerySet,
    account: YouTubeAccount,
    actor: User,
    *,
    is_urgent: bool = False,
) -> PushPlan:
    plan = PushPlan.objects.create(
        account=account, created_by=actor, is_urgent=is_urgent
    )
    insert_items(plan, videos)
    count_and_price(plan)
    if not plan.item_count:
        raise NothingToPushError
    return plan


@transaction.atomic
def create_plans(*, videos: VideoQuerySet, actor: User) -> list[PushPlan]:
    """Draft one plan for each content owner of a selection.

    Raises AccountNotConnectedError when one of them has no connected account.
    """
    pending = videos.pending_push().order_by()
    owners = ContentOwner.objects.filter(
        pk__in=pending.values("channel__content_owner")
    )
    made = []
    for owner in owners:
        account = YouTubeAccount.objects.best_for(owner)
        if account is None:
            raise AccountNotConnectedError(f"{owner} has no connected account.")
        own = videos.filter(channel__content_owner=owner)
        made.append(create_plan(videos=own, account=account, actor=actor))
    if not made:
        raise NothingToPushError
    return made


def preview_video(*, video: Video, account: YouTubeAccount, actor: User) -> Preview:
    """Work out the plan of one video exactly as it would be made, and drop it."""
    selection = Video.objects.filter(pk=video.pk)
    with transaction.atomic():
        try:
            plan = _draft(selection, account, actor)
        except NothingToPushError:
            return Preview([], 0, 0)
        items = list(plan.items.select_related("video"))
        transaction.set_rollback(True)
    return Preview(items, plan.price_units, plan.unpriced_count)


@transaction.atomic
def confirm_plan(*, plan: PushPlan, actor: User) -> PushPlan:
    """Release a draft for its push; the caller starts the job with it.

    Raises PermissionDenied, AccountNotConnectedError, NothingToPushError when
    everything is blocked, and PlanStateError for a plan that is no draft.
    """
    if not actor.has_perm("catalog.push_video"):
        raise PermissionDenied
    plan = PushPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state != PushPlan.State.DRAFT:
        raise PlanStateError
    if not plan.account.is_connected:
        raise AccountNotConnectedError
    if plan.blocked_count + plan.left_out_count == plan.item_count:
        raise NothingToPushError("Everything in this plan is blocked or left out.")
    plan.confirmed_by, plan.confirmed_at = actor, timezone.now()
    plan.save(update_fields=["confirmed_by", "confirmed_at"])
    plan.change_state(PushPlan.State.CONFIRMED)
    announce_plan(plan)
    logger.info("plan_confirmed", plan_pk=plan.pk, actor_pk=actor.pk)
    return plan


def push_one_video(
    *, video: Video, account: YouTubeAccount, actor: User, digest: str
) -> PushPlan:
    """Plan and confirm one video at once: "sync now".

    Raises PlanStateError when the diff is not the one that the person saw.
    """
    with transaction.atomic():
        selection = Video.objects.filter(pk=video.pk)
        plan = create_plan(
            videos=selection, account=account, actor=actor, is_urgent=True
        )
        items = list(plan.items.select_related("video"))
        if Preview(items, 0, 0).digest != digest:
            raise PlanStateError("The edits changed since you saw them. Look again.")
        return confirm_plan(plan=plan, actor=actor)


@transaction.atomic
def cancel_plan(*, plan: PushPlan, actor: User) -> PushPlan:
    """Stop a plan after the item that is being sent; what was sent stays."""
    plan = PushPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state != PushPlan.State.DRAFT and not plan.is_active:
        raise PlanStateError
    plan.change_state(PushPlan.State.CANCELLED, f"Cancelled by {actor}.")
    announce_plan(plan)
    logger.info("plan_cancelled", plan_pk=plan.pk, actor_pk=actor.pk)
    return plan
