"""When a plan will be done, across days, other plans and summer time."""

from datetime import UTC, date, datetime

import pytest

from tests.factories.catalog import UserFactory
from tests.factories.youtube_sync import (
    PlanItemFactory,
    PushPlanFactory,
    QuotaEntryFactory,
)
from youtube_sync.services.forecast import forecast

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)  # noon in California


@pytest.fixture(autouse=True)
def small_quota(settings):
    settings.YOUTUBE_DAILY_QUOTA, settings.REFRESH_QUOTA_PERCENT = 1000, 20
    settings.GOOGLE_PROJECT = "sandbox"


@pytest.fixture
def make_plan():
    def make(item_count, **values):
        plan = PushPlanFactory(**values)
        for _ in range(item_count):
            PlanItemFactory(plan=plan)
        return plan

    return make


def test_plan_that_fits_today_is_done_today(make_plan):
    found = forecast(make_plan(3), NOON)

    assert (found.is_today, found.units, found.units_today) == (True, 151, 151)
    assert found.finish_at.date() == NOON.date()


def test_rest_goes_on_after_midnight_in_california(make_plan):
    QuotaEntryFactory(units=900, quota_on=date(2026, 11, 23))

    found = forecast(make_plan(3), NOON)

    assert (found.days, found.units_today) == (1, 50)
    assert found.finish_at.replace(second=0, microsecond=0) == datetime(
        2026, 11, 24, 8, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        # The clocks go forward on 8 March 2026 and back on 1 November 2026.
        (datetime(2026, 3, 8, 9, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        (datetime(2026, 11, 1, 8, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_reset_follows_summer_time(make_plan, now, reset):
    day = date(now.year, now.month, now.day)
    QuotaEntryFactory(units=1000, quota_on=day)

    found = forecast(make_plan(1), now)

    assert found.finish_at.replace(second=0, microsecond=0) == reset


def test_days_leave_the_reserve_and_the_share_of_refreshes(make_plan):
    QuotaEntryFactory(units=1000, quota_on=date(2026, 11, 23))

    found = forecast(make_plan(31), NOON)

    assert found.units_per_day == 750
    assert (found.units, found.days) == (1551, 3)


def test_earlier_plans_go_first(make_plan):
    make_plan(
        18,
        state="confirmed",
        confirmed_at=NOON,
        confirmed_by=PushPlanFactory().created_by,
    )

    found = forecast(make_plan(3), NOON)

    assert found.days == 1


def test_urgent_plan_waits_for_nobody(make_plan):
    publisher = PushPlanFactory().created_by
    make_plan(18, state="confirmed", confirmed_at=NOON, confirmed_by=publisher)

    assert forecast(make_plan(1, is_urgent=True), NOON).is_today


def test_plan_without_pending_items_has_no_forecast(make_plan):
    assert forecast(make_plan(0), NOON) is None


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_plan_that_was_stopped_has_no_forecast(make_plan, state):
    plan = make_plan(1, state=state, confirmed_by=UserFactory())

    assert forecast(plan, NOON) is None


def test_no_quota_at_all_means_never(make_plan, settings):
    settings.YOUTUBE_DAILY_QUOTA = 0

    assert forecast(make_plan(1), NOON) is None
