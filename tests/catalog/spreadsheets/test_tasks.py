"""The jobs of sheets: started with the state, found again when they are lost."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog import tasks
from catalog.models import Spreadsheet
from catalog.spreadsheets import uploads
from tests.catalog.spreadsheets.conftest import planned, sheet_of
from tests.factories.catalog import VideoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(compared):
    """A sheet that was compared once and waits to be compared again."""
    video = VideoFactory(title="Old", video_id="aaaaaaaaaaa")
    sheet = compared(sheet_of(["Video ID", "Title"], [video.video_id, "New"]))
    uploads.request_comparison(sheet)
    return sheet


def jobs():
    return list(ProcrastinateJob.objects.filter(task_name__contains="spreadsheet"))


def test_waiting_sheet_gets_a_job_that_compares_it(waiting):
    tasks.enqueue_comparison(waiting)
    tasks.compare_spreadsheet(spreadsheet_pk=waiting.pk)
    waiting.refresh_from_db()

    (job,) = jobs()
    assert (job.queue_name, job.pk) == ("quick", waiting.job_id)
    assert waiting.state == "compared"
    assert planned(waiting) == {("aaaaaaaaaaa", "title"): "New"}


def test_large_sheet_waits_among_the_reports(waiting):
    waiting.size = 50 << 20

    tasks.enqueue_comparison(waiting)

    assert jobs()[0].queue_name == "imports"


def test_sheet_that_waits_for_nothing_gets_no_job(waiting):
    tasks.compare_spreadsheet(spreadsheet_pk=waiting.pk)
    waiting.refresh_from_db()

    tasks.enqueue_comparison(waiting)

    assert jobs() == []


def test_lost_job_is_replaced_and_a_living_one_is_not(waiting):
    Spreadsheet.objects.filter(pk=waiting.pk).update(state="reading", job_id=None)

    tasks.requeue_lost_comparisons(0)
    tasks.requeue_lost_comparisons(0)

    assert len(jobs()) == 1
