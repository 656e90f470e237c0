"""What a monitor reads, and that nobody else does."""

import pytest
from django.db import connection
from django.db.utils import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from tests.factories.reports import ReportFactory
from ytmanager import metrics, system_status

TOKEN = "t" * 32


@pytest.fixture(autouse=True)
def stores(report_store, settings):
    settings.MONITOR_TOKEN = TOKEN
    system_status.forget_stores()
    yield
    system_status.forget_stores()


@pytest.fixture
def read(client):
    """Read the figures: value by name and labels."""

    def read():
        reply = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert reply.status_code == 200
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(reply.content.decode())
            for sample in family.samples
        }

    return read


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_stranger_is_refused(client, headers):
    reply = client.get("/metrics", headers=headers)

    assert reply.status_code == 401
    assert b"ytm_" not in reply.content


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status(client, read):
    key = ("ytm_http_requests_total", ("method", "GET"), ("status", "200"))
    key += (("view", "admin:login"),)
    before = read().get(key, 0)

    client.get("/admin/login/")

    assert read()[key] == before + 1


@pytest.mark.django_db
def test_unknown_addresses_make_one_series(client, read):
    client.get("/no/such/page")
    before = set(read())

    client.get("/no/other/page")

    total = "ytm_http_requests_total"
    series = {key for key in read() if key[0] == total and ("status", "404") in key}
    assert ("view", "unmatched") in {key[-1] for key in series}
    assert series <= before


@pytest.mark.django_db
def test_queues_are_read_from_the_database(read):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
            " VALUES ('imports', 'tests.nothing', '{}', now() - interval '2 hours')"
        )

    figures = read()

    waiting = ("ytm_queue_jobs", ("queue", "imports"), ("state", "waiting"))
    assert figures[waiting] == 1
    oldest = figures[("ytm_queue_oldest_seconds", ("queue", "imports"))]
    assert oldest == pytest.approx(7200, abs=60)


@pytest.mark.django_db
def test_running_job_without_a_worker_is_stalled(read):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('imports', 'tests.nothing', '{}', 'doing')"
        )

    assert read()[("ytm_stalled_jobs",)] == 1


@pytest.mark.django_db
def test_imports_rows_and_quota_are_told(read, settings):
    ReportFactory(state="cancelled", rows_read=7, rows_imported=7)

    figures = read()

    assert figures[("ytm_reports", ("state", "cancelled"))] == 1
    assert figures[("ytm_report_rows", ("outcome", "imported"))] == 7
    assert figures[("ytm_quota_used_units",)] == 0
    assert figures[("ytm_quota_limit_units",)] == settings.YOUTUBE_DAILY_QUOTA
    assert figures[("ytm_database_bytes",)] > 1_000_000
    assert figures[("ytm_store_up", ("store", "reports"))] == 1


@pytest.mark.django_db
def test_figures_of_the_process_come_without_the_database(read, monkeypatch):
    def refuse(self):
        raise OperationalError

    monkeypatch.setattr(metrics.SystemCollector, "_database_figures", refuse)

    figures = read()

    assert figures[("ytm_database_up",)] == 0
    assert ("ytm_sockets",) in figures


@pytest.mark.asyncio
async def test_open_sockets_are_counted():
    seen = []

    async def application(scope, receive, send):
        seen.append(metrics.SOCKETS._value.get())

    before = metrics.SOCKETS._value.get()
    await metrics.count_sockets(application)({}, None, None)

    assert seen == [before + 1]
    assert metrics.SOCKETS._value.get() == before
