"""Choices of a page: only what the person may see."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import RelatedFieldListFilter
from django.http import HttpRequest
from unfold.contrib.filters.admin import RelatedDropdownFilter


def seen_part(related: Any, request: HttpRequest) -> Any | None:
    """The related rows that a person may see; None: all of them."""
    rows = related._default_manager.all()
    visible_to = getattr(rows, "visible_to", None)
    seen = rows if visible_to is None else visible_to(request.user)
    return None if seen is rows else seen


class SeenOptionsMixin:
    """Offers only the related rows that the person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        seen = seen_part(field.remote_field.model, request)
        if seen is None:
            base: Any = super()
            return base.field_choices(field, request, model_admin)
        return [(row.pk, str(row)) for row in seen]


class SeenFilter(SeenOptionsMixin, RelatedFieldListFilter):
    """Links, one for each row."""


class SeenDropdownFilter(SeenOptionsMixin, RelatedDropdownFilter):  # type: ignore[misc]
    """The same as one field."""
