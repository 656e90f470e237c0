"""Jobs of YouTube sync."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from youtube_sync.models import PushPlan, YouTubeAccount
from youtube_sync.services import clients, push

logger = structlog.get_logger(__name__)


@app.task(queue="youtube")
def run_plan(plan_pk: int) -> None:
    """Push a confirmed plan, or go on with one that waited or whose worker died."""
    plan = PushPlan.objects.select_related("account__content_owner").get(pk=plan_pk)
    with clients.connect(plan.account) as connected:
        push.run_plan(plan=plan, clients=connected)


def start_plan(plan: PushPlan) -> None:
    """Queue the push in the caller's transaction; a queued one is enough."""
    lock = f"push-plan-{plan.pk}"
    try:
        with transaction.atomic():
            run_plan.configure(lock=lock, queueing_lock=lock).defer(plan_pk=plan.pk)
    except AlreadyEnqueued:
        logger.info("plan_is_queued_already", plan_pk=plan.pk)


def start_plans_of(account: YouTubeAccount) -> None:
    """Go on with what waited for this account."""
    for plan in PushPlan.objects.to_wake(timezone.now()).filter(account=account):
        start_plan(plan)


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="wake_plans")
def wake_plans(timestamp: int) -> None:
    """Start plans whose wait is over, and those whose job is gone."""
    for plan in PushPlan.objects.to_wake(timezone.now()):
        if not has_job(plan):
            start_plan(plan)


def has_job(plan: PushPlan) -> bool:
    """Whether a job of this plan is queued or running."""
    return ProcrastinateJob.objects.filter(
        task_name=run_plan.name,
        status__in=["todo", "doing"],
        args__plan_pk=plan.pk,
    ).exists()
