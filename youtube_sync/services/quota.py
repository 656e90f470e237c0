"""The ledger of quota units, per Google project and Pacific day.

What is left cannot be asked from YouTube, so every call reserves its price
first and is settled afterwards. Only a call that never left is released; an
unknown outcome counts as spent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from youtube_sync.exceptions import IncompletePartError, QuotaExceededError
from youtube_sync.models import PlanItem, PushPlan, QuotaEntry
from ytmanager.exceptions import YouTubeCMSError

logger = structlog.get_logger(__name__)

PACIFIC = ZoneInfo("America/Los_Angeles")
URGENT_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Budget:
    """One day of the ledger."""

    day: date
    limit: int
    used: int
    is_closed: bool

    def left(self, *, is_urgent: bool) -> int:
        """Units that a plan may still use; 5 % are kept for single pushes."""
        if self.is_closed:
            return 0
        kept = 0 if is_urgent else self.limit * URGENT_PERCENT // 100
        return max(self.limit - kept - self.used, 0)

    @property
    def left_for_single_pushes(self) -> int:
        return self.left(is_urgent=True)


def pacific_day(moment: datetime | None = None) -> date:
    """The day on whose quota a call at this moment counts."""
    return (moment or timezone.now()).astimezone(PACIFIC).date()


def next_reset(moment: datetime | None = None) -> datetime:
    """The next midnight in California, whatever its offset is that day."""
    tomorrow = pacific_day(moment) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=PACIFIC)


def get_budget(day: date | None = None) -> Budget:
    """What the ledger says about a day, today by default."""
    day = day or pacific_day()
    entries = QuotaEntry.objects.of_day(settings.GOOGLE_PROJECT, day)
    return Budget(
        day=day,
        limit=settings.YOUTUBE_DAILY_QUOTA,
        used=entries.total_units(),
        is_closed=entries.is_closed(),
    )


def reserve(
    *, units: int, call: str, plan: PushPlan | None = None, item: PlanItem | None = None
) -> QuotaEntry:
    """Set units aside for a call; raises QuotaExceededError when none are left.

    Only urgent plans may use the kept share: a refresh belongs to no plan.
    """
    is_urgent = plan is not None and plan.is_urgent
    with transaction.atomic():
        day = _lock_today()
        budget = get_budget(day)
        if units > budget.left(is_urgent=is_urgent):
            raise QuotaExceededError(day=day.isoformat(), units=units)
        return QuotaEntry.objects.create(
            project=settings.GOOGLE_PROJECT,
            quota_on=day,
            units=units,
            call=call,
            plan=plan,
            item=item,
        )


def _lock_today() -> date:
    """Let one reservation after the other look at what is left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('youtube_quota'), hashtext(%s))",
            [settings.GOOGLE_PROJECT],
        )
    return pacific_day()


@contextmanager
def spending(
    *, units: int, call: str, plan: PushPlan | None = None, item: PlanItem | None = None
) -> Iterator[QuotaEntry]:
    """Pay for the one call in the block; what fails before it left is free."""
    entry = reserve(units=units, call=call, plan=plan, item=item)
    try:
        yield entry
    except IncompletePartError:
        release(entry)
        raise
    except QuotaExceededError:
        release(entry)
        close_day(entry)
        raise
    except YouTubeCMSError:
        settle(entry)
        raise
    settle(entry)


def settle(entry: QuotaEntry) -> None:
    """The call was made, or nobody knows: its units are gone."""
    entry.state = QuotaEntry.State.SPENT
    entry.save(update_fields=["state"])


def release(entry: QuotaEntry) -> None:
    """The call never left, or was refused because the day is spent."""
    entry.state = QuotaEntry.State.RELEASED
    entry.save(update_fields=["state"])


def close_day(entry: QuotaEntry) -> None:
    """YouTube refused this call: its day is spent, whatever the ledger says."""
    with transaction.atomic():
        _lock_today()
        entries = QuotaEntry.objects.of_day(entry.project, entry.quota_on)
        if entries.is_closed():
            return
        QuotaEntry.objects.create(
            project=entry.project,
            quota_on=entry.quota_on,
            units=0,
            call=entry.call,
            plan_id=entry.plan_id,
            item_id=entry.item_id,
            state=QuotaEntry.State.CLOSED,
        )
    logger.warning("quota_day_closed", day=str(entry.quota_on), call=entry.call)
