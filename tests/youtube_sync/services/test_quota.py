"""The ledger: reservations, the kept share, and the Pacific day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connections

from tests.factories.youtube_sync import PushPlanFactory
from youtube_sync.exceptions import (
    IncompletePartError,
    QuotaExceededError,
    RetryableAPIError,
)
from youtube_sync.models import QuotaEntry
from youtube_sync.services import quota
from ytmanager.models import Notification

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "day", "reset"),
    [
        ("2026-07-01T06:59", date(2026, 6, 30), "2026-07-01T07:00"),
        ("2026-07-01T07:00", date(2026, 7, 1), "2026-07-02T07:00"),
        ("2026-01-15T07:59", date(2026, 1, 14), "2026-01-15T08:00"),
        # The clocks go forward and back in the night after these days.
        ("2026-03-07T20:00", date(2026, 3, 7), "2026-03-08T08:00"),
        ("2026-03-08T20:00", date(2026, 3, 8), "2026-03-09T07:00"),
        ("2026-11-01T20:00", date(2026, 11, 1), "2026-11-02T08:00"),
    ],
)
def test_day_and_reset_follow_the_clocks_of_california(moment, day, reset):
    moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert quota.pacific_day(moment) == day
    expected = datetime.fromisoformat(reset).replace(tzinfo=UTC)
    assert quota.next_reset(moment) == expected


def test_reservation_counts_at_once(settings):
    settings.YOUTUBE_DAILY_QUOTA = 100

    quota.reserve(units=60, call="videos.update")

    assert quota.get_budget().left_for_single_pushes == 40


def test_reservation_over_the_budget_is_refused(settings):
    settings.YOUTUBE_DAILY_QUOTA = 100
    quota.reserve(units=60, call="videos.update")

    with pytest.raises(QuotaExceededError):
        quota.reserve(units=50, call="videos.update")

    assert QuotaEntry.objects.count() == 1


def test_five_percent_are_kept_from_ordinary_plans(settings):
    settings.YOUTUBE_DAILY_QUOTA = 1000
    plan = PushPlanFactory()
    urgent = PushPlanFactory(is_urgent=True)
    quota.reserve(units=950, call="videos.update", payer=quota.Payer(plan=plan))

    with pytest.raises(QuotaExceededError):
        quota.reserve(units=1, call="videos.list", payer=quota.Payer(plan=plan))
    with pytest.raises(QuotaExceededError):
        quota.reserve(units=1, call="channels.list")

    quota.reserve(units=50, call="videos.update", payer=quota.Payer(plan=urgent))
    assert quota.get_budget().left_for_single_pushes == 0


def test_yesterday_does_not_count(settings):
    settings.YOUTUBE_DAILY_QUOTA = 100
    quota.reserve(units=90, call="videos.update")
    QuotaEntry.objects.update(quota_on=date(2020, 1, 1))

    assert quota.get_budget().left_for_single_pushes == 100


def test_other_projects_do_not_count(settings):
    quota.reserve(units=100, call="videos.update")
    settings.GOOGLE_PROJECT = "another"

    assert quota.get_budget().used == 0


@pytest.mark.parametrize(
    ("error", "used"),
    [(None, 50), (RetryableAPIError, 50), (IncompletePartError, 0)],
)
def test_what_never_left_is_free_and_the_rest_is_spent(error, used):
    try:
        with quota.spending(units=50, call="videos.update"):
            if error:
                raise error
    except (RetryableAPIError, IncompletePartError):
        pass

    assert quota.get_budget().used == used


def test_quota_exceeded_closes_the_day_whatever_the_ledger_says():
    with (
        pytest.raises(QuotaExceededError),
        quota.spending(units=50, call="videos.update"),
    ):
        raise QuotaExceededError

    budget = quota.get_budget()
    assert budget.is_closed
    assert budget.left_for_single_pushes == 0
    with pytest.raises(QuotaExceededError):
        quota.reserve(units=1, call="videos.list")


def test_units_of_a_dead_worker_count_as_spent():
    plan = PushPlanFactory()
    entry = quota.reserve(units=50, call="videos.update", payer=quota.Payer(plan=plan))

    QuotaEntry.objects.settle_open(plan=plan)

    entry.refresh_from_db()
    assert entry.state == QuotaEntry.State.SPENT


@pytest.mark.django_db(transaction=True)
def test_reservations_at_the_same_time_do_not_exceed_the_budget(settings):
    settings.YOUTUBE_DAILY_QUOTA = 100

    def ask(_):
        try:
            quota.reserve(units=30, call="videos.update")
        except QuotaExceededError:
            return 0
        finally:
            connections.close_all()
        return 30

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(ask, range(8)))

    assert granted == 90


def warnings():
    return Notification.objects.filter(kind="quota")


def test_people_are_warned_once_while_a_fifth_is_left(settings):
    settings.YOUTUBE_DAILY_QUOTA = 1000
    quota.reserve(units=799, call="videos.update")
    before = warnings().count()

    entries = [quota.reserve(units=1, call="videos.list") for _ in range(3)]

    notice = warnings().get()
    assert (before, len(entries)) == (0, 3)
    assert notice.title == "80 % of YouTube's quota of today is used"
    assert notice.message.startswith("200 of 1,000 units are left")


def test_mark_that_is_passed_again_warns_nobody_again(settings):
    settings.YOUTUBE_DAILY_QUOTA = 1000
    quota.release(quota.reserve(units=850, call="videos.update"))

    quota.reserve(units=850, call="videos.update")

    assert warnings().count() == 1


def test_next_day_warns_again(settings):
    settings.YOUTUBE_DAILY_QUOTA = 1000
    for day in (2, 3):
        with time_machine.travel(datetime(2026, 7, day, 12, tzinfo=UTC)):
            quota.reserve(units=800, call="videos.update")

    assert warnings().count() == 2
