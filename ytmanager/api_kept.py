"""Answers of the API that are kept: the schema, and the first pages of hot lists."""

from __future__ import annotations

import zlib
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.views import SpectacularAPIView
from rest_framework import mixins
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ytmanager.caching import kept_by_code, kept_rows
from ytmanager.cursors import PARAMETER

M = TypeVar("M", bound=Model)

HOT_PAGES = {"", "1", "2", "3", "4", "5"}  # who reads a whole list reads it once
ASKED_ONCE = {PARAMETER, "search", "channel_search"}  # no two searches are alike


class KeptResponse(Response):
    """An answer whose bytes are known already."""

    def __init__(self, body: bytes, **facts: Any) -> None:
        super().__init__(**facts)
        self.body = body

    @property
    def rendered_content(self) -> Any:
        media_type, charset = self.accepted_media_type, self.accepted_renderer.charset
        self["Content-Type"] = (
            f"{media_type}; charset={charset}" if charset else media_type
        )
        return self.body


class KeptListMixin(mixins.ListModelMixin):
    """Keeps the first pages of a list until one of its tables is written.

    Only for serializers that show nothing but what the list's own statement reads.
    """

    keeps_lists: ClassVar[bool] = False

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not (self.keeps_lists and is_hot(request)):
            return super().list(request, *args, **kwargs)
        view: Any = self
        rows: QuerySet[Any] = view.filter_queryset(view.get_queryset())
        parts = (type(self).__name__, request.build_absolute_uri(), accepted(request))
        packed = kept_rows(
            "api_list", rows, parts=parts, make=lambda: zlib.compress(self._page(rows))
        )
        return KeptResponse(zlib.decompress(packed))

    def _page(self, rows: QuerySet[Any]) -> bytes:
        view: Any = self
        page = view.paginate_queryset(rows)
        shown = view.get_serializer(page, many=True).data
        return rendered(view, view.get_paginated_response(shown).data)


def is_hot(request: Request) -> bool:
    """Whether programs ask for it as JSON, again and again."""
    is_json = isinstance(accepted_renderer(request), JSONRenderer)
    page = request.query_params.get("page", "")
    return is_json and page in HOT_PAGES and not ASKED_ONCE & {*request.query_params}


def accepted_renderer(request: Request) -> Any:
    return request.accepted_renderer


def accepted(request: Request) -> str:
    return str(request.accepted_media_type)


def rendered(view: Any, data: Any) -> bytes:
    """The bytes of an answer in the form that was asked for."""
    request = view.request
    context = view.get_renderer_context()
    body: bytes = accepted_renderer(request).render(data, accepted(request), context)
    return body


class SchemaView(SpectacularAPIView):
    """The schema: the same for everybody, made anew for another version only."""

    def _get_schema_response(self, request: Request) -> Response:
        version = self.api_version or request.version
        parts = (accepted(request), version, request.query_params.get("lang", ""))
        packed = kept_by_code("schema", parts=parts, make=self._packed)
        name = self._get_filename(request, version)  # type: ignore[no-untyped-call]
        disposition = f'inline; filename="{name}"'
        return KeptResponse(
            zlib.decompress(packed), headers={"Content-Disposition": disposition}
        )

    def _packed(self) -> bytes:
        made = super()._get_schema_response(self.request)  # type: ignore[no-untyped-call]
        return zlib.compress(rendered(self, made.data))
