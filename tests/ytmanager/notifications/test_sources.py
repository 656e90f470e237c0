"""What happens in the apps reaches the inboxes of the people it concerns."""

import pytest

from catalog.models import ChangeSet
from catalog.services.alarms import sound_alarm
from catalog.services.applying import record_state as record_change_set
from reports.models import Report
from reports.services.progress import record_state as record_report
from tests.factories.reports import ReportFactory
from tests.factories.youtube_sync import YouTubeAccountFactory
from tests.ytmanager.notifications.test_inbox import member
from youtube_sync.models import PushPlan, QuotaEntry, RefreshRun
from youtube_sync.services import accounts, quota
from youtube_sync.services.announce import announce_plan, announce_refresh
from ytmanager.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return member("ada", "Publisher")


def told():
    return [
        (one.kind, one.level, one.user_id)
        for one in Notification.objects.order_by("pk")
    ]


@pytest.mark.parametrize(
    ("state", "level"),
    [
        ("completed", "success"),
        ("completed_with_errors", "warning"),
        ("needs_answer", "warning"),
        ("failed", "error"),
        ("reading", None),
    ],
)
def test_end_of_an_import_reaches_who_asked_for_it(ada, state, level):
    report = ReportFactory(requested_by=ada)
    report.state = Report.State(state)

    record_report(report)

    assert told() == ([("job", level, ada.pk)] if level else [])


def test_import_that_nobody_asked_for_is_told_to_nobody(db):
    report = ReportFactory(requested_by=None)
    report.state = Report.State.COMPLETED

    record_report(report)

    assert told() == []


@pytest.mark.parametrize(
    ("job_id", "expected"), [(7, 1), (None, 0)], ids=["worker", "at once"]
)
def test_change_set_that_a_worker_applied_reaches_its_person(ada, job_id, expected):
    change_set = ChangeSet.objects.create(
        kind=ChangeSet.Kind.BULK, actor=ada, state=ChangeSet.State.APPLIED
    )
    change_set.job_id = job_id

    record_change_set(change_set)

    assert told() == [("job", "success", ada.pk)] * expected


def test_end_of_a_push_reaches_who_confirmed_it(ada):
    plan = PushPlan.objects.create(
        account=YouTubeAccountFactory(), created_by=ada, confirmed_by=ada
    )
    plan.state = PushPlan.State.COMPLETED_WITH_ERRORS

    announce_plan(plan)

    assert told() == [("job", "warning", ada.pk)]


def test_end_of_a_refresh_reaches_who_asked_for_it(ada):
    run = RefreshRun(
        account=YouTubeAccountFactory(),
        requested_by=ada,
        state=RefreshRun.State.COMPLETED,
        pk=3,
    )

    announce_refresh(run)

    assert told() == [("job", "success", ada.pk)]


def test_account_to_reconnect_reaches_the_office_once(db):
    account = YouTubeAccountFactory()

    for _ in range(2):
        accounts.mark_needs_reconnect(account=account)

    assert told() == [("reconnect", "error", None)]


def test_spent_quota_reaches_the_office_once_a_day(db):
    entry = quota.reserve(units=1, call="videos.list")

    for _ in range(2):
        quota.close_day(entry)

    assert told() == [("quota", "warning", None)]
    assert QuotaEntry.objects.filter(state="closed").count() == 1


def test_alarm_reaches_the_office(db):
    sound_alarm("error", "The clean-up", "Why")

    assert told() == [("alarm", "error", None)]
