"""What is forgotten after its time: sessions, sign-ins, tokens, ended jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from ytmanager.models import ApiToken, AuditEntry

# Jobs that worked are gone already; the others stay a while for people to see.
_ENDED_JOBS = """
    DELETE FROM procrastinate_jobs job
    WHERE job.status IN ('failed', 'cancelled', 'aborted') AND NOT EXISTS (
        SELECT FROM procrastinate_events event
        WHERE event.job_id = job.id AND event.at >= %s)
"""


def forget_old(now: datetime) -> dict[str, int]:
    """Remove what is older than its setting; returns how many rows went, by name."""
    logins = now - timedelta(days=settings.LOGINS_KEPT_DAYS)
    jobs = now - timedelta(days=settings.JOBS_KEPT_DAYS)
    return {
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "logins": AccessLog.objects.filter(attempt_time__lt=logins).delete()[0],
        "failed_logins": AccessFailureLog.objects.filter(
            attempt_time__lt=logins
        ).delete()[0],
        "audit": AuditEntry.objects.filter(at__lt=logins).delete()[0],
        "tokens": ApiToken.objects.filter(expiry__lt=logins).delete()[0],
        "jobs": _forget_jobs(jobs),
    }


def _forget_jobs(before: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ENDED_JOBS, [before])
        return int(cursor.rowcount)
