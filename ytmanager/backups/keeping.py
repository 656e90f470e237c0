"""Which backups are due, which are kept, and rows that agree with the store."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from ytmanager.backups import store
from ytmanager.backups.making import BACKUP_LOCK
from ytmanager.locks import session_lock
from ytmanager.models import Backup

logger = structlog.get_logger(__name__)

FAILURES_KEPT = timedelta(days=30)


def is_backup_due(now: datetime) -> bool:
    """Whether the newest backup is older than BACKUP_HOURS; 0 switches it off."""
    if not settings.BACKUP_HOURS:
        return False
    newest = Backup.objects.newest()
    age = timedelta(hours=settings.BACKUP_HOURS)
    return newest is None or newest.taken_at <= now - age


def drill_due(now: datetime) -> str:
    """The backup to try out, once in BACKUP_DRILL_DAYS; '' for none."""
    newest = Backup.objects.newest()
    if newest is None or not settings.BACKUP_DRILL_DAYS:
        return ""
    last = Backup.objects.last_drilled()
    age = timedelta(days=settings.BACKUP_DRILL_DAYS)
    is_recent = last and last.verified_at and last.verified_at > now - age
    return "" if is_recent else newest.name


def keep_house() -> int:
    """List what the store has and thin it out, unless a backup is being made."""
    with session_lock(BACKUP_LOCK, 0) as is_ours:
        if not is_ours:
            return 0
        agree_with_store()
        return thin_out()


def thin_out() -> int:
    """Remove all but the newest BACKUPS_KEPT; returns how many went.

    The last one that came back in a drill stays, however old it is.
    """
    proven = Backup.objects.newest_restorable()
    removed_count = 0
    for backup in Backup.objects.beyond(settings.BACKUPS_KEPT):
        if backup != proven:
            store.remove(backup.name)
            backup.delete()
            removed_count += 1
    Backup.objects.failed_before(timezone.now() - FAILURES_KEPT).delete()
    return removed_count


def agree_with_store() -> None:
    """List what the store has: after a restore, newer backups than the database."""
    there = set(store.names())
    for backup in Backup.objects.stored().exclude(name__in=there):
        backup.mark_failed("The file is no longer in the store.")
        logger.warning("backup_is_gone", name=backup.name)
    known = set(Backup.objects.values_list("name", flat=True))
    for name in sorted(there - known):
        _adopt(store.read_manifest(name))


def _adopt(manifest: store.Manifest) -> None:
    Backup.objects.create(
        name=manifest.name,
        state=Backup.State.STORED,
        cause=Backup.Cause.FOUND,
        taken_at=datetime.fromisoformat(manifest.taken_at),
        finished_at=timezone.now(),
        size=manifest.size,
        row_count=manifest.row_count,
        is_encrypted=manifest.is_encrypted,
    )
