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
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate import sql

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
_UNCHANGED = dict.fromkeys(("new_priority", "new_queue_name", "new_lock"))


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


def count_stalled() -> int:
    """Running jobs without a worker; one that starts or ends may be among them."""
    return len(_jobs_without_lock())


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
        _run("retry_job", job_id, retry_at=timezone.now(), **_UNCHANGED)
    except IntegrityError:
        # One with the same queueing lock waits already and will do the same.
        _run("finish_job", job_id, status="aborted", delete_job=False)
        logger.warning("dead_job_given_up", job_id=job_id)
        return False
    logger.warning("dead_job_queued_again", job_id=job_id)
    return True


@transaction.atomic
def _run(query: str, job_id: int, **parameters: Any) -> None:
    """Run a statement of Procrastinate's on the connection that locks the row.

    Its job manager has a connection of its own in a worker.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.queries[query], {"job_id": job_id, **parameters})
