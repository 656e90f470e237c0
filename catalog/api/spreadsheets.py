"""`/api/spreadsheets/` and `/api/column-mappings/`: edits that come as sheets."""

from typing import Any, ClassVar

from django.db import transaction
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from catalog import tasks
from catalog.api.sheet_serializers import (
    ColumnMappingSerializer,
    CompareSerializer,
    EncodingSerializer,
    SheetColumnsSerializer,
    SheetUploadSerializer,
    SpreadsheetDetailSerializer,
    SpreadsheetFindingSerializer,
    SpreadsheetSerializer,
)
from catalog.api.uploads import require_width
from catalog.exceptions import SheetStateError
from catalog.models import ColumnMapping, Spreadsheet, SpreadsheetFinding
from catalog.querysets import SpreadsheetQuerySet
from catalog.spreadsheets import uploads
from catalog.spreadsheets.columns import Target
from catalog.spreadsheets.mapping import Mapping
from ytmanager.api import (
    ReadOnlyResourceViewSet,
    ResourceViewSet,
    action_body,
    action_response,
    actor_of,
    described_parameters,
)
from ytmanager.filters import ListFilterSet, WordFilter

VIEW = "catalog.view_spreadsheet"
IMPORTING = (VIEW, "catalog.add_spreadsheet", "catalog.bulk_edit_video")


class SpreadsheetFilterSet(ListFilterSet):
    """What `/api/spreadsheets/` can be narrowed down by."""

    state = WordFilter(choices=Spreadsheet.State.choices)
    target = WordFilter(choices=Spreadsheet.TARGETS)
    actor = filters.CharFilter("actor__username", help_text="A username.")
    search = filters.CharFilter("name", "icontains", help_text="Part of a file name.")

    class Meta:
        model = Spreadsheet
        fields = ()


class FindingFilterSet(ListFilterSet):
    """What the findings of a sheet can be narrowed down by."""

    kind = WordFilter(choices=SpreadsheetFinding.Kind.choices)

    class Meta:
        model = SpreadsheetFinding
        fields = ()


ACCEPTED = {202: action_body(SpreadsheetDetailSerializer())}


@extend_schema_view(
    list=extend_schema(summary="List uploaded spreadsheets, newest first"),
    retrieve=extend_schema(
        summary="Show a spreadsheet, its columns and its account",
        responses=SpreadsheetDetailSerializer,
    ),
)
class SpreadsheetViewSet(ReadOnlyResourceViewSet[Spreadsheet]):
    """Compared with the catalogue by a worker; the edits are a change set."""

    queryset = Spreadsheet.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    parser_classes = (MultiPartParser,)
    filterset_class = SpreadsheetFilterSet
    detail_serializer_class = SpreadsheetDetailSerializer
    paginated_actions = frozenset({"list", "findings"})
    action_filters: ClassVar = {"findings": FindingFilterSet}
    action_permissions: ClassVar = {
        "findings": (VIEW,),
        **dict.fromkeys(("create", "columns", "encoding", "compare"), IMPORTING),
    }

    def get_queryset(self) -> SpreadsheetQuerySet:
        sheets = Spreadsheet.objects.visible_to(self.request.user)
        if self.action == "list":
            return sheets.for_list()
        return sheets.select_related("actor", "change_set", "mapping")

    def get_object(self) -> Spreadsheet:
        sheet = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, sheet)
        return sheet

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "list": SpreadsheetSerializer,
            "create": SheetUploadSerializer,
            "columns": SheetColumnsSerializer,
            "encoding": EncodingSerializer,
            "compare": CompareSerializer,
        }
        return classes.get(self.action, SpreadsheetDetailSerializer)

    @extend_schema(
        summary="Upload a spreadsheet of edits; nothing is changed yet",
        request={"multipart/form-data": SheetUploadSerializer},
        responses={201: SpreadsheetDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """An export of ours is compared at once; else confirm the columns."""
        asked = self.asked()
        with transaction.atomic():
            sheet = uploads.receive_sheet(
                file=asked["file"],
                actor=actor_of(request),
                reason=asked.get("reason", "").strip(),
            )
            tasks.enqueue_comparison(sheet)
        address = reverse("spreadsheet-detail", args=[sheet.pk], request=request)
        return Response(self.show(sheet), status=201, headers={"Location": address})

    @extend_schema(
        summary="Say what the columns of a spreadsheet are",
        request=SheetColumnsSerializer,
        responses=ACCEPTED,
    )
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def columns(self, request: Request, pk: str) -> Response:
        """A worker compares it; the edits are planned as its change set."""
        sheet, asked = self.get_object(), self.asked()
        require_width(asked["columns"], sheet.header)
        mapping = Mapping(
            Target(asked["target"]),
            tuple(asked["columns"]),
            asked["key"],
            asked["clear_token"].strip(),
            asked["list_separator"],
        )
        with transaction.atomic():
            uploads.confirm_columns(
                sheet,
                mapping,
                actor=actor_of(request),
                save_as=asked["save_as"].strip(),
            )
            tasks.enqueue_comparison(sheet)
        return action_response(self.show(sheet), status=202)

    @extend_schema(
        summary="Read a spreadsheet in another encoding",
        request=EncodingSerializer,
        responses={200: action_body(SpreadsheetDetailSerializer())},
    )
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def encoding(self, request: Request, pk: str) -> Response:
        """The columns are suggested anew; confirm them afterwards."""
        sheet, asked = self.get_object(), self.asked()
        if sheet.state in Spreadsheet.UNFINISHED:
            raise SheetStateError
        uploads.read_again(sheet, encoding=asked["encoding"])
        return action_response(self.show(sheet), status=200)

    @extend_schema(
        summary="Compare a spreadsheet with the catalogue as it is now",
        request=CompareSerializer,
        responses=ACCEPTED,
    )
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def compare(self, request: Request, pk: str) -> Response:
        """A plan that was not applied yet is made anew."""
        sheet, asked = self.get_object(), self.asked()
        with transaction.atomic():
            uploads.request_comparison(sheet, takes_repairs=asked.get("takes_repairs"))
            tasks.enqueue_comparison(sheet)
        return action_response(self.show(sheet), status=202)

    @extend_schema(
        summary="List what a spreadsheet could not give, in its order",
        parameters=described_parameters(FindingFilterSet),
        responses=SpreadsheetFindingSerializer(many=True),
    )
    @action(detail=True, filter_backends=[])
    def findings(self, request: Request, pk: str) -> Response:
        rows = self.narrowed(self.get_object().findings.all())
        return self.respond_with_page(rows, SpreadsheetFindingSerializer)

    def asked(self) -> dict[str, Any]:
        """What the body says; raises ValidationError."""
        sent = self.get_serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def show(self, sheet: Spreadsheet) -> dict[str, Any]:
        """A plain dict, lest the browsable page offers it as the form to fill in."""
        return dict(SpreadsheetDetailSerializer(sheet).data)


@extend_schema_view(
    list=extend_schema(summary="List saved readings of columns"),
    destroy=extend_schema(summary="Forget a saved reading of columns"),
)
class ColumnMappingViewSet(
    mixins.ListModelMixin, mixins.DestroyModelMixin, ResourceViewSet[ColumnMapping]
):
    """A sheet with the same header is read like this without asking."""

    queryset = ColumnMapping.objects.select_related("saved_by")
    serializer_class = ColumnMappingSerializer
    detail_serializer_class = ColumnMappingSerializer
    lookup_value_regex = "[0-9]{1,18}"
