"""Filters whose options are read from tables, and kept until one is written."""

from typing import Any

from django.contrib.admin import AllValuesFieldListFilter, RelatedFieldListFilter
from django.http import HttpRequest

from catalog.models import ContentOwner
from ytmanager.caching import kept_rows

NAME = "filter_options"


class KeptValuesFilter(AllValuesFieldListFilter):
    """Each value that stands in a column: reading them all goes through the table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values: Any = self.lookup_choices
        kept: Any = kept_rows(NAME, values, make=lambda: list(values))
        self.lookup_choices = kept


class OwnerFilter(RelatedFieldListFilter):
    """The content owners that the person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        owners = ContentOwner.objects.visible_to(request.user).order_by("name")
        pairs = owners.values_list("pk", "name")
        return kept_rows(NAME, pairs, make=lambda: list(pairs))
