"""Pages for machines that read a whole list: by key, without counting it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.utils.urls import replace_query_param

from ytmanager.exceptions import ContradictionError

if TYPE_CHECKING:
    from rest_framework.request import Request

PARAMETER = "cursor"
EXCLUDED = ("page", "sort_by", "order")
PATTERN = r"(after|before)-([0-9]{1,18})"
INVALID = "Follow the addresses of `next` and `previous`, or start with an empty one."


@dataclass(frozen=True, slots=True)
class Cursor:
    """After or before the row of a key; no key: the beginning."""

    key: int = 0
    is_backward: bool = False

    def __str__(self) -> str:
        return f"{'before' if self.is_backward else 'after'}-{self.key}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Raises ValidationError for what no page made."""
        if not text:
            return cls()
        found = re.fullmatch(PATTERN, text, re.ASCII)
        if found is None:
            raise ValidationError({PARAMETER: [INVALID]})
        return cls(int(found[2]), found[1] == "before")


class CursorPage:
    """One page in the order of the keys; rows that come meanwhile shift nothing."""

    def __init__(self, request: Request, queryset: QuerySet[Any], size: int) -> None:
        if any(request.query_params.get(name) for name in EXCLUDED):
            raise ContradictionError(
                "Pages by cursor have an order of their own: leave out page and order."
            )
        self._request, self.size = request, size
        self.cursor = Cursor.read(request.query_params.get(PARAMETER, ""))
        self.rows, self._has_more = self._read(queryset)

    def _read(self, queryset: QuerySet[Any]) -> tuple[list[Any], bool]:
        cursor = self.cursor
        if cursor.is_backward:
            found = queryset.filter(pk__lt=cursor.key).order_by("-pk")
        elif cursor.key:
            found = queryset.filter(pk__gt=cursor.key).order_by("pk")
        else:
            found = queryset.order_by("pk")
        rows = list(found[: self.size + 1])
        has_more, rows = len(rows) > self.size, rows[: self.size]
        return rows[::-1] if cursor.is_backward else rows, has_more

    def next_address(self) -> str | None:
        """Where the rows after these are."""
        is_last = not self.cursor.is_backward and not self._has_more
        if is_last or not self.rows:
            return None
        return self._address(Cursor(self.rows[-1].pk))

    def previous_address(self) -> str | None:
        """Where the rows before these are."""
        is_first = self._has_more is False if self.cursor.is_backward else False
        if is_first or not self.cursor.key or not self.rows:
            return None
        return self._address(Cursor(self.rows[0].pk, is_backward=True))

    def _address(self, cursor: Cursor) -> str:
        here = self._request.build_absolute_uri()
        return replace_query_param(here, PARAMETER, str(cursor))
