"""Which reports a person may hear of."""

from collections.abc import Iterable, Sequence
from typing import Any

from reports.models import Report
from ytmanager.realtime.subjects import finder


@finder("report")
def reports(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = Report.objects.visible_to(user).filter(pk__in=keys)
    return seen.order_by().values_list("pk", flat=True)
