"""Page numbers for lists of a million rows, without counting them all."""

import json
from collections.abc import Callable
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import QuerySet
from django.utils.functional import cached_property

from ytmanager.caching import kept_rows

EXACT_UP_TO = 20_000


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]
    """Counts exactly up to 20,000 rows; above that the planner's estimate serves.

    A list costs one bounded count, and one EXPLAIN when it is longer than that.
    Both are kept until one of the tables is written; the statement is part of the
    key, and with it what its reader may see.
    """

    @cached_property
    def bounded_count(self) -> int:
        rows = cast(QuerySet[Any], self.object_list).order_by()
        return self._kept("count", rows, lambda: rows[: EXACT_UP_TO + 1].count())

    def _kept(self, name: str, rows: QuerySet[Any], make: Callable[[], int]) -> int:
        return kept_rows(name, rows.prefetch_related(None).values("pk"), make=make)

    @property
    def is_estimated(self) -> bool:
        return self.bounded_count > EXACT_UP_TO

    def page(self, number: int | str) -> Page[Any]:
        """One page; a list known to be empty is not asked for again."""
        if self.bounded_count == 0:
            self.object_list = cast(QuerySet[Any], self.object_list).none()
        return super().page(number)

    @cached_property
    def count(self) -> int:
        """How many rows there are, or about how many."""
        if not self.is_estimated:
            return self.bounded_count
        rows = cast(QuerySet[Any], self.object_list).order_by()
        return max(self.bounded_count, self._kept("estimate", rows, self.estimate))

    def estimate(self) -> int:
        """How many rows the planner expects."""
        rows = cast(QuerySet[Any], self.object_list).order_by()
        sql, parameters = rows.values("pk").query.sql_with_params()
        with connections[rows.db].cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return int(plan[0]["Plan"]["Plan Rows"])
