"""`/api/videos/` and `/api/assets/`."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.api.filters import AssetFilterSet, VideoFilterSet
from catalog.api.serializers import (
    AssetSerializer,
    ChangeSerializer,
    VideoDetailSerializer,
    VideoEditSerializer,
    VideoSerializer,
)
from catalog.models import Asset, Change, ChangeSet, Video
from catalog.querysets import AssetQuerySet, VideoQuerySet
from catalog.services.videos import update_video
from ytmanager.api import ReadOnlyResourceViewSet, actor_of


@extend_schema_view(
    list=extend_schema(summary="List videos"),
    retrieve=extend_schema(
        summary="Show a video with observed values, claims and statistics",
        responses=VideoDetailSerializer,
    ),
)
class VideoViewSet(ReadOnlyResourceViewSet[Video]):
    """Videos: what the office wants, what YouTube shows, what a push would send.

    A PATCH is a change set: it shows in the history, never in YouTube until it
    is pushed.
    """

    queryset = Video.objects.all()
    lookup_field = "video_id"
    filterset_class = VideoFilterSet
    paginated_actions = frozenset({"list", "history"})
    action_permissions: ClassVar = {
        "history": ("catalog.view_video", "catalog.view_change")
    }

    def get_queryset(self) -> VideoQuerySet:
        videos = Video.objects.visible_to(self.request.user)
        return videos.for_list() if self.action == "list" else videos.for_detail()

    def get_object(self) -> Video:
        video = self.get_queryset().get_by_video_id(self.kwargs["video_id"])
        self.check_object_permissions(self.request, video)
        return video

    def get_serializer_class(self) -> type[BaseSerializer[Video]]:
        classes: dict[str, type[BaseSerializer[Video]]] = {
            "list": VideoSerializer,
            "partial_update": VideoEditSerializer,
        }
        return classes.get(self.action, VideoDetailSerializer)

    @extend_schema(
        summary="Edit fields of a video as a change set",
        request=VideoEditSerializer,
        responses={
            200: VideoDetailSerializer,
            409: OpenApiResponse(description="The row is held or moved meanwhile."),
            422: OpenApiResponse(description="`details.fields` names what is wrong."),
        },
    )
    def partial_update(self, request: Request, video_id: str) -> Response:
        video = self.get_object()
        edit = VideoEditSerializer(data=request.data, partial=True)
        edit.is_valid(raise_exception=True)
        values = dict(edit.validated_data)
        update_video(
            video=video,
            reason=values.pop("reason", ""),
            values=values,
            actor=actor_of(request),
            kind=ChangeSet.Kind.API,
        )
        context = self.get_serializer_context()
        return Response(VideoDetailSerializer(self.get_object(), context=context).data)

    @extend_schema(
        summary="List the changes of a video, newest first",
        responses=ChangeSerializer(many=True),
    )
    @action(detail=True, filter_backends=[])
    def history(self, request: Request, video_id: str) -> Response:
        changes = Change.objects.visible_to(request.user).filter(
            video=self.get_object()
        )
        return self.respond_with_page(changes.history(), ChangeSerializer)


@extend_schema_view(
    list=extend_schema(summary="List assets"),
    retrieve=extend_schema(summary="Show an asset"),
)
class AssetViewSet(ReadOnlyResourceViewSet[Asset]):
    """Content ID assets with the metadata the office provided."""

    queryset = Asset.objects.all()
    serializer_class = AssetSerializer
    lookup_field = "asset_id"
    filterset_class = AssetFilterSet

    def get_queryset(self) -> AssetQuerySet:
        assets = Asset.objects.visible_to(self.request.user)
        return assets.select_related("content_owner")
