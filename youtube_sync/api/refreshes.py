"""`/api/refresh-runs/`: reading from YouTube, asked for and watched."""

from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.api.selections import videos_of
from catalog.models import ContentOwner
from youtube_sync import tasks
from youtube_sync.api.filters import RefreshFilterSet
from youtube_sync.api.serializers import (
    NothingToSaySerializer,
    RefreshRequestSerializer,
    RefreshSerializer,
)
from youtube_sync.models import RefreshRun
from youtube_sync.querysets import RefreshRunQuerySet
from youtube_sync.services import refresh_requests
from ytmanager.api import (
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)

PUSHING = ("youtube_sync.view_refreshrun", "catalog.view_video", "catalog.push_video")


@extend_schema_view(
    list=extend_schema(summary="List refreshes"),
    retrieve=extend_schema(summary="Show a refresh and how far it is"),
)
class RefreshViewSet(ReadOnlyResourceViewSet[RefreshRun]):
    """Refreshes of the whole catalogue, of a selection, of one video."""

    queryset = RefreshRun.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = RefreshFilterSet
    detail_serializer_class = RefreshSerializer
    action_permissions: ClassVar = {"create": PUSHING, "cancel": PUSHING}

    def get_queryset(self) -> RefreshRunQuerySet:
        return RefreshRun.objects.visible_to(self.request.user).for_list()

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "create": RefreshRequestSerializer,
            "cancel": NothingToSaySerializer,
        }
        return classes.get(self.action, RefreshSerializer)

    @extend_schema(
        summary="Read videos from YouTube, one run for each content owner",
        request=RefreshRequestSerializer,
        responses={202: action_body(RefreshSerializer(many=True))},
    )
    def create(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            runs = self._request(request, asked.validated_data)
            for run in runs:
                tasks.start_run(run)
        shown = self.get_queryset().filter(pk__in=[run.pk for run in runs])
        return action_response(
            list(RefreshSerializer(shown.order_by("pk"), many=True).data), status=202
        )

    def _request(self, request: Request, chosen: dict[str, Any]) -> list[RefreshRun]:
        actor = actor_of(request)
        if chosen:
            videos = videos_of(request.user, chosen)
            return refresh_requests.request_selection(videos=videos, actor=actor)
        owners = ContentOwner.objects.visible_to(request.user)
        return refresh_requests.request_catalogue(owners=owners, actor=actor)

    @extend_schema(
        summary="Cancel a refresh; what was read stays",
        request=NothingToSaySerializer,
        responses={202: action_body(RefreshSerializer())},
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        run = refresh_requests.cancel_refresh(
            run=self.get_object(), actor=actor_of(request)
        )
        return action_response(dict(RefreshSerializer(run).data), status=202)
