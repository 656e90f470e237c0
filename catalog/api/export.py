"""`/api/videos/export/`: a list of videos as a spreadsheet, to be edited or read."""

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from catalog.api.filters import VideoFilterSet
from catalog.models import Video
from catalog.spreadsheets.columns import VIDEO_COLUMNS
from catalog.spreadsheets.export import FORMATS, Format, export_videos
from ytmanager.api import ResourceViewSet, actor_of, described_parameters
from ytmanager.downloads import file_download

USUAL_FORMAT = "xlsx"
PARAMETERS = [
    OpenApiParameter("file_format", enum=list(FORMATS), default=USUAL_FORMAT),
    OpenApiParameter(
        "columns",
        {"type": "array", "items": {"type": "string", "enum": list(VIDEO_COLUMNS)}},
        explode=False,
        description="By commas; all that a sheet can hold unless named. The video ID "
        "and the row version are always there.",
    ),
]
_CONTENT_TYPES = {kind.content_type for kind in FORMATS.values()}


class ExportActions(ResourceViewSet[Video]):
    """The export of the resource of videos."""

    def known_parameters(self) -> set[str]:
        known = super().known_parameters()
        named = {parameter.name for parameter in PARAMETERS}
        return known | named if self.action == "export" else known

    @extend_schema(
        summary="Export videos as a spreadsheet",
        parameters=[*described_parameters(VideoFilterSet), *PARAMETERS],
        responses={(200, kind): OpenApiTypes.BINARY for kind in _CONTENT_TYPES},
    )
    @action(detail=False, filter_backends=[], pagination_class=None)
    def export(self, request: Request) -> StreamingHttpResponse:
        """What is edited in it comes back by `/api/spreadsheets/`."""
        kind, columns = self.asked_format(), self.asked_columns()
        found = self.narrowed(Video.objects.visible_to(request.user))
        chunks = export_videos(
            videos=Video.objects.filter(pk__in=found.order_by().values("pk")),
            columns=columns,
            file_format=kind,
            actor=actor_of(request),
        )
        name = f"videos_{timezone.now():%Y%m%d_%H%M}.{kind.extension}"
        return file_download(name, chunks, kind.content_type)

    def asked_format(self) -> Format:
        """Raises ValidationError for a format that is not known."""
        name = self.request.query_params.get("file_format") or USUAL_FORMAT
        if name not in FORMATS:
            raise ValidationError({"file_format": [f"Use {', '.join(FORMATS)}."]})
        return FORMATS[name]

    def asked_columns(self) -> list[str]:
        """Raises ValidationError for a column that is not known."""
        raw = self.request.query_params.get("columns", "")
        named = [name for name in raw.split(",") if name]
        if unknown := sorted(set(named) - set(VIDEO_COLUMNS)):
            message = f"Not known: {', '.join(unknown)}."
            raise ValidationError({"columns": [message]})
        return named or list(VIDEO_COLUMNS)
