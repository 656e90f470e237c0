"""What the API's views share: lists, parameters, permissions, one shape for success.

Lists are `{"results": [...], "pagination": {...}}`, actions are
`{"status", "data", "request_id"}`; errors are `ytmanager.exception_handler`'s.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import mixins, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from ytmanager.api_etags import require_unchanged, tag_of_data, with_tag
from ytmanager.api_idempotency import AlreadyDone, begin, finish, has_key
from ytmanager.api_kept import KeptListMixin
from ytmanager.exception_handler import current_request_id
from ytmanager.exceptions import NotFoundError
from ytmanager.filters import parameter_schema
from ytmanager.models import IdempotentRequest
from ytmanager.throttles import tell_limits

UNKNOWN = "This parameter is not known here."

M = TypeVar("M", bound=Model)

_ACTION_BODIES: dict[str, tuple[type, serializers.Serializer[Any]]] = {}


class ResourceViewSet(GenericViewSet[M]):
    """A resource that refuses query parameters it does not know."""

    lookup_value_regex = "[A-Za-z0-9_-]{1,40}"
    paginated_actions: ClassVar[frozenset[str]] = frozenset({"list"})
    action_permissions: ClassVar[Mapping[str, Sequence[str]]] = {}
    # What a GET of one row shows, whatever a write takes in.
    detail_serializer_class: type[serializers.BaseSerializer[Any]] | None = None
    # What moves with the clock and is no reason to refuse a write.
    volatile_fields: ClassVar[frozenset[str]] = frozenset()
    # The parameters of lists that belong to a row of this resource.
    action_filters: ClassVar[Mapping[str, type[filters.FilterSet]]] = {}
    keeps_answers: ClassVar[bool] = True  # false where an answer holds a secret
    remembered: IdempotentRequest | None = None
    is_compared = False

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Do what has an `Idempotency-Key` in one transaction with the key."""
        if not self.is_done_once(request):
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.remembered = begin(request) if self.is_done_once(request) else None
        unknown = set(request.query_params) - self.known_parameters()
        if unknown and self.action is not None:  # else the method itself is refused
            raise ValidationError({name: [UNKNOWN] for name in sorted(unknown)})

    def is_done_once(self, request: HttpRequest | Request) -> bool:
        """Whether the request has a key, and its answer may be kept."""
        return self.keeps_answers and has_key(request.method, request.headers)

    def known_parameters(self) -> set[str]:
        """The query parameters that the current action reads."""
        known = {str(api_settings.URL_FORMAT_OVERRIDE)}
        if self.action in self.paginated_actions:
            known |= {"page", "per_page", "cursor"}
        filterset_class = getattr(self, "filterset_class", None)
        if self.action == "list" and filterset_class is not None:
            known |= set(filterset_class.base_filters)
        if self.action in self.action_filters:
            known |= set(self.action_filters[self.action].base_filters)
        return known

    def check_object_permissions(self, request: Request, obj: Any) -> None:
        """Every way to a row ends here: also refuse a write to a row that moved."""
        super().check_object_permissions(request, obj)
        is_write = request.method not in SAFE_METHODS
        if is_write and "If-Match" in request.headers and not self.is_compared:
            self.is_compared = True  # what follows is our own doing
            require_unchanged(request, self.tag_of(self.represent(obj)))

    def represent(self, obj: Any) -> Any:
        """What a GET of the row answers with."""
        assert self.detail_serializer_class is not None, "a row can be shown"
        context = self.get_serializer_context()
        return self.detail_serializer_class(obj, context=context).data

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, AlreadyDone):
            return exc.response
        return super().handle_exception(exc)

    def tag_of(self, shown: Any) -> str:
        """The validator of one row as a GET shows it."""
        lasting = {n: v for n, v in shown.items() if n not in self.volatile_fields}
        return tag_of_data(lasting)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Tell limits, keep the answer of what is done once, add validators."""
        done = super().finalize_response(request, response, *args, **kwargs)
        tell_limits(request, done)
        if self.remembered is not None and done.status_code < 400:
            finish(self.remembered, done)
        is_read = request.method in {"GET", "HEAD"} and done.status_code == 200
        if not is_read or not hasattr(done, "data"):
            return done
        is_row = self.action == "retrieve"
        return with_tag(request, done, self.tag_of(done.data) if is_row else None)

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter the rows of an action; raises ValidationError for its parameters."""
        filterset_class = self.action_filters[self.action]
        found = filterset_class(
            data=self.request.query_params, queryset=queryset, request=self.request
        )
        if not found.is_valid():
            raise ValidationError(found.errors)
        narrowed: QuerySet[Any] = found.qs
        return narrowed

    def respond_with_page(
        self,
        queryset: QuerySet[Any],
        serializer_class: type[serializers.Serializer[Any]],
    ) -> Response:
        """One page of rows that belong to this resource, in the list shape."""
        page = self.paginate_queryset(queryset)
        rows = serializer_class(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(rows.data)


class ReadOnlyResourceViewSet(
    KeptListMixin, mixins.RetrieveModelMixin, ResourceViewSet[M]
):
    """A resource with a list and details."""


def actor_of(request: Request) -> User:
    """The person behind a request that a permission admitted."""
    assert isinstance(request.user, User), "permissions admit nobody else"
    return request.user


def action_response(data: Any, *, status: int, location: str = "") -> Response:
    """The API's one shape for an action that succeeded or was accepted.

    `location` is the address of what was made, or of the job that goes on.
    """
    body = {"status": status, "data": data, "request_id": current_request_id()}
    headers = {"Location": location} if location else None
    return Response(body, status=status, headers=headers)


def action_body(data: serializers.BaseSerializer[Any]) -> serializers.Serializer[Any]:
    """The same shape for the schema; every data serializer needs a name of its own."""
    child = getattr(data, "child", None)
    described = type(data if child is None else child)
    name = described.__name__.removesuffix("Serializer")
    name = f"{name}Action" if child is None else f"{name}ListAction"
    if name not in _ACTION_BODIES:
        body = inline_serializer(
            name=name,
            fields={
                "status": serializers.IntegerField(),
                "data": data,
                "request_id": serializers.CharField(),
            },
        )
        _ACTION_BODIES[name] = described, body
    earlier, body = _ACTION_BODIES[name]
    assert earlier is described, f"two serializers are called {described.__name__}"
    return body


class EmptySerializer(serializers.Serializer[Any]):
    """Nothing has to be said."""


def described_parameters(
    filterset_class: type[filters.FilterSet],
) -> list[OpenApiParameter]:
    """The parameters of an action's list, for the schema."""
    return [
        OpenApiParameter(name, parameter_schema(found))
        for name, found in filterset_class.base_filters.items()
    ]


class UnknownAddressView(APIView):
    """Answer addresses under the API that lead nowhere with the API's error body."""

    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFoundError("There is nothing at this address.")
