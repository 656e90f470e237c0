"""Look into sources by themselves, at the times that their schedules name."""

from datetime import datetime

import structlog
from croniter import CroniterError, croniter  # type: ignore[import-untyped]

from reports.models import Report, ReportSource
from reports.services.sources import find_files
from ytmanager.exceptions import YouTubeCMSError

logger = structlog.get_logger(__name__)


def is_schedule(text: str) -> bool:
    """Say whether this is a time as in cron: five fields, such as `0 6 * * *`."""
    return len(text.split()) == 5 and bool(croniter.is_valid(text))


def find_scheduled_files(*, now: datetime) -> list[Report]:
    """Look into every active source whose schedule names this minute (UTC).

    A source that cannot be read is logged and does not keep the others waiting.
    """
    found: list[Report] = []
    sources = ReportSource.objects.active().exclude(schedule="")
    for source in sources.select_related("content_owner"):
        try:
            if croniter.match(source.schedule, now):
                found += find_files(sources=[source])
        except (YouTubeCMSError, CroniterError) as exc:
            logger.warning(
                "source_not_looked_into", source_pk=source.pk, reason=str(exc)
            )
    return found
