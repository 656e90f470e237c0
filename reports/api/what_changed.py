"""`/api/reports/{id}/changes/`: what a report changed, rows, sums and channels."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.exceptions import ChannelNotFoundError
from catalog.models import Channel, Highlight, HighlightKind
from catalog.view_methods import TEXTS
from reports.api.renderers import CsvRenderer
from reports.models import Report
from reports.services import what_changed
from reports.services.what_changed import Selection
from ytmanager.api import ResourceViewSet
from ytmanager.downloads import csv_download

NEEDED = ("reports.view_report", "catalog.view_highlight")
PERMISSIONS = dict.fromkeys(("changes", "changes_summary", "changes_channels"), NEEDED)
KIND = OpenApiParameter("kind", enum=HighlightKind.values)
CHANNEL = OpenApiParameter("channel", description="A channel's ID.")
SEARCH = OpenApiParameter("search", description="Words of title, artist or IDs.")
PARAMETERS = {
    "changes": {"kind", "channel", "search"},
    "changes_summary": {"channel"},
}


class HighlightSerializer(serializers.ModelSerializer[Highlight]):
    """One thing that the report changed."""

    video_id = serializers.CharField(source="video.video_id", allow_null=True)
    title = serializers.CharField(source="video.title", allow_null=True)
    channel_id = serializers.CharField(source="channel.channel_id", allow_null=True)
    channel_name = serializers.CharField(source="channel.name", allow_null=True)
    asset_id = serializers.CharField(source="asset.asset_id", allow_null=True)
    note = serializers.SerializerMethodField(
        help_text="What to know about the figures."
    )

    class Meta:
        model = Highlight
        fields = (
            "kind",
            "video_id",
            "title",
            "channel_id",
            "channel_name",
            "asset_id",
            "field",
            "old",
            "new",
            "daily_views",
            "note",
        )

    def get_note(self, highlight: Highlight) -> str:
        return TEXTS.get(highlight.note, "")


class ComparedReportSerializer(serializers.ModelSerializer[Report]):
    """The report with which this one is compared."""

    class Meta:
        model = Report
        fields = ("pk", "name", "as_of")


class ChangesSummarySerializer(serializers.Serializer[Any]):
    """How much changed, and against what."""

    compared_with = ComparedReportSerializer(
        allow_null=True, help_text="Null: the first report of its kind and owner."
    )
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="All changes, by kind."
    )


class ChannelChangesSerializer(serializers.Serializer[Any]):
    """One channel and what changed on it."""

    channel_id = serializers.CharField(source="channel.channel_id", allow_null=True)
    channel_name = serializers.CharField(source="channel.name", allow_null=True)
    count = serializers.IntegerField()
    daily_views = serializers.IntegerField(help_text="Of all videos that changed.")
    counts = serializers.DictField(child=serializers.IntegerField())


class ChangesActions(ResourceViewSet[Report]):
    """The actions about changes; a report that was not imported has none."""

    def known_parameters(self) -> set[str]:
        return super().known_parameters() | PARAMETERS.get(self.action, set())

    @extend_schema(
        summary="List what a report changed, or download it as CSV",
        parameters=[KIND, CHANNEL, SEARCH],
        responses=HighlightSerializer(many=True),
    )
    @action(
        detail=True,
        filter_backends=[],
        renderer_classes=[JSONRenderer, BrowsableAPIRenderer, CsvRenderer],
    )
    def changes(self, request: Request, pk: str) -> Response | StreamingHttpResponse:
        """Claims, policies, ownership, conflicts, views: most daily views first."""
        report, chosen = self.get_object(), self.selection()
        if isinstance(request.accepted_renderer, CsvRenderer):
            rows = what_changed.csv_rows_of(report, request.user, chosen)
            return csv_download(f"changes_{report.pk}.csv", rows)
        highlights = what_changed.highlights_of(report, request.user, chosen)
        return self.respond_with_page(highlights.for_list(), HighlightSerializer)

    @extend_schema(
        summary="Sum up what a report changed",
        parameters=[CHANNEL],
        responses=ChangesSummarySerializer,
    )
    @action(
        detail=True,
        filter_backends=[],
        pagination_class=None,
        url_path="changes/summary",
        url_name="changes-summary",
    )
    def changes_summary(self, request: Request, pk: str) -> Response:
        """Counts of each kind, as a whole or of one channel."""
        report, chosen = self.get_object(), self.selection()
        facts = {
            "compared_with": what_changed.predecessor_of(report),
            "counts": what_changed.counts_of(report, chosen.channel),
        }
        return Response(ChangesSummarySerializer(facts).data)

    @extend_schema(
        summary="Sum up what a report changed on each channel",
        responses=ChannelChangesSerializer(many=True),
    )
    @action(
        detail=True,
        filter_backends=[],
        url_path="changes/channels",
        url_name="changes-channels",
    )
    def changes_channels(self, request: Request, pk: str) -> Response:
        """The channels with the most daily views of changed videos first."""
        report = self.get_object()
        page = self.paginate_queryset(what_changed.channels_of(report))
        lines = what_changed.lines_of(report, list(page or []))
        return self.get_paginated_response(
            ChannelChangesSerializer(lines, many=True).data
        )

    def selection(self) -> Selection:
        """What the query asks for; raises ValidationError and ChannelNotFoundError."""
        query = self.request.query_params
        kind, channel_id = query.get("kind", ""), query.get("channel", "")
        if kind and kind not in HighlightKind.values:
            options = ", ".join(HighlightKind.values)
            raise ValidationError({"kind": [f"Use one of {options}."]})
        channel = None
        if channel_id:
            visible = Channel.objects.visible_to(self.request.user)
            channel = visible.filter(channel_id=channel_id.replace("\0", "")).first()
            if channel is None:
                raise ChannelNotFoundError(channel_id=channel_id)
        text = query.get("search", "").replace("\0", "").strip()
        return Selection(kind, channel, text)
