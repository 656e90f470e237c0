"""The query parameters of the lists of YouTube sync, and selections of videos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError

from catalog.api.filters import VideoFilterSet
from catalog.models import Video
from youtube_sync.models import MetadataSync, PlanItem, PushPlan, RefreshRun
from ytmanager.filters import ListFilterSet, WordFilter

if TYPE_CHECKING:
    from rest_framework.request import Request

    from catalog.querysets import VideoQuerySet

OWNER_HELP = "A content owner's name."


class PlanFilterSet(ListFilterSet):
    """What `/api/push-plans/` can be narrowed down by."""

    state = WordFilter(choices=PushPlan.State.choices)
    content_owner = filters.CharFilter(
        "account__content_owner__name", help_text=OWNER_HELP
    )

    class Meta:
        model = PushPlan
        fields = ()


class SyncRecordFilterSet(ListFilterSet):
    """What `/api/sync-records/` can be narrowed down by."""

    video_id = filters.CharFilter("video__video_id")
    plan = filters.NumberFilter("item__plan")
    state = WordFilter(choices=MetadataSync.State.choices)
    target_kind = WordFilter(choices=PlanItem.TargetKind.choices)

    class Meta:
        model = MetadataSync
        fields = ()


class RefreshFilterSet(ListFilterSet):
    """What `/api/refresh-runs/` can be narrowed down by."""

    state = WordFilter(choices=RefreshRun.State.choices)
    scope = WordFilter(choices=RefreshRun.Scope.choices)
    content_owner = filters.CharFilter(
        "account__content_owner__name", help_text=OWNER_HELP
    )

    class Meta:
        model = RefreshRun
        fields = ()


def videos_of(request: Request, selection: dict[str, Any]) -> VideoQuerySet:
    """The videos that a request names; raises ValidationError for unknown ones."""
    videos: VideoQuerySet = Video.objects.visible_to(request.user)
    if "filter" in selection:
        return _filtered(request, videos, selection["filter"])
    wanted = set(selection["video_ids"])
    chosen = videos.filter(video_id__in=wanted)
    unknown = wanted - set(chosen.order_by().values_list("video_id", flat=True))
    if unknown:
        names = ", ".join(sorted(unknown)[:10])
        raise ValidationError({"video_ids": [f"Not in the catalogue: {names}."]})
    return chosen


def _filtered(
    request: Request, videos: VideoQuerySet, parameters: dict[str, str]
) -> VideoQuerySet:
    unknown = set(parameters) - set(VideoFilterSet.base_filters)
    if unknown:
        raise ValidationError({"filter": [f"Not known: {', '.join(sorted(unknown))}."]})
    found = VideoFilterSet(data=parameters, queryset=videos, request=request)
    if not found.is_valid():
        raise ValidationError({"filter": found.errors})
    matching: VideoQuerySet = found.qs
    return Video.objects.filter(pk__in=matching.order_by().values("pk"))
