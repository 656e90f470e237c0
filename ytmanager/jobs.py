"""Jobs survive their workers: a lock tells who lives, the dead are queued again.

A worker that is killed leaves its job in the state `doing` for good. Each running
job therefore holds a session advisory lock on a connection of its own; a job
without its lock has no worker any more. Workers need a direct connection for
this, not a transaction pooler.
"""

import time
from typing import TYPE_CHECKING, Any

import psycopg
import structlog
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

if TYPE_CHECKING:
    from procrastinate.job_context import JobContext
    from procrastinate.middleware import SyncCallNext
    from procrastinate.worker import Worker

logger = structlog.get_logger(__name__)

JOB_LOCKS = 0x59544D  # first key of the advisory locks: "YTM"
# Longer than a worker takes between fetching a job and taking its lock, and
# between giving the lock back and storing the outcome.
PATIENCE_SECONDS = 2.0

_WITHOUT_LOCK = """
    SELECT job.id, job.attempts FROM procrastinate_jobs job
    WHERE job.status = 'doing' AND NOT EXISTS (
        SELECT FROM pg_locks held
        WHERE held.locktype = 'advisory' AND held.granted
        AND held.database = (SELECT oid FROM pg_database
                             WHERE datname = current_database())
        AND held.classid = %s AND held.objid = job.id)
"""
_STILL_DEAD = """
    SELECT FROM procrastinate_jobs
    WHERE id = %s AND attempts = %s AND status = 'doing' FOR UPDATE
"""


def hold_job(call_next: "SyncCallNext", context: "JobContext", worker: "Worker") -> Any:
    """Task middleware: hold the job's lock for as long as it runs."""
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with psycopg.connect(**parameters, autocommit=True) as own:
        own.execute("SELECT pg_advisory_lock(%s, %s)", [JOB_LOCKS, context.job.id])
        return call_next()


def requeue_dead_jobs() -> list[int]:
    """Queue the jobs of dead workers again; returns their ids.

    Takes `PATIENCE_SECONDS` when there is anything to look at: a job counts as
    dead when it has no lock twice in a row.
    """
    suspects = _jobs_without_lock()
    if not suspects:
        return []
    time.sleep(PATIENCE_SECONDS)
    dead = sorted(suspects & _jobs_without_lock())
    return [job_id for job_id, attempts in dead if _requeue(job_id, attempts)]


def _jobs_without_lock() -> set[tuple[int, int]]:
    """Ids and numbers of attempts: a job that is run again is another suspect."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_LOCK, [JOB_LOCKS])
        return set(cursor.fetchall())


@transaction.atomic
def _requeue(job_id: int, attempts: int) -> bool:
    """Queue a dead job again, unless another worker was quicker."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_DEAD, [job_id, attempts])
        if cursor.fetchone() is None:
            return False
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job_id=job_id, retry_at=timezone.now())
    except UniqueViolation:
        _give_up(job_id)
        return False
    logger.warning("dead_job_queued_again", job_id=job_id)
    return True


def _give_up(job_id: int) -> None:
    """A job with the same queueing lock waits already and does the same."""
    async_to_sync(app.job_manager.finish_job_by_id_async)(
        job_id=job_id, status=Status.ABORTED, delete_job=False
    )
    logger.warning("dead_job_given_up", job_id=job_id)
