"""What has had its time is forgotten; the rest stays."""

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from reports.models import Report, ReportRowError
from reports.services.retention import forget_row_errors
from tests.factories.reports import ReportFactory
from ytmanager import retention
from ytmanager.models import ApiToken, AuditEntry

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def days_ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture(autouse=True)
def limits(settings):
    settings.LOGINS_KEPT_DAYS = 100
    settings.JOBS_KEPT_DAYS = 30
    settings.ROW_ERRORS_KEPT_DAYS = 90


def test_ended_sessions_go():
    Session.objects.create(session_key="old", expire_date=days_ago(1))
    Session.objects.create(session_key="new", expire_date=NOW + timedelta(days=1))

    removed = retention.forget_old(NOW)

    assert removed["sessions"] == 1
    assert Session.objects.get().session_key == "new"


def test_old_logins_go():
    for model in (AccessLog, AccessFailureLog):
        for days in (99, 101):
            row = model.objects.create(username="ann", path_info="/", http_accept="")
            model.objects.filter(pk=row.pk).update(attempt_time=days_ago(days))

    removed = retention.forget_old(NOW)

    assert (removed["logins"], removed["failed_logins"]) == (1, 1)
    assert AccessLog.objects.count() == AccessFailureLog.objects.count() == 1


def test_old_lines_of_the_audit_go_with_the_logins():
    for days in (99, 101):
        AuditEntry.objects.create(kind="signed_in", at=days_ago(days))

    assert retention.forget_old(NOW)["audit"] == 1
    assert AuditEntry.objects.get().at == days_ago(99)


def test_tokens_that_expired_long_ago_go():
    user = User.objects.create_user("robot")
    kept, old = (ApiToken.objects.create(user=user)[0] for _ in range(2))
    ApiToken.objects.filter(pk=kept.pk).update(expiry=days_ago(99))
    ApiToken.objects.filter(pk=old.pk).update(expiry=days_ago(101))

    assert retention.forget_old(NOW)["tokens"] == 1
    assert ApiToken.objects.get().pk == kept.pk


@pytest.mark.parametrize(
    ("status", "days", "goes"),
    [("failed", 31, True), ("failed", 29, False), ("todo", 31, False)],
)
def test_failed_jobs_go_and_waiting_ones_never(status, days, goes):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('quick', 'tests.nothing', '{}', 'todo')"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = %s", [status])
        cursor.execute("UPDATE procrastinate_events SET at = %s", [days_ago(days)])

    assert retention.forget_old(NOW)["jobs"] == int(goes)
    assert ProcrastinateJob.objects.exists() is not goes


def test_rejected_rows_go_and_their_count_stays():
    for days in (89, 91):
        report = ReportFactory(state="cancelled", rows_read=1, rows_rejected=1)
        Report.objects.filter(pk=report.pk).update(finished_at=days_ago(days))
        ReportRowError.objects.create(report=report, line=2, reason="No video ID.")

    assert forget_row_errors(NOW) == 1
    assert ReportRowError.objects.count() == 1
    assert set(Report.objects.values_list("rows_rejected", flat=True)) == {1}
