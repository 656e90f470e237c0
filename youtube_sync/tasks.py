"""Jobs of YouTube sync."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.retry import RetryStrategy

from youtube_sync.exceptions import ReconnectRequiredError, RetryableAPIError
from youtube_sync.models import PushPlan, RefreshRun, YouTubeAccount
from youtube_sync.services import (
    channels,
    clients,
    push,
    refresh,
    refresh_requests,
)
from ytmanager.exceptions import YouTubeCMSError

logger = structlog.get_logger(__name__)

# An outage of YouTube is waited out for more than an hour: 1, 6, 11 … minutes.
OUTAGE_RETRY = RetryStrategy(
    max_attempts=6, wait=60, linear_wait=300, retry_exceptions=[RetryableAPIError]
)


# Single pushes come before single reads, those before plans, and all before runs
# over the whole catalogue.
URGENT, SINGLE, BULK, WHOLE = 30, 20, 10, 0


@app.task(queue="youtube")
def run_plan(plan_pk: int) -> None:
    """Push a confirmed plan, or go on with one that waited or whose worker died."""
    plan = PushPlan.objects.select_related("account__content_owner").get(pk=plan_pk)
    with clients.connect(plan.account) as connected:
        push.run_plan(plan=plan, clients=connected)
    waiting = PushPlan.objects.to_wake(timezone.now()).filter(pk=plan_pk).first()
    if waiting is not None:
        start_plan(waiting)  # it gave way to an urgent one, or became one


def start_plan(plan: PushPlan) -> None:
    """Queue the push in the caller's transaction; a queued one is enough."""
    lock = f"push-plan-{plan.pk}"
    priority = URGENT if plan.is_urgent else BULK
    try:
        with transaction.atomic():
            run_plan.configure(lock=lock, queueing_lock=lock, priority=priority).defer(
                plan_pk=plan.pk
            )
    except AlreadyEnqueued:
        logger.info("plan_is_queued_already", plan_pk=plan.pk)


def start_plans_of(account: YouTubeAccount) -> None:
    """Go on with what waited for this account."""
    for run in RefreshRun.objects.to_wake(timezone.now()).filter(account=account):
        start_run(run)
    for plan in PushPlan.objects.to_wake(timezone.now()).filter(account=account):
        start_plan(plan)


@app.periodic(cron="* * * * *")
@app.task(queue="quick", queueing_lock="wake_plans")
def wake_plans(timestamp: int) -> None:
    """Start plans and refreshes whose wait is over, or whose job is gone."""
    for plan in PushPlan.objects.to_wake(timezone.now()):
        if not has_job(plan):
            start_plan(plan)
    for run in RefreshRun.objects.to_wake(timezone.now()):
        if not _is_queued(run_refresh.name, "refresh_pk", run.pk):
            start_run(run)


def has_job(plan: PushPlan) -> bool:
    """Whether a job of this plan is queued or running."""
    return _is_queued(run_plan.name, "plan_pk", plan.pk)


def _is_queued(task: str, argument: str, pk: int) -> bool:
    return ProcrastinateJob.objects.filter(
        task_name=task,
        status__in=["todo", "doing"],
        **{f"args__{argument}": pk},
    ).exists()


@app.task(queue="youtube")
def run_refresh(refresh_pk: int) -> None:
    """Do what is left of a refresh."""
    runs = RefreshRun.objects.select_related("account__content_owner")
    run = runs.get(pk=refresh_pk)
    with clients.connect(run.account) as connected:
        refresh.run_refresh(run=run, clients=connected)
    if RefreshRun.objects.to_wake(timezone.now()).filter(pk=refresh_pk).exists():
        start_run(run)  # it gave way to an urgent push


def start_run(run: RefreshRun) -> None:
    """Queue the refresh in the caller's transaction; a queued one is enough."""
    lock = f"refresh-{run.pk}"
    is_whole = run.scope == RefreshRun.Scope.CATALOGUE
    priority = WHOLE if is_whole else SINGLE
    try:
        with transaction.atomic():
            run_refresh.configure(
                lock=lock, queueing_lock=lock, priority=priority
            ).defer(refresh_pk=run.pk)
    except AlreadyEnqueued:
        logger.info("refresh_is_queued_already", refresh_pk=run.pk)


# Half past eight UTC: the day of quota has begun in California all year round.
@app.periodic(cron="30 8 * * *")
@app.task(queue="quick", queueing_lock="refresh_catalogues")
def refresh_catalogues(timestamp: int) -> None:
    """Read what YouTube shows of every content owner, once a day."""
    with transaction.atomic():
        for run in refresh_requests.request_scheduled():
            start_run(run)


# After the whole catalogues, which leave little for it to do.
@app.periodic(cron="40 9 * * *")
@app.task(queue="quick", queueing_lock="refresh_expiring_data")
def refresh_expiring_data(timestamp: int) -> None:
    """Read again what the limit for data of the API would empty soon."""
    with transaction.atomic():
        now = datetime.fromtimestamp(timestamp, UTC)
        for run in refresh_requests.request_expiring(now):
            start_run(run)


@app.task(queue="youtube", retry=OUTAGE_RETRY)
def refresh_channels(account_pk: int) -> None:
    """Read the channels of an account's content owner; people hear of a failure."""
    account = YouTubeAccount.objects.select_related("content_owner").get(pk=account_pk)
    try:
        with clients.connect(account) as connected:
            channels.refresh_channels(account=account, youtube=connected.youtube)
    except RetryableAPIError:
        raise
    except ReconnectRequiredError:
        logger.info("refresh_waits_for_account", account_pk=account_pk)
    except YouTubeCMSError as error:
        channels.tell_failure(account=account, error=error)


def start_refresh(account: YouTubeAccount) -> None:
    """Queue the refresh in the caller's transaction; a queued one is enough."""
    lock = f"refresh-channels-{account.pk}"
    try:
        with transaction.atomic():
            refresh_channels.configure(lock=lock, queueing_lock=lock).defer(
                account_pk=account.pk
            )
    except AlreadyEnqueued:
        logger.info("refresh_is_queued_already", account_pk=account.pk)


# At ten past eight UTC a new day of quota has begun in California all year round.
@app.periodic(cron="10 8 * * *")
@app.task(queue="quick", queueing_lock="refresh_all_channels")
def refresh_all_channels(timestamp: int) -> None:
    """Read the channels of every content owner once a day."""
    for account in YouTubeAccount.objects.one_for_each_owner():
        start_refresh(account)
