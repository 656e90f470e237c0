"""Counts and price of a plan, from its items."""

from __future__ import annotations

from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.prices import price_of

COLUMNS = (
    "price_units",
    "unpriced_count",
    "item_count",
    "blocked_count",
    "left_out_count",
)


def count_and_price(plan: PushPlan) -> None:
    """Store what a plan holds and what its pending items cost together."""
    sendable = plan.items.pending().counts_by_kind()
    kind, state = PlanItem.TargetKind, PlanItem.State
    price = price_of(sendable.get(kind.VIDEO, 0), sendable.get(kind.ASSET, 0))
    counts = plan.items.counts_by_state()
    plan.price_units, plan.unpriced_count = price.units, price.unpriced_call_count
    plan.item_count = sum(counts.values())
    plan.blocked_count = counts.get(state.BLOCKED, 0)
    plan.left_out_count = counts.get(state.LEFT_OUT, 0)
    plan.save(update_fields=COLUMNS)
