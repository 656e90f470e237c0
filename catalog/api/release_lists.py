"""`/api/release-lists/` and `/api/releases/`: what the distributor's system says."""

from typing import Any, ClassVar

from django.db import transaction
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from catalog import tasks
from catalog.api.release_matches import ReleaseSerializer
from catalog.api.uploads import (
    SEPARATORS,
    ColumnsField,
    SheetFileSerializer,
    require_width,
)
from catalog.exceptions import OwnerNotFoundError
from catalog.models import ContentOwner, Release, ReleaseList
from catalog.querysets import ReleaseListQuerySet, ReleaseQuerySet
from catalog.releases import uploads
from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    ResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.api_fields import TextField
from ytmanager.filters import ListFilterSet, WordFilter

LOADING = ("catalog.view_releaselist", "catalog.add_releaselist")


class ReleaseListFilterSet(ListFilterSet):
    """What `/api/release-lists/` can be narrowed down by."""

    state = WordFilter(choices=ReleaseList.State.choices)
    content_owner = filters.CharFilter(
        "content_owner__name", help_text="A content owner's name."
    )
    search = filters.CharFilter("name", "icontains", help_text="Part of a file name.")

    class Meta:
        model = ReleaseList
        fields = ()


class ReleaseFilterSet(ListFilterSet):
    """What `/api/releases/` can be narrowed down by."""

    search = filters.CharFilter(
        method="by_search",
        help_text="Words of title, artist, album, label, ISRC or UPC.",
    )
    isrc = filters.CharFilter()
    upc = filters.CharFilter()

    class Meta:
        model = Release
        fields = ()

    def by_search(self, found: ReleaseQuerySet, _: str, value: str) -> ReleaseQuerySet:
        return found.search(value)


class ReleaseListSerializer(serializers.ModelSerializer[ReleaseList]):
    """A list, how far it is, and its account."""

    content_owner = serializers.CharField(source="content_owner.name")
    actor = serializers.CharField(source="actor.username")
    counts = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = ReleaseList
        fields: tuple[str, ...] = (
            "pk",
            "name",
            "content_owner",
            "state",
            "error",
            "size",
            "actor",
            "counts",
            "created_at",
            "updated_at",
        )
        read_only_fields: tuple[str, ...] = fields


class TakenOutSerializer(serializers.Serializer[Any]):
    """A cell that was not taken as it stands."""

    line = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class ReleaseListDetailSerializer(ReleaseListSerializer):
    """A list with its columns and the first cells that were not taken."""

    header = serializers.ListField(child=serializers.CharField(allow_blank=True))
    columns = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        help_text="What each column is taken for; confirm it by `columns/`.",
    )
    findings = TakenOutSerializer(many=True)

    class Meta(ReleaseListSerializer.Meta):
        fields = (
            *ReleaseListSerializer.Meta.fields,
            "header",
            "columns",
            "list_separator",
            "findings",
        )
        read_only_fields = fields


class ReleaseListUploadSerializer(SheetFileSerializer):
    """A list of releases, and whose they are."""

    content_owner = TextField(
        max_length=200,
        trim_whitespace=False,
        help_text="Name of the content owner.",
    )


class ReleaseColumnsSerializer(serializers.Serializer[Any]):
    """What each column of the list is."""

    columns = ColumnsField(help_text="isrc, upc, artist, title …; '' leaves one out.")
    list_separator = serializers.ChoiceField(
        SEPARATORS,
        required=False,
        help_text="Between several artists or genres in one cell; else as suggested.",
    )


ACCEPTED = {202: action_body(ReleaseListDetailSerializer())}


@extend_schema_view(
    list=extend_schema(summary="List lists of releases, newest first"),
    retrieve=extend_schema(
        summary="Show a list of releases and how far it is",
        responses=ReleaseListDetailSerializer,
    ),
)
class ReleaseListViewSet(ReadOnlyResourceViewSet[ReleaseList]):
    """Uploaded, its columns confirmed, loaded and matched by a worker."""

    queryset = ReleaseList.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    parser_classes = (MultiPartParser,)
    filterset_class = ReleaseListFilterSet
    detail_serializer_class = ReleaseListDetailSerializer
    action_permissions: ClassVar = dict.fromkeys(
        ("create", "columns", "match"), LOADING
    )

    def get_queryset(self) -> ReleaseListQuerySet:
        lists = ReleaseList.objects.visible_to(self.request.user)
        if self.action == "list":
            return lists.for_list()
        return lists.select_related("actor", "content_owner")

    def get_object(self) -> ReleaseList:
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, found)
        return found

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "list": ReleaseListSerializer,
            "create": ReleaseListUploadSerializer,
            "columns": ReleaseColumnsSerializer,
            "match": EmptySerializer,
        }
        return classes.get(self.action, ReleaseListDetailSerializer)

    @extend_schema(
        summary="Upload a list of releases",
        request={"multipart/form-data": ReleaseListUploadSerializer},
        responses={201: ReleaseListDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Confirm its columns afterwards."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = uploads.receive_list(
            file=sent.validated_data["file"],
            content_owner=self.owner_called(sent.validated_data["content_owner"]),
            actor=actor_of(request),
        )
        address = reverse("release-list-detail", args=[made.pk], request=request)
        return Response(self.show(made), status=201, headers={"Location": address})

    def owner_called(self, name: str) -> ContentOwner:
        """Raises OwnerNotFoundError for a name that nobody has."""
        owners = ContentOwner.objects.visible_to(self.request.user)
        owner: ContentOwner | None = owners.filter(name=name).first()
        if owner is None:
            raise OwnerNotFoundError(content_owner=name)
        return owner

    @extend_schema(
        summary="Confirm the columns of a list of releases",
        request=ReleaseColumnsSerializer,
        responses=ACCEPTED,
    )
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def columns(self, request: Request, pk: str) -> Response:
        """A worker loads and matches it; the list shows how far that is."""
        release_list = self.get_object()
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        require_width(asked["columns"], release_list.header)
        separator = asked.get("list_separator") or release_list.list_separator
        with transaction.atomic():
            uploads.confirm_columns(
                release_list, asked["columns"], list_separator=separator
            )
            tasks.enqueue_release_list(release_list)
        return action_response(self.show(release_list), status=202)

    @extend_schema(
        summary="Match the releases again", request=EmptySerializer, responses=ACCEPTED
    )
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def match(self, request: Request, pk: str) -> Response:
        """With the catalogue as it is now; decisions of people stay."""
        release_list = self.get_object()
        with transaction.atomic():
            uploads.request_matching(release_list)
            tasks.enqueue_release_list(release_list)
        return action_response(self.show(release_list), status=202)

    def show(self, release_list: ReleaseList) -> dict[str, Any]:
        """A plain dict, lest the browsable page offers it as the form to fill in."""
        return dict(ReleaseListDetailSerializer(release_list).data)


@extend_schema_view(list=extend_schema(summary="List releases, newest first"))
class ReleaseViewSet(mixins.ListModelMixin, ResourceViewSet[Release]):
    """Recordings on products; a newer list replaces what an older one said."""

    queryset = Release.objects.all()
    serializer_class = ReleaseSerializer
    filterset_class = ReleaseFilterSet

    def get_queryset(self) -> ReleaseQuerySet:
        return Release.objects.visible_to(self.request.user)
