"""`/api/spellings/`: names that differ in case, accents or punctuation only."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.filters import VideoFilterSet
from catalog.models import Video
from catalog.services.spellings import SPELLED, spellings_of
from ytmanager.api import ResourceViewSet, described_parameters

FIELD = OpenApiParameter(
    "field",
    {"type": "string", "enum": list(SPELLED)},
    required=True,
    description="Whose values are compared.",
)


class SpellingSerializer(serializers.Serializer[Any]):
    """One way of writing a name."""

    text = serializers.CharField()
    video_count = serializers.IntegerField()


class SpellingGroupSerializer(serializers.Serializer[Any]):
    """Ways of writing one name, the usual one first."""

    usual = serializers.CharField()
    spellings = SpellingSerializer(many=True)


class SpellingsSerializer(serializers.Serializer[Any]):
    """Up to 50 groups, those of most videos first."""

    groups = SpellingGroupSerializer(many=True)


class SpellingViewSet(ResourceViewSet[Video]):
    """To merge them, send the step `respell` to `/api/change-sets/`."""

    queryset = Video.objects.all()
    action_filters: ClassVar = {"groups": VideoFilterSet}
    action_permissions: ClassVar = {
        "groups": ("catalog.view_video", "catalog.bulk_edit_video")
    }

    def known_parameters(self) -> set[str]:
        return super().known_parameters() | {"field"}

    @extend_schema(
        summary="Find near-equal spellings of names among videos",
        parameters=[FIELD, *described_parameters(VideoFilterSet)],
        responses=SpellingsSerializer,
    )
    def groups(self, request: Request) -> Response:
        """Narrow the videos down as in their list; too many of them are a 422."""
        field = request.query_params.get("field", "")
        if field not in SPELLED:
            raise ValidationError({"field": [f"Use one of {', '.join(SPELLED)}."]})
        found = self.narrowed(Video.objects.visible_to(request.user))
        videos = Video.objects.filter(pk__in=found.order_by().values("pk"))
        groups = spellings_of(videos, field)
        return Response(dict(SpellingsSerializer({"groups": groups}).data))
