"""Jobs: a plan is run by its key, woken when its wait is over, queued once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Video
from tests.factories.youtube_sync import PushPlanFactory
from tests.youtube_sync.services.conftest import *  # noqa: F403 - the same fixtures
from youtube_sync import tasks
from youtube_sync.models import PushPlan
from youtube_sync.services import plans

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
