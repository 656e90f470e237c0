"""Jobs: plans run by key, wake when their wait is over; channels are read daily."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Channel, Video
from tests.factories.youtube_sync import PushPlanFactory, YouTubeAccountFactory
from tests.youtube_sync.services.conftest import *  # noqa: F403 - the same fixtures
from youtube_sync import tasks
from youtube_sync.exceptions import RetryableAPIError
from youtube_sync.models import PushPlan, RefreshRun
from youtube_sync.services import plans
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting_plan(publisher):
    def make(**values):
        values = {"state": PushPlan.State.CONFIRMED} | values
        return PushPlanFactory(confirmed_by=publisher, **values)

    return make


def jobs_of(plan):
    return ProcrastinateJob.objects.filter(args__plan_pk=plan.pk)


def test_task_runs_a_plan_by_its_key(account, publisher, make_video):
    make_video(title="New title")
    plan = plans.create_plan(
        videos=Video.objects.all(), account=account, actor=publisher
    )
    plans.confirm_plan(plan=plan, actor=publisher)

    tasks.run_plan(plan.pk)
    tasks.run_plan(plan.pk)

    plan.refresh_from_db()
    assert plan.state == PushPlan.State.COMPLETED
    assert plan.done_count == 1


def test_plan_is_queued_once(waiting_plan):
    plan = waiting_plan()

    tasks.start_plan(plan)
    tasks.start_plan(plan)

    assert jobs_of(plan).count() == 1


def test_plan_without_a_job_is_woken(waiting_plan):
    plan = waiting_plan()

    tasks.wake_plans(0)

    assert jobs_of(plan).count() == 1


def test_plan_is_woken_when_its_wait_is_over(waiting_plan):
    hour = timedelta(hours=1)
    state = PushPlan.State.WAITING_QUOTA
    due = waiting_plan(state=state, resume_at=timezone.now() - hour)
    later = waiting_plan(state=state, resume_at=timezone.now() + hour)

    tasks.wake_plans(0)

    assert jobs_of(due).exists()
    assert not jobs_of(later).exists()


def test_plan_with_a_job_is_left_to_it(waiting_plan):
    plan = waiting_plan(state=PushPlan.State.RUNNING)
    tasks.start_plan(plan)
    assert tasks.has_job(plan)

    tasks.wake_plans(0)

    assert jobs_of(plan).count() == 1


def test_plan_of_a_dead_account_sleeps(waiting_plan):
    plan = waiting_plan()
    plan.account.state = "needs_reconnect"
    plan.account.save(update_fields=["state"])

    tasks.wake_plans(0)

    assert not jobs_of(plan).exists()


def test_finished_plans_sleep(waiting_plan):
    plan = waiting_plan(state=PushPlan.State.COMPLETED)

    tasks.wake_plans(0)

    assert not jobs_of(plan).exists()


# Refresh of channels

CHANNEL = "UC" + "a" * 22


def refreshes_of(account):
    return ProcrastinateJob.objects.filter(args__account_pk=account.pk)


def test_refresh_reads_the_channels_of_an_account(account, sandbox):
    sandbox.add_channel(CHANNEL, title="Aurora")

    tasks.refresh_channels(account.pk)
    tasks.refresh_channels(account.pk)

    assert Channel.objects.get().name == "Aurora"


def test_refresh_of_every_owner_is_queued_once_a_day(account):
    dead = YouTubeAccountFactory(state="disconnected")

    tasks.refresh_all_channels(0)
    tasks.refresh_all_channels(0)

    assert refreshes_of(account).count() == 1
    assert not refreshes_of(dead).exists()


def test_refusal_is_told_and_ends_the_job(account, sandbox):
    sandbox.add_fault("quota_exceeded", "channels.list")

    tasks.refresh_channels(account.pk)

    told = LiveEvent.objects.get(payload__kind="alarm")
    assert "were not refreshed" in told.payload["title"]


def test_dead_permission_is_told_once(account, sandbox):
    sandbox.add_fault("unauthorized", "channels.list", count=-1)
    sandbox.add_fault("invalid_grant", "oauth.token", count=-1)

    tasks.refresh_channels(account.pk)

    told = LiveEvent.objects.get(type="notification")
    assert "must be connected again" in told.payload["title"]


def test_outage_leaves_the_job_to_try_again(account, sandbox):
    sandbox.add_fault("status_503", "channels.list", count=-1)

    with pytest.raises(RetryableAPIError) as caught:
        tasks.refresh_channels(account.pk)

    job = ProcrastinateJob(attempts=0)
    decision = tasks.OUTAGE_RETRY.get_retry_decision(exception=caught.value, job=job)
    assert decision is not None
    assert not LiveEvent.objects.exists()


# Refreshes of videos


@pytest.fixture
def waiting_run(account):
    def make(**values):
        values = {"scope": "catalogue", "with_counters": False} | values
        return RefreshRun.objects.create(account=account, **values)

    return make


def refresh_jobs(run):
    return ProcrastinateJob.objects.filter(args__refresh_pk=run.pk)


def test_refresh_runs_by_its_key(waiting_run, make_video, sandbox):
    make_video()
    run = waiting_run()

    tasks.run_refresh(run.pk)
    tasks.run_refresh(run.pk)

    run.refresh_from_db()
    assert (run.state, run.read_count) == (RefreshRun.State.COMPLETED, 1)


def test_refresh_without_a_job_is_woken_once(waiting_run):
    run = waiting_run()

    tasks.wake_plans(0)
    tasks.wake_plans(0)

    assert refresh_jobs(run).count() == 1


def test_refresh_that_gave_way_is_queued_again(waiting_run, make_video, publisher):
    make_video()
    run = waiting_run()
    PushPlanFactory(
        account=run.account, confirmed_by=publisher, is_urgent=True, state="confirmed"
    )

    tasks.run_refresh(run.pk)

    assert refresh_jobs(run).count() == 1


def test_schedule_asks_for_each_owner_once(account, settings):
    YouTubeAccountFactory(state="disconnected")

    tasks.refresh_catalogues(0)
    tasks.refresh_catalogues(0)

    run = RefreshRun.objects.get()
    assert (run.account, run.is_scheduled, run.with_uploads) == (account, True, True)
    assert refresh_jobs(run).count() == 1


def test_schedule_is_switched_off(account, settings):
    settings.REFRESH_QUOTA_PERCENT = 0

    tasks.refresh_catalogues(0)

    assert not RefreshRun.objects.exists()


def test_urgent_work_is_taken_first(waiting_plan, waiting_run):
    work = [
        (tasks.start_run, waiting_run()),
        (tasks.start_plan, waiting_plan()),
        (tasks.start_run, waiting_run(scope="video")),
        (tasks.start_plan, waiting_plan(is_urgent=True)),
    ]
    for start, what in work:
        start(what)

    jobs = ProcrastinateJob.objects.order_by("priority")

    taken = [next(iter(job.args.values())) for job in jobs]
    assert taken == [what.pk for _, what in work]
