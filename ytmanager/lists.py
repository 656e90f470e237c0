"""The lists of the API: numbered pages in one shape, filters for lists only."""

from typing import Any, TypeVar, cast

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ytmanager.cursors import PARAMETER, PATTERN, CursorPage
from ytmanager.exceptions import ContradictionError
from ytmanager.paginator import EstimatingPaginator

M = TypeVar("M", bound=Model)

MOST_PAGES = 999_999_999


def whole_number(request: Request, name: str, *, default: int, most: int) -> int:
    """Read a parameter from 1 to `most`; anything else is a 400 that names it."""
    raw = request.query_params.get(name) or str(default)
    is_number = raw.isascii() and raw.isdigit() and len(raw) < 10
    if not is_number or not 1 <= int(raw) <= most:
        raise ValidationError({name: [f"Use a whole number from 1 to {most}."]})
    return int(raw)


class OpenEndedPaginator(EstimatingPaginator):
    """An estimate neither hides rows nor promises any: the rows themselves tell."""

    def page(self, number: int | str) -> "Page[Any]":
        if not self.is_estimated:
            return super().page(number)
        bottom = (int(number) - 1) * self.per_page
        rows = list(self.object_list[bottom : bottom + self.per_page + 1])
        if not rows:
            raise EmptyPage(f"Page {number} is empty.")
        seen, has_next = bottom + len(rows), len(rows) > self.per_page
        self.count = max(self.count, seen) if has_next else seen
        return Page(rows[: self.per_page], int(number), self)


class ListPagination(PageNumberPagination):
    """Numbered pages with the total, in the API's list shape.

    A total above 20,000 is the planner's estimate and says so. With `cursor` the
    pages go by key and count nothing.
    """

    by_cursor: CursorPage | None = None

    django_paginator_class = OpenEndedPaginator
    page_size = 50
    page_size_query_param = "per_page"
    max_page_size = 500
    invalid_page_message = "There is no page {page_number}."

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        if PARAMETER not in request.query_params:
            return super().paginate_queryset(queryset, request, view)
        if not isinstance(queryset, QuerySet) or queryset.query.group_by is not None:
            raise ContradictionError("This list has numbered pages only.")
        self.by_cursor = CursorPage(request, queryset, self.get_page_size(request))
        return self.by_cursor.rows

    def to_html(self) -> str:
        """The browsable page shows the addresses in the answer itself."""
        return "" if self.by_cursor is not None else super().to_html()

    def get_page_size(self, request: Request) -> int:
        return whole_number(
            request, "per_page", default=self.page_size, most=self.max_page_size
        )

    def get_page_number(self, request: Request, paginator: "Paginator[Any]") -> int:
        return whole_number(request, "page", default=1, most=MOST_PAGES)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            is_size = parameter["name"] == self.page_size_query_param
            most = self.max_page_size if is_size else MOST_PAGES
            parameter["schema"] |= {"minimum": 1, "maximum": most}
        cursor = {
            "name": PARAMETER,
            "in": "query",
            "required": False,
            "description": "Empty: the first page by key, for reading a whole list; "
            "then follow `next`.",
            "schema": {"type": "string", "pattern": f"^({PATTERN})?$"},
        }
        return [*parameters, cursor]

    def get_paginated_response(self, data: Any) -> Response:
        if self.by_cursor is not None:
            addresses = {
                "per_page": self.by_cursor.size,
                "next": self.by_cursor.next_address(),
                "previous": self.by_cursor.previous_address(),
            }
            return Response({"results": data, "pagination": addresses})
        assert self.page is not None, "paginate_queryset comes first"
        paginator = cast(OpenEndedPaginator, self.page.paginator)
        facts = {
            "page": self.page.number,
            "per_page": paginator.per_page,
            "total": paginator.count,
            "pages": paginator.num_pages,
            "has_next": self.page.has_next(),
            "has_prev": self.page.has_previous(),
            "is_estimated": paginator.is_estimated,
        }
        return Response({"results": data, "pagination": facts})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        numbers = ("page", "per_page", "total", "pages")
        facts: dict[str, Any] = {name: {"type": "integer"} for name in numbers}
        flags = ("has_next", "has_prev", "is_estimated")
        facts |= {name: {"type": "boolean"} for name in flags}
        facts |= {
            name: {"type": ["string", "null"], "format": "uri"}
            for name in ("next", "previous")
        }
        pagination = {
            "type": "object",
            "description": "Numbers of the page, or addresses when paging by cursor.",
            "required": ["per_page"],
            "properties": facts,
        }
        return {
            "type": "object",
            "required": ["results", "pagination"],
            "properties": {"results": schema, "pagination": pagination},
        }


class ListFilterBackend(DjangoFilterBackend):
    """Filters lists only: a row asked for by its ID is found whatever it holds."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[M], view: APIView
    ) -> QuerySet[M]:
        if getattr(view, "detail", False):
            return queryset
        filtered: QuerySet[M] = super().filter_queryset(request, queryset, view)
        return filtered
