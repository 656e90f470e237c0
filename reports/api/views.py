"""`/api/reports/`: report files, their import and what it rejected."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from reports import tasks
from reports.api.filters import ReportFilterSet
from reports.api.renderers import CsvRenderer
from reports.api.serializers import (
    AnswerSerializer,
    ImportRequestSerializer,
    ReportDetailSerializer,
    ReportSerializer,
    ReportUploadSerializer,
    RowErrorSerializer,
)
from reports.api.what_changed import PERMISSIONS as CHANGES_PERMISSIONS
from reports.api.what_changed import ChangesActions
from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.services.dating import start_of_day
from reports.services.rejects import rejects_of
from reports.services.requests import (
    answer_question,
    cancel_import,
    request_import,
)
from reports.services.sources import receive_upload
from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.downloads import csv_download

ACCEPTED = {202: action_body(ReportDetailSerializer())}
IMPORTING = ("reports.view_report", "reports.import_report")


@extend_schema_view(
    list=extend_schema(summary="List report files and their imports"),
    retrieve=extend_schema(
        summary="Show a report, its progress and its account",
        responses=ReportDetailSerializer,
    ),
)
class ReportViewSet(ChangesActions, ReadOnlyResourceViewSet[Report]):
    """Report files: what they are, how far their import is, what it changed.

    A POST uploads a file; importing it is an action of its own.
    """

    queryset = Report.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    parser_classes = (MultiPartParser, JSONParser)
    filterset_class = ReportFilterSet
    detail_serializer_class = ReportDetailSerializer
    paginated_actions = frozenset({"list", "errors", "changes", "changes_channels"})
    action_permissions: ClassVar = {
        "start_import": IMPORTING,
        "cancel": IMPORTING,
        "answer": IMPORTING,
        "errors": ("reports.view_report",),
        **CHANGES_PERMISSIONS,
    }

    def get_queryset(self) -> ReportQuerySet:
        reports = Report.objects.visible_to(self.request.user)
        if self.action == "list":
            return reports.for_list()
        return reports.select_related("source", "content_owner", "requested_by")

    def get_object(self) -> Report:
        report = self.get_queryset().get_by_pk(int(self.kwargs["pk"]))
        self.check_object_permissions(self.request, report)
        return report

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "list": ReportSerializer,
            "create": ReportUploadSerializer,
            "start_import": ImportRequestSerializer,
            "answer": AnswerSerializer,
            "cancel": EmptySerializer,
        }
        return classes.get(self.action, ReportDetailSerializer)

    @extend_schema(
        summary="Upload a report file",
        request={"multipart/form-data": ReportUploadSerializer},
        responses={201: ReportDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        upload = self.get_serializer(data=request.data)
        upload.is_valid(raise_exception=True)
        facts = upload.validated_data
        day = facts.get("as_of")
        report = receive_upload(
            file=facts["file"],
            actor=actor_of(request),
            as_of=start_of_day(day) if day else None,
            content_owner=facts.get("content_owner"),
        )
        address = reverse("report-detail", args=[report.pk], request=request)
        return Response(self.show(report), status=201, headers={"Location": address})

    @extend_schema(
        summary="Import or try a report",
        request=ImportRequestSerializer,
        responses=ACCEPTED,
    )
    @action(detail=True, methods=["post"], url_path="import", url_name="import")
    def start_import(self, request: Request, pk: str) -> Response:
        """Let a worker import the file; the report shows the progress."""
        report = self.get_object()
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            request_import(
                report=report,
                actor=actor_of(request),
                is_dry_run=asked.validated_data["dry_run"],
                is_forced=asked.validated_data["force"],
            )
            tasks.enqueue_import(report)
        return action_response(self.show(report), status=202)

    @extend_schema(
        summary="Answer the question of an import",
        request=AnswerSerializer,
        responses=ACCEPTED,
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Take the answer; the import goes on by itself."""
        report = self.get_object()
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            answer_question(
                report=report,
                answer=given.validated_data["answer"],
                actor=actor_of(request),
            )
            tasks.enqueue_import(report)
        return action_response(self.show(report), status=202)

    @extend_schema(
        summary="Cancel an import", request=EmptySerializer, responses=ACCEPTED
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop an import that waits, reads or asks; nothing of it is kept."""
        report = cancel_import(report=self.get_object(), actor=actor_of(request))
        return action_response(self.show(report), status=202)

    @extend_schema(
        summary="List what an import did not take, or download it as CSV",
        responses=RowErrorSerializer(many=True),
    )
    @action(
        detail=True,
        filter_backends=[],
        renderer_classes=[JSONRenderer, BrowsableAPIRenderer, CsvRenderer],
    )
    def errors(self, request: Request, pk: str) -> Response | StreamingHttpResponse:
        """Rejected rows and values, in the order of the file."""
        report = self.get_object()
        if isinstance(request.accepted_renderer, CsvRenderer):
            return csv_download(f"rejects_{report.pk}.csv", rejects_of(report))
        return self.respond_with_page(report.row_errors.all(), RowErrorSerializer)

    def show(self, report: Report) -> dict[str, Any]:
        """A plain dict, lest the browsable page offers it as the form to fill in."""
        context = self.get_serializer_context()
        return dict(ReportDetailSerializer(report, context=context).data)
