"""What addresses below one video share."""

from catalog.api.serializers import VideoDetailSerializer
from catalog.models import Video
from ytmanager.api import ResourceViewSet


class OneVideoViewSet(ResourceViewSet[Video]):
    """Something to do with one video; who wrote sends its validator back."""

    queryset = Video.objects.all()
    lookup_field = "video_id"
    detail_serializer_class = VideoDetailSerializer

    def get_object(self) -> Video:
        videos = Video.objects.visible_to(self.request.user).for_detail()
        video = videos.get_by_video_id(self.kwargs["video_id"])
        self.check_object_permissions(self.request, video)
        return video
