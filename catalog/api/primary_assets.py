"""`/api/videos/{video_id}/primary-asset/`: which asset the music metadata is of."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.api.one_video import OneVideoViewSet
from catalog.api.serializers import VideoDetailSerializer
from catalog.models import Asset
from catalog.services.assets import choose_primary_asset
from ytmanager.api import actor_of
from ytmanager.api_fields import TextField


class PrimaryAssetSerializer(serializers.Serializer[Any]):
    """An asset with a claim on the video, or nothing: the rule decides."""

    asset_id = TextField(max_length=40, allow_null=True)


class PrimaryAssetViewSet(OneVideoViewSet):
    """A person's choice wins over the rule."""

    action_permissions: ClassVar = {
        "choose_asset": ("catalog.view_video", "catalog.change_video")
    }

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return PrimaryAssetSerializer

    @extend_schema(
        summary="Choose the primary asset of a video, or leave it to the rule",
        request=PrimaryAssetSerializer,
        responses={
            200: VideoDetailSerializer,
            422: OpenApiResponse(description="The asset has no claim on the video."),
        },
    )
    def choose_asset(self, request: Request, video_id: str) -> Response:
        """What the asset says is an observation: edited values stay."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        video, asset_id = self.get_object(), sent.validated_data["asset_id"]
        assets = Asset.objects.visible_to(request.user)
        asset = asset_id and get_object_or_404(assets, asset_id=asset_id)
        choose_primary_asset(video=video, asset=asset, actor=actor_of(request))
        return Response(dict(self.represent(self.get_object())))
