"""Jobs of killed workers are taken up again; running ones are left alone."""

import time
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from ytmanager import jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", 0)


@pytest.fixture
def running_job():
    """A job in the state that a worker leaves it in while it runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('imports', 'nothing', 'doing') RETURNING id"
        )
        yield cursor.fetchone()[0]
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute("DELETE FROM procrastinate_jobs")


def status_of(job_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job_id])
        return cursor.fetchone()[0]


def requeue_when_the_lock_is_gone():
    """The server ends a closed connection a moment later."""
    deadline = time.monotonic() + 10
    while not (found := jobs.requeue_dead_jobs()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_job_without_a_lock_is_queued_again(running_job):
    assert jobs.requeue_dead_jobs() == [running_job]

    assert status_of(running_job) == "todo"


def test_job_that_holds_its_lock_is_left_alone(running_job):
    context = SimpleNamespace(job=SimpleNamespace(id=running_job))

    found = jobs.hold_job(jobs.requeue_dead_jobs, context, worker=None)

    assert found == []
    assert status_of(running_job) == "doing"


def test_lock_goes_with_the_job(running_job):
    context = SimpleNamespace(job=SimpleNamespace(id=running_job))
    jobs.hold_job(lambda: None, context, worker=None)

    assert requeue_when_the_lock_is_gone() == [running_job]


def test_lock_goes_when_the_job_fails(running_job):
    context = SimpleNamespace(job=SimpleNamespace(id=running_job))

    def fail():
        raise psycopg.OperationalError

    with pytest.raises(psycopg.OperationalError):
        jobs.hold_job(fail, context, worker=None)

    assert requeue_when_the_lock_is_gone() == [running_job]


def test_dead_job_gives_way_to_a_waiting_one_of_its_queueing_lock(running_job):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET queueing_lock = 'only one'")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) "
            "VALUES ('imports', 'nothing', 'only one')"
        )

    assert jobs.requeue_dead_jobs() == []

    assert status_of(running_job) == "aborted"


def test_dead_job_is_queued_by_one_of_two_workers_that_found_it(
    running_job, monkeypatch
):
    found = jobs._jobs_without_lock()
    jobs.requeue_dead_jobs()
    monkeypatch.setattr(jobs, "_jobs_without_lock", lambda: found)

    assert jobs.requeue_dead_jobs() == []

    assert status_of(running_job) == "todo"


def test_job_that_was_taken_up_meanwhile_is_left_alone(running_job, monkeypatch):
    found = jobs._jobs_without_lock()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = attempts + 1")
    monkeypatch.setattr(jobs, "_jobs_without_lock", lambda: found)

    assert jobs.requeue_dead_jobs() == []

    assert status_of(running_job) == "doing"


def test_every_worker_holds_the_locks_of_its_jobs():
    assert jobs.hold_job in app.worker_defaults["task_middleware"]
