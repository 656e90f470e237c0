"""A plan without quota goes on after midnight in California, in every season."""

from datetime import datetime, timedelta

import pytest

from tests.youtube_sync.services.conftest import run, written
from tests.youtube_sync.test_tasks import jobs_of
from youtube_sync import tasks
from youtube_sync.models import PushPlan

pytestmark = pytest.mark.django_db
MOMENT = timedelta(minutes=1)
# Noon of a day in California, and the next midnight there.
DAYS = {
    "summer": ("2026-07-01T20:00Z", "2026-07-02T07:00Z"),
    "winter": ("2026-01-15T20:00Z", "2026-01-16T08:00Z"),
    "clocks go forward": ("2026-03-07T20:00Z", "2026-03-08T08:00Z"),
    "after they went forward": ("2026-03-08T20:00Z", "2026-03-09T07:00Z"),
    "after they went back": ("2026-11-01T20:00Z", "2026-11-02T08:00Z"),
}


@pytest.fixture(params=DAYS.values(), ids=DAYS)
def midnight(request, time_machine):
    """Let it be that noon, here and on the sandbox; gives the moment of the reset."""
    noon, reset = (datetime.fromisoformat(moment) for moment in request.param)
    time_machine.move_to(noon)
    return reset


def test_plan_goes_on_by_itself_after_the_reset(
    midnight, time_machine, sandbox, make_video, make_plan, connected
):
    sandbox.change_settings(daily_units=60)
    for number in range(2):
        make_video(f"video{number:06}", title=f"New {number}")

    plan = run(make_plan(), connected)

    assert (plan.state, plan.resume_at) == (PushPlan.State.WAITING_QUOTA, midnight)
    time_machine.move_to(midnight - MOMENT)
    tasks.wake_plans(0)
    assert not jobs_of(plan).exists()
    time_machine.move_to(midnight + MOMENT)
    tasks.wake_plans(0)
    assert jobs_of(plan).exists()
    assert run(plan, connected).state == PushPlan.State.COMPLETED
    assert [call["status"] for call in written(sandbox)] == [200, 403, 200]
