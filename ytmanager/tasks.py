"""Periodic jobs of the shared parts."""

import structlog
from procrastinate.contrib.django import app

from ytmanager import jobs
from ytmanager.realtime import log

logger = structlog.get_logger(__name__)


@app.periodic(cron="17 * * * *")
@app.task(queue="quick", queueing_lock="purge_events")
def purge_events(timestamp: int) -> None:
    """Keep the event log within its age and size."""
    deleted_count = log.purge_events()
    logger.info("live_events_purged", deleted_count=deleted_count)


@app.periodic(cron="* * * * * */15")
@app.task(queue="quick", queueing_lock="requeue_dead_jobs")
def requeue_dead_jobs(timestamp: int) -> None:
    """Take up the work of workers that were killed."""
    jobs.requeue_dead_jobs()
