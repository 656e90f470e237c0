"""The ledger of quota units, per Google project and Pacific day.

What is left cannot be asked from YouTube, so every call reserves its price
first and is settled afterwards. Only a call that never left, that YouTube can
charge to nobody (401) or refused because the day is spent is released. A refused
write counts in full, and so does an unknown outcome: YouTube publishes no price
for failures, and a ledger below YouTube's count would let a plan run dry.
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
from django.urls import reverse
from django.utils import timezone

from youtube_sync.exceptions import QuotaExceededError
from youtube_sync.models import PlanItem, PushPlan, QuotaEntry, RefreshRun
from ytmanager.exceptions import ConfigurationError, YouTubeCMSError
from ytmanager.models import Notification
from ytmanager.notifications.notify import Kind, notify

logger = structlog.get_logger(__name__)

PACIFIC = ZoneInfo("America/Los_Angeles")
URGENT_PERCENT = 5
WARNING_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Budget:
    """One day of the ledger."""

    day: date
    limit: int
    used: int
    is_closed: bool
    used_by_schedule: int = 0

    def left(self, *, is_urgent: bool) -> int:
        """Units that a plan may still use; 5 % are kept for single pushes."""
        if self.is_closed:
            return 0
        kept = 0 if is_urgent else self.limit * URGENT_PERCENT // 100
        return max(self.limit - kept - self.used, 0)

    @property
    def left_for_single_pushes(self) -> int:
        return self.left(is_urgent=True)

    @property
    def left_for_bulk(self) -> int:
        return self.left(is_urgent=False)

    @property
    def left_for_schedule(self) -> int:
        """Units that scheduled refreshes may still use of their share."""
        share: int = self.limit * settings.REFRESH_QUOTA_PERCENT // 100
        return min(share - self.used_by_schedule, self.left(is_urgent=False))


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
    totals = QuotaEntry.objects.of_day(settings.GOOGLE_PROJECT, day).totals()
    return Budget(day=day, limit=settings.YOUTUBE_DAILY_QUOTA, **totals)


@dataclass(frozen=True, slots=True)
class Payer:
    """For what a call is made; nothing of it for a read that nobody planned."""

    plan: PushPlan | None = None
    item: PlanItem | None = None
    refresh: RefreshRun | None = None

    def may_use(self, budget: Budget) -> int:
        """Units that are left for this: urgent plans also have the kept share."""
        if self.refresh is not None and self.refresh.is_scheduled:
            return budget.left_for_schedule
        return budget.left(is_urgent=self.plan is not None and self.plan.is_urgent)


NOBODY = Payer()


def reserve(*, units: int, call: str, payer: Payer = NOBODY) -> QuotaEntry:
    """Set units aside for a call; raises QuotaExceededError when none are left."""
    with transaction.atomic():
        return reserve_within(units=units, call=call, payer=payer)


def reserve_within(*, units: int, call: str, payer: Payer) -> QuotaEntry:
    """Reserve in the caller's transaction, beside what belongs to the call."""
    day = _lock_today()
    budget = get_budget(day)
    if units > payer.may_use(budget):
        raise QuotaExceededError(day=day.isoformat(), units=units)
    _warn_early(budget, units)
    return QuotaEntry.objects.create(
        project=settings.GOOGLE_PROJECT,
        quota_on=day,
        units=units,
        call=call,
        plan=payer.plan,
        item=payer.item,
        refresh=payer.refresh,
    )


def _warn_early(budget: Budget, units: int) -> None:
    """Tell people once a day that little is left, while they still can choose."""
    mark, used = budget.limit * WARNING_PERCENT // 100, budget.used + units
    if not budget.used < mark <= used:
        return
    title = f"{WARNING_PERCENT} % of YouTube's quota of today is used"
    begin = datetime.combine(budget.day, time.min, tzinfo=PACIFIC)
    told = Notification.objects.filter(kind=Kind.QUOTA, title=title)
    # Units that were released let the day pass the mark a second time.
    if told.filter(created_at__gte=begin).exists():
        return
    notify(
        kind=Kind.QUOTA,
        level="warning",
        title=title,
        message=f"{budget.limit - used:,} of {budget.limit:,} units are left of "
        f"{budget.day}. Put what is urgent before other plans; the rest goes on after "
        "the reset at midnight in California.",
        url=reverse("admin:youtube_sync_quotaentry_changelist"),
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
def spending(*, units: int, call: str, payer: Payer = NOBODY) -> Iterator[QuotaEntry]:
    """Pay for the one call in the block; what fails before it left is free."""
    entry = reserve(units=units, call=call, payer=payer)
    try:
        yield entry
    except YouTubeCMSError as error:
        settle_failed(entry, error)
        raise
    settle(entry)


def settle_failed(entry: QuotaEntry, error: YouTubeCMSError) -> None:
    """Release the units of a call that cost nothing; all others are gone."""
    if is_uncharged(error):
        release(entry)
    else:
        settle(entry)
    if isinstance(error, QuotaExceededError):
        close_day(entry)


def is_uncharged(error: YouTubeCMSError) -> bool:
    """Whether YouTube certainly counts nothing for the call that ended so."""
    never_left = isinstance(error, ConfigurationError)  # no token to send it with
    return never_left or bool(getattr(error, "is_uncharged", False))


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
        notify(
            kind=Kind.QUOTA,
            level="warning",
            title="YouTube's quota of today is spent",
            message="Push plans and refreshes go on after the reset at midnight in "
            "California.",
            url=reverse("admin:youtube_sync_quotaentry_changelist"),
        )
    logger.warning("quota_day_closed", day=str(entry.quota_on), call=entry.call)
