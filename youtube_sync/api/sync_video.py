"""`/api/videos/{video_id}/sync/`: look at what is pending for one video, push it."""

from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.api.one_video import OneVideoViewSet
from catalog.models import Video
from youtube_sync import tasks
from youtube_sync.api.serializers import (
    PLAN_BODY,
    PlanDetailSerializer,
    SyncPreviewSerializer,
    SyncRequestSerializer,
)
from youtube_sync.exceptions import AccountNotConnectedError
from youtube_sync.models import YouTubeAccount
from youtube_sync.services import plans
from ytmanager.api import action_response, actor_of

PERMISSIONS = ("catalog.view_video", "catalog.push_video")


class SyncVideoViewSet(OneVideoViewSet):
    """GET tells what would be sent and its price; POST sends it at once."""

    action_permissions: ClassVar = {"preview": PERMISSIONS, "push": PERMISSIONS}

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return SyncRequestSerializer

    @extend_schema(
        summary="Show what a push of a video would send, and its price",
        responses=SyncPreviewSerializer,
    )
    def preview(self, request: Request, video_id: str) -> Response:
        video = self.get_object()
        shown = plans.preview_video(
            video=video, account=self._account_of(video), actor=actor_of(request)
        )
        return Response(dict(SyncPreviewSerializer(shown).data))

    @extend_schema(
        summary="Push a video now, before plans",
        request=SyncRequestSerializer,
        responses={202: PLAN_BODY},
    )
    def push(self, request: Request, video_id: str) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        video, actor = self.get_object(), actor_of(request)
        account = self._account_of(video)
        seen = asked.validated_data.get("digest")
        if seen is None:
            now = plans.preview_video(video=video, account=account, actor=actor)
            seen = now.digest
        with transaction.atomic():
            plan = plans.push_one_video(
                video=video, account=account, actor=actor, digest=seen
            )
            tasks.start_plan(plan)
        return action_response(dict(PlanDetailSerializer(plan).data), status=202)

    def _account_of(self, video: Video) -> YouTubeAccount:
        """The best connected account; raises AccountNotConnectedError."""
        owner = video.channel.content_owner
        account = YouTubeAccount.objects.visible_to(self.request.user).best_for(owner)
        if account is None:
            raise AccountNotConnectedError(f"{owner} has no connected account.")
        return account
