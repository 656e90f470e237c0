"""One import per content owner at a time; the next goes on when one has ended."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import ContentOwner, Observation
from reports import tasks
from reports.models import Report
from reports.services import turns
from reports.services.imports import run_import
from reports.services.requests import cancel_import, request_import
from tests.reports.conftest import video_file, video_row

pytestmark = pytest.mark.django_db
State = Report.State


@pytest.fixture
def owner(db):
    return ContentOwner.objects.create(name="Aurora")


@pytest.fixture
def busy(owner):
    """Another process imports a report of the owner; gives that report."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [turns.OWNERS, owner.pk])
    yield Report.objects.create(name="b.csv", content_owner=owner, state=State.READING)
    other.close()


@pytest.fixture
def waiting(upload):
    def waiting(number=1, **facts):
        report = upload(video_file(video_row(number)), **facts)
        return request_import(report=report, actor=None)

    return waiting


def jobs_of(report):
    jobs = ProcrastinateJob.objects.filter(args__report_pk=report.pk)
    return list(jobs.values_list("status", flat=True))


def run(report):
    tasks.run_import(report_pk=report.pk)
    report.refresh_from_db()
    return report


def end(report, state=State.FAILED):
    Report.objects.filter(pk=report.pk).update(state=state)
    report.refresh_from_db()
    tasks.go_on_after(report)


@pytest.mark.parametrize("is_known", [True, False])
def test_file_of_a_busy_owner_waits_without_a_job(busy, owner, waiting, is_known):
    report = waiting(content_owner=owner if is_known else None)

    run(report)

    assert (report.state, report.waits_for) == (State.WAITING, busy)
    assert jobs_of(report) == []
    assert not Observation.objects.exists()


def test_file_of_another_owner_is_imported_meanwhile(busy, waiting):
    other = ContentOwner.objects.create(name="Borealis")

    assert run(waiting(content_owner=other)).state == State.COMPLETED


def test_next_file_goes_on_when_the_one_before_it_has_ended(busy, waiting):
    first, second = run(waiting(1)), run(waiting(2))

    end(busy)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.waits_for is None
    assert jobs_of(first) == ["todo"]
    assert second.waits_for == first
    assert jobs_of(second) == []


def test_hand_started_file_goes_first_among_those_that_wait(busy, waiting, admin_user):
    run(waiting(1))
    by_hand = waiting(2)
    Report.objects.filter(pk=by_hand.pk).update(requested_by=admin_user)
    run(by_hand)

    end(busy)

    assert jobs_of(by_hand) == ["todo"]


def test_cancelled_file_is_passed_over(busy, waiting):
    first, second = run(waiting(1)), run(waiting(2))

    cancel_import(report=first, actor=None)
    end(busy)

    assert jobs_of(first) == []
    assert jobs_of(second) == ["todo"]


def test_owner_that_became_free_meanwhile_is_tried_again_soon(busy, waiting):
    Report.objects.filter(pk=busy.pk).update(state=State.FAILED)

    report = run(waiting())

    assert (report.state, report.waits_for) == (State.WAITING, None)
    assert jobs_of(report) == ["todo"]


def test_waiting_for_a_file_that_ended_unnoticed_is_noticed(busy, waiting):
    report = run(waiting())
    Report.objects.filter(pk=busy.pk).update(state=State.CANCELLED)

    tasks.requeue_lost_imports(timestamp=0)

    assert jobs_of(report) == ["todo"]


def test_file_that_waits_for_another_is_not_taken_for_lost(busy, waiting):
    Report.objects.filter(pk=busy.pk).update(job_id=None)
    report = run(waiting())

    tasks.requeue_lost_imports(timestamp=0)

    assert jobs_of(report) == []


def test_job_of_a_report_that_ended_does_not_put_it_back(busy, waiting):
    report = waiting()
    cancel_import(report=report, actor=None)

    run(report)

    assert report.state == State.CANCELLED


def test_owner_is_free_again_after_an_import(owner, waiting):
    for number in range(2):
        report = waiting(number)

        run_import(report=report)

        assert report.state == State.COMPLETED
