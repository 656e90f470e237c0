"""The job runs once however often it is started, and is given again when lost."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Observation, Video
from reports import tasks
from reports.models import Report
from reports.services.requests import request_import
from tests.reports.conftest import video_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(upload):
    report = upload(video_file())
    request_import(report=report, actor=None)
    tasks.enqueue_import(report)
    report.refresh_from_db()
    return report


def test_enqueued_report_knows_its_job(waiting):
    job = ProcrastinateJob.objects.get(pk=waiting.job_id)

    assert (job.queue_name, job.args) == ("imports", {"report_pk": waiting.pk})


def test_task_run_twice_imports_once(waiting):
    tasks.run_import(report_pk=waiting.pk)
    tasks.run_import(report_pk=waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == Report.State.COMPLETED
    assert Observation.objects.count() == Video.objects.count() == 1


def test_report_with_a_living_job_is_left_alone(waiting):
    tasks.requeue_lost_imports(timestamp=0)

    assert ProcrastinateJob.objects.count() == 1


def test_report_whose_job_is_lost_gets_another(waiting):
    Report.objects.update(job_id=None)

    tasks.requeue_lost_imports(timestamp=0)

    waiting.refresh_from_db()
    assert ProcrastinateJob.objects.filter(pk=waiting.job_id, status="todo").exists()
    assert ProcrastinateJob.objects.count() == 2


def test_finished_reports_get_no_job(waiting):
    tasks.run_import(report_pk=waiting.pk)
    Report.objects.update(job_id=None)

    tasks.requeue_lost_imports(timestamp=0)

    assert ProcrastinateJob.objects.count() == 1
