"""`/api/report-sources/`: the places in which report files arrive."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from catalog.models import ContentOwner
from reports import tasks
from reports.api.serializers import ContentOwnerField
from reports.models import KIND_CHOICES, ReportSource
from reports.querysets import ReportSourceQuerySet
from reports.services.places import remove_source, save_source
from reports.services.sources import find_files, look_into
from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.api_fields import TextField, YesNoField
from ytmanager.filters import FlagFilter, ListFilterSet
from ytmanager.storage import check_store, get_report_store

VIEW, CHANGE = "reports.view_reportsource", "reports.change_reportsource"
OFFICE_FIELDS = (
    "name",
    "bucket",
    "prefix",
    "kind",
    "content_owner",
    "schedule",
    "is_active",
    "imports_automatically",
)


class ReportSourceFilterSet(ListFilterSet):
    """What `/api/report-sources/` can be narrowed down by."""

    is_active = FlagFilter()

    class Meta:
        model = ReportSource
        fields = ()


class ReportSourceSerializer(serializers.ModelSerializer[ReportSource]):
    """A source and how the last look into it went."""

    content_owner = serializers.CharField(source="content_owner.name", allow_null=True)

    class Meta:
        model = ReportSource
        fields = (
            "pk",
            *OFFICE_FIELDS,
            "looked_at",
            "found_count",
            "look_error",
            "look_error_type",
            "look_again_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class ReportSourceEditSerializer(serializers.Serializer[ReportSource]):
    """What people decide about a source."""

    name = TextField(max_length=100, allow_blank=True)
    bucket = TextField(
        required=False,
        allow_blank=True,
        max_length=63,
        help_text="An S3 bucket; empty: the bucket or folder of the settings.",
    )
    prefix = TextField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=500,
        help_text="Only files whose key begins so.",
    )
    kind = serializers.ChoiceField(
        KIND_CHOICES,
        required=False,
        allow_blank=True,
        help_text="Refuse other kinds; empty: tell the kind by the header.",
    )
    content_owner = ContentOwnerField(
        slug_field="name",
        queryset=ContentOwner.objects.all(),
        required=False,
        allow_null=True,
        help_text="Name of the content owner, unless the files' names say so.",
    )
    schedule = TextField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="When to look for new files (UTC), as in cron; empty: on request.",
    )
    is_active = YesNoField(required=False)
    imports_automatically = YesNoField(required=False)


class StoreCheckSerializer(serializers.Serializer[Any]):
    """What one page of a list and one byte of a file tell."""

    file_count = serializers.IntegerField(help_text="Up to 1,000.")
    has_more = serializers.BooleanField()
    read_key = serializers.CharField(
        allow_blank=True, help_text="The file of which a byte was read."
    )


class FoundSerializer(serializers.Serializer[Any]):
    """How many files are new."""

    found_count = serializers.IntegerField()


CHECKED = action_body(StoreCheckSerializer())
FOUND = action_body(FoundSerializer())


@extend_schema_view(
    list=extend_schema(summary="List report sources"),
    retrieve=extend_schema(summary="Show a report source and its last look"),
)
class ReportSourceViewSet(ReadOnlyResourceViewSet[ReportSource]):
    """Parts of the report store, and when they are looked into."""

    queryset = ReportSource.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = ReportSourceFilterSet
    detail_serializer_class = ReportSourceSerializer
    action_permissions: ClassVar = {
        "check": (VIEW, CHANGE),
        "look": (VIEW, CHANGE),
        "look_into_all": (VIEW, "reports.add_report"),
    }

    def get_queryset(self) -> ReportSourceQuerySet:
        sources = ReportSource.objects.visible_to(self.request.user)
        return sources.select_related("content_owner")

    def get_object(self) -> ReportSource:
        source = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, source)
        return source

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action in {"create", "partial_update"}:
            return ReportSourceEditSerializer
        is_button = self.action in {"check", "look", "look_into_all"}
        return EmptySerializer if is_button else ReportSourceSerializer

    @extend_schema(
        summary="Add a report source",
        request=ReportSourceEditSerializer,
        responses={201: ReportSourceSerializer},
    )
    def create(self, request: Request) -> Response:
        source = self.save(ReportSource())
        address = reverse("report-source-detail", args=[source.pk], request=request)
        shown = dict(self.represent(source))
        return Response(shown, status=201, headers={"Location": address})

    @extend_schema(
        summary="Change a report source",
        request=ReportSourceEditSerializer,
        responses={200: ReportSourceSerializer},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        return Response(dict(self.represent(self.save(self.get_object()))))

    def save(self, source: ReportSource) -> ReportSource:
        """Take what the body says; raises ValidationError and InvalidSourceError."""
        is_new = source.pk is None
        sent = self.get_serializer(data=self.request.data, partial=not is_new)
        sent.is_valid(raise_exception=True)
        return save_source(
            source=source, values=sent.validated_data, actor=actor_of(self.request)
        )

    @extend_schema(summary="Remove a report source", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """One of which reports came stays: switch it off instead."""
        remove_source(source=self.get_object(), actor=actor_of(request))
        return Response(status=204)

    @extend_schema(
        summary="Try whether a report source can be read",
        request=EmptySerializer,
        responses={200: CHECKED},
    )
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """List one page and read one byte."""
        source = self.get_object()
        found = check_store(get_report_store(source.bucket), source.prefix)
        facts = {
            "file_count": found.count,
            "has_more": found.has_more,
            "read_key": found.read_key,
        }
        return action_response(facts, status=200)

    @extend_schema(
        summary="Look for new files of a report source",
        request=EmptySerializer,
        responses={200: FOUND},
    )
    @action(detail=True, methods=["post"])
    def look(self, request: Request, pk: str) -> Response:
        """New files are reports from then on; automatic imports start."""
        found_count = look_into(self.get_object())
        tasks.start_automatic_imports()
        return action_response({"found_count": found_count}, status=200)

    @extend_schema(
        summary="Look for new files of all report sources",
        request=EmptySerializer,
        responses={200: FOUND},
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="look",
        url_name="look-into-all",
        filter_backends=[],
        pagination_class=None,
    )
    def look_into_all(self, request: Request) -> Response:
        try:
            found_count = find_files()
        finally:
            tasks.start_automatic_imports()
        return action_response({"found_count": found_count}, status=200)
