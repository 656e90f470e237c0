"""`/api/events/`: what happened since a position, for systems without a WebSocket."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ytmanager.api import ResourceViewSet, actor_of
from ytmanager.models import LiveEvent
from ytmanager.realtime.access import groups_of
from ytmanager.realtime.events import (
    REQUIRED_PERMISSIONS,
    SUBSCRIBABLE,
    is_subscribable,
)
from ytmanager.realtime.log import current_position, events_since
from ytmanager.realtime.subjects import as_told

MOST_GROUPS = 200
MOST_DIGITS = 18
GROUPS = f"^((?:{SUBSCRIBABLE.pattern})(,(?:{SUBSCRIBABLE.pattern}))*)?$"


class EventSerializer(serializers.ModelSerializer[LiveEvent]):
    """One event; `docs/live-events.md` has the payloads."""

    payload = serializers.DictField()
    at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = LiveEvent
        fields = ("sequence", "type", "payload", "at")
        read_only_fields = fields


class EventsSerializer(serializers.Serializer[Any]):
    """Events in the order of their sequence, and where to read on."""

    results = EventSerializer(many=True)
    position = serializers.IntegerField(
        help_text="Say it as `since` the next time. Events of transactions that were "
        "running come again then: drop sequences that you know."
    )
    has_gap = serializers.BooleanField(
        help_text="The log no longer reaches back, or more than 1,000 events were "
        "missed: read the lists again."
    )


class EventViewSet(ResourceViewSet[LiveEvent]):
    """The log of live events, kept for 24 hours."""

    queryset = LiveEvent.objects.all()
    serializer_class = EventsSerializer
    permission_classes = (IsAuthenticated,)

    def known_parameters(self) -> set[str]:
        return super().known_parameters() | {"since", "groups"}

    @extend_schema(
        summary="List events since a position",
        parameters=[
            OpenApiParameter(
                "since",
                {"type": "integer", "minimum": 0, "maximum": 10**MOST_DIGITS - 1},
                description="A position; none: tell only where it stands.",
            ),
            OpenApiParameter(
                "groups",
                {"type": "string", "pattern": GROUPS},
                description="Beside everyone's: report.7, plan.3, by commas.",
            ),
        ],
        responses=EventsSerializer,
    )
    def retrieve(self, request: Request) -> Response:
        since, groups = self.since(), self.groups()
        if since is None:
            facts = {"results": [], "position": current_position(), "has_gap": False}
            return Response(facts)
        user = actor_of(request)
        types = [
            name
            for name, permission in REQUIRED_PERMISSIONS.items()
            if permission is None or user.has_perm(permission)
        ]
        found = events_since(since, groups=[*groups_of(user), *groups], types=types)
        events = [(EventSerializer(row).data, row.groups) for row in found.events]
        facts = {
            "results": [event for event, _ in as_told(user, events)],
            "position": found.position,
            "has_gap": found.has_gap,
        }
        return Response(facts)

    def since(self) -> int | None:
        """The position; raises ValidationError."""
        raw = self.request.query_params.get("since", "")
        if not raw:
            return None
        if not (raw.isascii() and raw.isdigit() and len(raw) <= MOST_DIGITS):
            raise ValidationError({"since": ["Use a position that was answered."]})
        return int(raw)

    def groups(self) -> list[str]:
        """The groups that are asked for; raises ValidationError."""
        raw = self.request.query_params.get("groups", "")
        groups = [group for group in raw.split(",") if group]
        if len(groups) > MOST_GROUPS or not all(map(is_subscribable, groups)):
            message = "Use groups as report.7, changeset.3, plan.5 or video.ID."
            raise ValidationError({"groups": [message]})
        return groups
