"""What one import brought: filters that appear once an address asks for them.

The page of a report leads from each of its counts to the rows behind it.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.filters import OptionsFilter
from catalog.models import Observation
from catalog.origins import origin_links
from catalog.querysets import AnyUser

RowsOf = Callable[[Any, Observation], Any]


class ImportFilter(OptionsFilter):
    """Rows of one observation, named by its key."""

    rows_of: RowsOf

    def __init__(
        self, request: HttpRequest, params: Any, model: Any, model_admin: Any
    ) -> None:
        """Find the observation; a selection must never grow by a key that is none."""
        key = (params.get(self.parameter_name) or [""])[-1]
        self.observation = found(key, request.user) if key else None
        super().__init__(request, params, model, model_admin)

    def has_output(self) -> bool:
        return self.observation is not None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if self.observation is None:
            return []
        link = origin_links({self.observation.pk}).get(self.observation.pk)
        name = link.text if link else str(self.observation)
        return [(str(self.observation.pk), name)]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = queryset
        if self.observation is not None:
            rows = type(self).rows_of(queryset, self.observation)
        return rows


def found(key: str, user: AnyUser) -> Observation:
    """Raises IncorrectLookupParameters for what is no key."""
    is_key = key.isascii() and key.isdigit() and len(key) < 19
    seen = Observation.objects.visible_to(user)
    observation = seen.filter(pk=key).first() if is_key else None
    if observation is None:
        raise IncorrectLookupParameters
    return observation


def import_filter(name: str, title: str, rows_of: RowsOf) -> type[ImportFilter]:
    """A filter class from its parameter, its title and its condition."""
    members = {
        "title": title,
        "parameter_name": name,
        "rows_of": staticmethod(rows_of),
    }
    return type(f"{name.title().replace('_', '')}Filter", (ImportFilter,), members)


NEW_IN = import_filter("new_in", "New in", lambda rows, o: rows.new_in(o))
CHANGED_IN = import_filter(
    "changed_in", "Changed in", lambda rows, o: rows.changed_in(o)
)
ENDED_IN = import_filter("ended_in", "Ended in", lambda rows, o: rows.ended_in(o))
FOUND_IN = import_filter("found_in", "Found in", lambda rows, o: rows.found_in(o))
