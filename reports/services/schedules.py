"""Look into sources by themselves, at the times that their schedules name."""

from datetime import datetime

import structlog
from croniter import CroniterError, croniter  # type: ignore[import-untyped]

from reports.models import ReportSource
from reports.services.sources import look_into
from ytmanager.exceptions import YouTubeCMSError

logger = structlog.get_logger(__name__)


def is_schedule(text: str) -> bool:
    """Say whether this is a time as in cron: five fields, such as `0 6 * * *`."""
    return len(text.split()) == 5 and bool(croniter.is_valid(text))


def find_scheduled_files(*, now: datetime) -> int:
    """Look into every active source that is due (UTC); returns the new files.

    A source that cannot be read keeps its error and does not keep the others
    waiting. A time that passed while nobody looked is made up for.
    """
    found_count = 0
    sources = ReportSource.objects.active().exclude(schedule="")
    for source in sources.select_related("content_owner"):
        try:
            if is_due(source, now):
                found_count += look_into(source)
        except (YouTubeCMSError, CroniterError) as exc:
            logger.info("source_passed_over", source_pk=source.pk, reason=str(exc))
    return found_count


def is_due(source: ReportSource, now: datetime) -> bool:
    """Whether a time of the schedule came since the last look, or a retry is due."""
    if source.look_again_at and source.look_again_at <= now:
        return True
    if croniter.match(source.schedule, now):
        return True
    last_due = croniter(source.schedule, now).get_prev(datetime)
    return bool(last_due > (source.looked_at or source.created_at))
