"""When a plan will be done: what is left of each Pacific day, and who goes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.prices import price_of
from youtube_sync.querysets import PushPlanQuerySet
from youtube_sync.services import quota

SECONDS_PER_CALL = 1.0  # a write and its share of a read, seen from afar


@dataclass(frozen=True, slots=True)
class Forecast:
    """`days` counts the resets in between; 0 is today."""

    finish_at: datetime
    days: int
    units: int
    units_today: int
    units_per_day: int

    @property
    def is_today(self) -> bool:
        return self.days == 0


def forecast(plan: PushPlan, now: datetime | None = None) -> Forecast | None:
    """When the last pending item will be sent; None when there is none, or never.

    Nothing more is sent of a plan that ended or was cancelled. Plans that were
    confirmed before this one go first. Units that scheduled refreshes may use are
    not counted on.
    """
    if not plan.is_under_way:
        return None
    now = now or timezone.now()
    counts = _pending(PushPlan.objects.filter(pk=plan.pk))
    units, item_count = price_of(counts[0], counts[1]).units, sum(counts)
    if not item_count:
        return None
    budget = quota.get_budget(quota.pacific_day(now))
    today = budget.left(is_urgent=plan.is_urgent)
    per_day = _per_day(budget, is_urgent=plan.is_urgent)
    ahead = 0 if plan.is_urgent else _units_ahead(plan)
    return _spread(now, units, ahead, today, per_day, item_count)


def needed_units(plans: PushPlanQuerySet) -> int:
    """What these plans still have to spend, as far as prices are known."""
    return price_of(*_pending(plans)).units


def _spread(
    now: datetime, units: int, ahead: int, today: int, per_day: int, item_count: int
) -> Forecast | None:
    rest = units + ahead - today
    if rest > 0 and per_day <= 0:
        return None
    days = -(-rest // per_day) if rest > 0 else 0
    share = 1.0 if days == 0 else (rest - (days - 1) * per_day) / max(units, 1)
    work = timedelta(seconds=SECONDS_PER_CALL * item_count * min(share, 1.0))
    start = now if days == 0 else _reset_after(now, days)
    units_today = max(min(units, today - ahead), 0)
    return Forecast(start + work, days, units, units_today, per_day)


def _reset_after(now: datetime, days: int) -> datetime:
    """The n-th midnight in California from now, summer time or not."""
    moment = quota.next_reset(now)
    for _ in range(days - 1):
        moment = quota.next_reset(moment)
    return moment


def _per_day(budget: quota.Budget, *, is_urgent: bool) -> int:
    fresh = quota.Budget(budget.day, budget.limit, 0, is_closed=False)
    if is_urgent:
        return fresh.left(is_urgent=True)
    return fresh.left(is_urgent=False) - fresh.left_for_schedule


def _pending(plans: PushPlanQuerySet) -> tuple[int, int]:
    """Pending items of some plans: videos and assets."""
    kind = PlanItem.TargetKind
    rows = PlanItem.objects.pending().filter(plan__in=plans)
    found = rows.aggregate(
        videos=Count("pk", filter=Q(target_kind=kind.VIDEO)),
        assets=Count("pk", filter=Q(target_kind=kind.ASSET)),
    )
    return found["videos"], found["assets"]


def _units_ahead(plan: PushPlan) -> int:
    """What plans that were confirmed earlier still have to spend."""
    earlier = PushPlan.objects.active().exclude(pk=plan.pk)
    if plan.confirmed_at is not None:
        earlier = earlier.filter(confirmed_at__lt=plan.confirmed_at)
    return needed_units(earlier)
