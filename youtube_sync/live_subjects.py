"""Which push plans and refreshes a person may hear of."""

from collections.abc import Iterable, Sequence
from typing import Any

from youtube_sync.models import PushPlan, RefreshRun
from ytmanager.realtime.subjects import finder


@finder("plan")
def plans(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = PushPlan.objects.visible_to(user).filter(pk__in=keys)
    return seen.order_by().values_list("pk", flat=True)


@finder("refresh")
def refreshes(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = RefreshRun.objects.visible_to(user).filter(pk__in=keys)
    return seen.order_by().values_list("pk", flat=True)
