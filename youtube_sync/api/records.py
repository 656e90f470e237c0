"""Sync records, accounts and the quota: to be read only."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from youtube_sync.api.filters import SyncRecordFilterSet
from youtube_sync.api.serializers import (
    AccountSerializer,
    QuotaSerializer,
    SyncRecordDetailSerializer,
    SyncRecordSerializer,
)
from youtube_sync.models import MetadataSync, QuotaEntry, YouTubeAccount
from youtube_sync.querysets import MetadataSyncQuerySet, YouTubeAccountQuerySet
from youtube_sync.services import quota
from ytmanager.api import ReadOnlyResourceViewSet, ResourceViewSet


@extend_schema_view(
    list=extend_schema(summary="List attempts to write to YouTube, newest first"),
    retrieve=extend_schema(
        summary="Show an attempt, what stood there before, and the reply",
        responses=SyncRecordDetailSerializer,
    ),
)
class SyncRecordViewSet(ReadOnlyResourceViewSet[MetadataSync]):
    """Every attempt to write a video or an asset."""

    queryset = MetadataSync.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = SyncRecordFilterSet

    def get_queryset(self) -> MetadataSyncQuerySet:
        return MetadataSync.objects.visible_to(self.request.user).for_list()

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        is_list = self.action == "list"
        return SyncRecordSerializer if is_list else SyncRecordDetailSerializer


@extend_schema_view(
    list=extend_schema(summary="List the connected Google accounts"),
    retrieve=extend_schema(summary="Show a Google account and its state"),
)
class AccountViewSet(ReadOnlyResourceViewSet[YouTubeAccount]):
    """Accounts; they are connected in the admin, by Google's consent page."""

    queryset = YouTubeAccount.objects.all()
    serializer_class = AccountSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> YouTubeAccountQuerySet:
        return YouTubeAccount.objects.visible_to(self.request.user).for_list()


class QuotaViewSet(ResourceViewSet[QuotaEntry]):
    """The units of today."""

    queryset = QuotaEntry.objects.all()
    serializer_class = QuotaSerializer

    @extend_schema(
        summary="Show what is left of today's quota",
        responses=QuotaSerializer,
    )
    def retrieve(self, request: Request) -> Response:
        budget = quota.get_budget()
        names = set(QuotaSerializer().fields) - {"resets_at"}
        facts = {name: getattr(budget, name) for name in names}
        facts["resets_at"] = quota.next_reset()
        return Response(dict(QuotaSerializer(facts).data))
