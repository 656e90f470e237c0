"""The moment at which the facts of a report were true."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from reports.exceptions import QuestionError
from reports.models import Report

# YouTube's days begin in California.
PACIFIC = ZoneInfo("America/Los_Angeles")


def data_date(
    *, report: Report, named: date | None, newest: datetime | None
) -> datetime:
    """Choose a person's date, else the file name's, else the file's own.

    Never before the newest upload that the report knows of, and never in the
    future. Raises QuestionError when nothing tells.
    """
    as_of = _told(report, named)
    now = timezone.now()
    if newest is not None:
        as_of = max(as_of, min(newest, now))
    return min(as_of, now)


def start_of_day(day: date) -> datetime:
    """Midnight in California, where YouTube's days begin."""
    return datetime.combine(day, time.min, tzinfo=PACIFIC)


def _told(report: Report, named: date | None) -> datetime:
    if report.as_of is not None:
        return report.as_of
    if named is not None:
        return start_of_day(named)
    if report.last_modified is not None:
        return report.last_modified - timedelta(hours=settings.REPORT_LAG_HOURS)
    raise QuestionError(
        "Neither the file name nor the store tells the date of this data. "
        "Please enter the day on which YouTube made this report.",
        topic="data_date",
    )
