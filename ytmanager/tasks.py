"""Periodic jobs of the shared parts."""

from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from ytmanager import jobs, retention
from ytmanager.backups import keeping, making, restoring
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.models import Backup, IdempotentRequest
from ytmanager.notifications import mail, notify
from ytmanager.realtime import log

logger = structlog.get_logger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queue="deliveries", queueing_lock="send_mails", lock="send_mails")
def send_mails(timestamp: int) -> None:
    """Send notifications by mail to those who want that."""
    mail.queue_mails()
    sent_count = mail.send_due()
    if sent_count:
        logger.info("mails_sent", sent_count=sent_count)


@app.periodic(cron="51 3 * * *")
@app.task(queue="quick", queueing_lock="purge_notifications")
def purge_notifications(timestamp: int) -> None:
    """Keep inboxes within their age."""
    removed_count = notify.purge()
    logger.info("notifications_purged", removed_count=removed_count)


@app.periodic(cron="17 * * * *")
@app.task(queue="quick", queueing_lock="purge_events")
def purge_events(timestamp: int) -> None:
    """Keep the event log within its age and size."""
    deleted_count = log.purge_events()
    logger.info("live_events_purged", deleted_count=deleted_count)


@app.periodic(cron="37 * * * *")
@app.task(queue="quick", queueing_lock="purge_answers")
def purge_answers(timestamp: int) -> None:
    """Forget the answers to requests that nobody sends again by now."""
    forgotten = timezone.now() - IdempotentRequest.KEPT
    deleted_count, _ = IdempotentRequest.objects.made_before(forgotten).delete()
    logger.info("answers_purged", deleted_count=deleted_count)


@app.periodic(cron="* * * * * */15")
@app.task(queue="quick", queueing_lock="requeue_dead_jobs")
def requeue_dead_jobs(timestamp: int) -> None:
    """Take up the work of workers that were killed."""
    jobs.requeue_dead_jobs()


@app.task(queue="imports", queueing_lock="make_backup")
def make_backup(cause: str, actor_pk: int | None = None) -> None:
    """Make a backup; people hear when that fails."""
    actor = User.objects.filter(pk=actor_pk or 0).first()
    try:
        making.make_backup(cause=Backup.Cause(cause), actor=actor)
    except YouTubeCMSError as error:
        _tell("The backup failed", error.message)
    else:
        keeping.keep_house()


@app.task(queue="imports", queueing_lock="verify_backup")
def verify_backup(name: str) -> None:
    """Try to restore a backup; people hear when that fails."""
    try:
        restoring.verify_backup(name)
    except YouTubeCMSError as error:
        _tell(f"The backup {name} cannot be restored", error.message)


def _tell(title: str, why: str) -> None:
    url = reverse("admin:ytmanager_backup_changelist")
    notify.notify(
        kind=notify.Kind.ALARM, level="error", title=title, message=why, url=url
    )
    logger.error("backup_alarm", title=title, reason=why)


@app.periodic(cron="35 * * * *")
@app.task(queue="quick", queueing_lock="start_due_backups")
def start_due_backups(timestamp: int) -> None:
    """Start the backup or the drill whose time has come."""
    now = datetime.fromtimestamp(timestamp, UTC)
    with suppress(AlreadyEnqueued), transaction.atomic():
        if keeping.is_backup_due(now):
            make_backup.defer(cause=Backup.Cause.SCHEDULE)
        elif name := keeping.drill_due(now):
            verify_backup.defer(name=name)


@app.periodic(cron="50 2 * * *")
@app.task(queue="quick", queueing_lock="forget_old")
def forget_old(timestamp: int) -> None:
    """Remove sessions, sign-ins, tokens and ended jobs after their time."""
    removed = retention.forget_old(datetime.fromtimestamp(timestamp, UTC))
    logger.info("old_rows_forgotten", **removed)
