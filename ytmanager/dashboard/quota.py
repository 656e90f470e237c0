"""Today's quota: what is used, what plans still need, and how far it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from youtube_sync.models import PushPlan
from youtube_sync.services import quota
from youtube_sync.services.forecast import needed_units
from ytmanager.dashboard.charts import Share, share_bar
from ytmanager.dashboard.person import Person


@dataclass(frozen=True, slots=True)
class QuotaToday:
    """Units of one Pacific day."""

    budget: quota.Budget
    needed: int
    resets_at: datetime
    address: str
    bar: SafeString

    @property
    def is_enough(self) -> bool:
        """Whether everything that was confirmed can be sent today."""
        return self.needed <= self.budget.left_for_bulk

    @property
    def days(self) -> int:
        """After how many resets the confirmed plans are done; 0 is today."""
        rest = self.needed - self.budget.left_for_bulk
        fresh = quota.Budget(self.budget.day, self.budget.limit, 0, is_closed=False)
        per_day = fresh.left_for_bulk - fresh.left_for_schedule
        return -(-rest // per_day) if rest > 0 and per_day > 0 else 0


def quota_today(user: Person) -> QuotaToday | None:
    """For those who may see the ledger; two queries."""
    if not user.has_perm("youtube_sync.view_quotaentry"):
        return None
    budget = quota.get_budget()
    needed = needed_units(PushPlan.objects.visible_to(user).active())
    return QuotaToday(
        budget, needed, quota.next_reset(), address_of(budget.day), _bar(budget, needed)
    )


def address_of(day: Any) -> str:
    """The lines of the ledger of one day."""
    query = {
        "quota_on__year": day.year,
        "quota_on__month": day.month,
        "quota_on__day": day.day,
    }
    page = reverse("admin:youtube_sync_quotaentry_changelist")
    return f"{page}?{urlencode(query)}"


def _bar(budget: quota.Budget, needed: int) -> SafeString:
    shares = [Share("used", "used", budget.used), Share("needed", "planned", needed)]
    return share_bar(shares, budget.limit, "units")
