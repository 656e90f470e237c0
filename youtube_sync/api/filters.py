"""The query parameters of the lists of YouTube sync."""

from django_filters import rest_framework as filters

from youtube_sync.models import MetadataSync, PlanItem, PushPlan, RefreshRun
from ytmanager.filters import ListFilterSet, WholeNumberFilter, WordFilter

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
    plan = WholeNumberFilter("item__plan")
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
