"""`/api/videos/` and `/api/assets/`."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from catalog.api.bulk import BULK, BulkActions, BulkEditSerializer
from catalog.api.conflicts import ConflictRowSerializer
from catalog.api.export import ExportActions
from catalog.api.filters import AssetFilterSet, VideoFilterSet
from catalog.api.serializers import (
    AssetSerializer,
    ChangeSerializer,
    VideoCreateSerializer,
    VideoDetailSerializer,
    VideoEditSerializer,
    VideoReplaceSerializer,
    VideoSerializer,
)
from catalog.exceptions import StaleEditError
from catalog.models import Asset, Change, ChangeSet, Channel, Conflict, Video
from catalog.querysets import AssetQuerySet, VideoQuerySet
from catalog.services.videos import create_video, update_video
from ytmanager.api import EmptySerializer, ReadOnlyResourceViewSet, actor_of
from ytmanager.exceptions import PreconditionFailedError

VIEWING, CHANGING = "catalog.view_video", "catalog.change_video"
EDITED = {
    200: VideoDetailSerializer,
    409: OpenApiResponse(description="The row is held or moved meanwhile."),
    412: OpenApiResponse(description="It is no longer what `If-Match` names."),
    422: OpenApiResponse(description="`details.fields` names what is wrong."),
}


@extend_schema_view(
    list=extend_schema(summary="List videos"),
    retrieve=extend_schema(
        summary="Show a video with observed values, claims and statistics",
        responses=VideoDetailSerializer,
    ),
)
class VideoViewSet(BulkActions, ExportActions, ReadOnlyResourceViewSet[Video]):
    """Videos: what the office wants, what YouTube shows, what a push would send.

    Every edit is a change set: it shows in the history, never in YouTube until
    it is pushed.
    """

    queryset = Video.objects.all()
    lookup_field = "video_id"
    filterset_class = VideoFilterSet
    keeps_lists = True
    detail_serializer_class = VideoDetailSerializer
    paginated_actions = frozenset({"list", "history", "conflicts"})
    action_filters: ClassVar = {"export": VideoFilterSet}
    action_permissions: ClassVar = {
        "history": (VIEWING, "catalog.view_change"),
        "conflicts": (VIEWING, "catalog.view_conflict"),
        "create": (VIEWING, "catalog.view_channel", "catalog.add_video"),
        "bulk": BULK,
        "export": (VIEWING,),
        "destroy": (VIEWING, CHANGING),
        "restore": (VIEWING, CHANGING),
    }

    def get_queryset(self) -> VideoQuerySet:
        videos = Video.objects.visible_to(self.request.user)
        return videos.for_list() if self.action == "list" else videos.for_detail()

    def get_object(self) -> Video:
        video = self.get_queryset().get_by_video_id(self.kwargs["video_id"])
        self.check_object_permissions(self.request, video)
        return video

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "list": VideoSerializer,
            "create": VideoCreateSerializer,
            "bulk": BulkEditSerializer,
            "update": VideoReplaceSerializer,
            "partial_update": VideoEditSerializer,
            "restore": EmptySerializer,
        }
        return classes.get(self.action, VideoDetailSerializer)

    @extend_schema(
        summary="Add a video that no report has shown yet",
        request=VideoCreateSerializer,
        responses={201: VideoDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Its channel must be in the catalogue; what YouTube says comes by itself."""
        values = self.asked()
        channels = Channel.objects.visible_to(request.user)
        video = create_video(
            video_id=values.pop("video_id"),
            channel=channels.get_by_channel_id(values.pop("channel_id")),
            reason=values.pop("reason", ""),
            values=values,
            actor=actor_of(request),
        )
        self.kwargs["video_id"] = video.video_id
        address = reverse("video-detail", args=[video.video_id], request=request)
        return self.show(status=201, headers={"Location": address})

    @extend_schema(
        summary="Replace all editable fields of a video",
        request=VideoReplaceSerializer,
        responses=EDITED,
    )
    def update(self, request: Request, video_id: str) -> Response:
        """A GET's answer can be sent back; what only YouTube says is not read."""
        return self.edit(self.asked(), is_whole=True)

    @extend_schema(
        summary="Edit fields of a video as a change set",
        request=VideoEditSerializer,
        responses=EDITED,
    )
    def partial_update(self, request: Request, video_id: str) -> Response:
        return self.edit(self.asked())

    @extend_schema(
        summary="Hide a video from the lists",
        responses={200: VideoDetailSerializer},
    )
    def destroy(self, request: Request, video_id: str) -> Response:
        """Nothing is erased, here or on YouTube: `restore` brings it back."""
        return self.edit({"is_hidden": True})

    @extend_schema(
        summary="Show a hidden video again",
        request=EmptySerializer,
        responses={200: VideoDetailSerializer},
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, video_id: str) -> Response:
        return self.edit({"is_hidden": False})

    def edit(self, values: dict[str, Any], *, is_whole: bool = False) -> Response:
        """Save what was edited; what moved since `If-Match` was read is a 412."""
        video = self.get_object()
        is_guarded = "If-Match" in self.request.headers
        seen = {name: video.value_of(name) for name in values if name != "reason"}
        try:
            update_video(
                video=video,
                reason=values.pop("reason", ""),
                values=values,
                actor=actor_of(self.request),
                kind=ChangeSet.Kind.API,
                base=seen if is_guarded or is_whole else None,
            )
        except StaleEditError as exc:
            if is_guarded:
                raise PreconditionFailedError(**exc.details) from exc
            raise
        return self.show()

    def asked(self) -> dict[str, Any]:
        """What the body says; raises ValidationError."""
        sent = self.get_serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def show(self, **facts: Any) -> Response:
        """The video as it is now, with the validator for the next write."""
        videos = self.get_queryset()
        shown = self.represent(videos.get_by_video_id(self.kwargs["video_id"]))
        response = Response(dict(shown), **facts)
        response["ETag"] = self.tag_of(shown)
        return response

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

    @extend_schema(
        summary="List the conflicts of a video, open and closed, newest first",
        responses=ConflictRowSerializer(many=True),
    )
    @action(detail=True, filter_backends=[])
    def conflicts(self, request: Request, video_id: str) -> Response:
        found = Conflict.objects.visible_to(request.user).filter(
            video=self.get_object()
        )
        rows = found.select_related("video__channel", "observation", "closed_by")
        return self.respond_with_page(rows, ConflictRowSerializer)


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
    keeps_lists = True

    def get_queryset(self) -> AssetQuerySet:
        assets = Asset.objects.visible_to(self.request.user)
        return assets.select_related("content_owner")
