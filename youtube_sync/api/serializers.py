"""How plans, records, accounts and refreshes look in the API; no token is in it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.api.selections import MOST_IDS, SelectionSerializer
from youtube_sync.models import (
    MetadataSync,
    PlanItem,
    PushPlan,
    RefreshRun,
    YouTubeAccount,
)
from youtube_sync.services.forecast import forecast
from ytmanager.api import action_body
from ytmanager.api_fields import TextField, WholeNumberField

PLAN_FIELDS = (
    "pk",
    "account",
    "content_owner",
    "state",
    "message",
    "is_urgent",
    "price_units",
    "unpriced_count",
    "item_count",
    "blocked_count",
    "left_out_count",
    "done_count",
    "failed_count",
    "reverts",
    "created_by",
    "confirmed_by",
    "created_at",
    "confirmed_at",
    "started_at",
    "finished_at",
    "resume_at",
)
RECORD_FIELDS = (
    "pk",
    "plan",
    "video_id",
    "target_kind",
    "target_id",
    "state",
    "error",
    "fields",
    "units",
    "created_at",
    "finished_at",
)
REFRESH_FIELDS = (
    "pk",
    "account",
    "content_owner",
    "scope",
    "state",
    "step",
    "message",
    "is_scheduled",
    "requested_by",
    *RefreshRun.COUNTS,
    "total_count",
    "created_at",
    "started_at",
    "finished_at",
    "resume_at",
)


class AccountSerializer(serializers.ModelSerializer[YouTubeAccount]):
    """A Google account through which pushes go."""

    content_owner = serializers.CharField(source="content_owner.name")

    class Meta:
        model = YouTubeAccount
        fields = (
            "pk",
            "name",
            "content_owner",
            "state",
            "problem",
            "has_content_id",
            "connected_at",
        )


class PlanSerializer(serializers.ModelSerializer[PushPlan]):
    """A priced plan and how far its push is."""

    account = serializers.CharField(source="account.name")
    content_owner = serializers.CharField(source="account.content_owner.name")
    created_by = serializers.CharField(source="created_by.username")
    confirmed_by = serializers.CharField(
        source="confirmed_by.username", allow_null=True
    )

    class Meta:
        model = PushPlan
        fields: tuple[str, ...] = PLAN_FIELDS
        read_only_fields: tuple[str, ...] = PLAN_FIELDS


class ForecastSerializer(serializers.Serializer[Any]):
    """When the last pending item will be sent."""

    finish_at = serializers.DateTimeField()
    days = serializers.IntegerField(help_text="Resets of the quota until then.")
    units = serializers.IntegerField()
    units_today = serializers.IntegerField()
    units_per_day = serializers.IntegerField()


class BlockedReasonSerializer(serializers.Serializer[Any]):
    """Why some items will not be sent."""

    reason = serializers.CharField()
    count = serializers.IntegerField()


class PlanDetailSerializer(PlanSerializer):
    """A plan with its forecast and what blocks its items."""

    forecast = serializers.SerializerMethodField()
    blocked_reasons = serializers.SerializerMethodField()

    class Meta(PlanSerializer.Meta):
        fields = (*PLAN_FIELDS, "forecast", "blocked_reasons")
        read_only_fields = fields

    @extend_schema_field(ForecastSerializer(allow_null=True))
    def get_forecast(self, plan: PushPlan) -> Any:
        found = forecast(plan)
        return ForecastSerializer(found).data if found else None

    @extend_schema_field(BlockedReasonSerializer(many=True))
    def get_blocked_reasons(self, plan: PushPlan) -> Any:
        reasons = plan.items.blocked_reasons()
        return [{"reason": reason, "count": count} for reason, count in reasons]


PLAN_BODY = action_body(PlanDetailSerializer())


class PlanItemSerializer(serializers.ModelSerializer[PlanItem]):
    """One video or asset of a plan and what became of it.

    `fields` holds for each field what YouTube showed (`observed`) and what is
    `wanted`, the reason if it is `blocked`, and after the push the `result`.
    """

    video_id = serializers.CharField(source="video.video_id")

    class Meta:
        model = PlanItem
        fields = (
            "pk",
            "target_kind",
            "target_id",
            "video_id",
            "state",
            "blocked_by",
            "message",
            "fields",
            "price_units",
            "finished_at",
        )


class ItemKeysSerializer(serializers.Serializer[Any]):
    """Items of a plan by their keys."""

    items = serializers.ListField(
        child=WholeNumberField(min_value=1), min_length=1, max_length=MOST_IDS
    )


class NothingToSaySerializer(serializers.Serializer[Any]):
    """Nothing has to be said."""


class UndoSerializer(serializers.Serializer[Any]):
    """How far the way back is; its plan is there once the values are back here."""

    change_set = serializers.IntegerField()
    state = serializers.CharField(help_text="Of the change set.")
    plan = PlanSerializer(allow_null=True, help_text="A draft to be confirmed.")


class SyncPreviewSerializer(serializers.Serializer[Any]):
    """What a push of one video would send, and its price."""

    items = PlanItemSerializer(many=True)
    price_units = serializers.IntegerField()
    unpriced_count = serializers.IntegerField()
    is_sendable = serializers.BooleanField()
    digest = serializers.CharField(help_text="Say it on the push of exactly this.")


class SyncRequestSerializer(serializers.Serializer[Any]):
    """Send what is pending now, or only what a preview showed."""

    digest = TextField(
        required=False,
        max_length=16,
        help_text="Of the preview: the push is refused when the edits moved since.",
    )


class SyncRecordSerializer(serializers.ModelSerializer[MetadataSync]):
    """One attempt to write one video or asset."""

    plan = serializers.IntegerField(source="item.plan_id")
    video_id = serializers.CharField(source="video.video_id")

    class Meta:
        model = MetadataSync
        fields: tuple[str, ...] = RECORD_FIELDS


class SyncRecordDetailSerializer(SyncRecordSerializer):
    """An attempt with what stood there before and what came back."""

    class Meta(SyncRecordSerializer.Meta):
        fields = (*RECORD_FIELDS, "pre_image", "reply")


class QuotaSerializer(serializers.Serializer[Any]):
    """What the ledger says of today, by Pacific time."""

    day = serializers.DateField()
    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    left_for_bulk = serializers.IntegerField()
    left_for_single_pushes = serializers.IntegerField()
    left_for_schedule = serializers.IntegerField()
    is_closed = serializers.BooleanField(help_text="YouTube said that it is spent.")
    resets_at = serializers.DateTimeField()


class RefreshSerializer(serializers.ModelSerializer[RefreshRun]):
    """A refresh, how far it is and what it found."""

    account = serializers.CharField(source="account.name")
    content_owner = serializers.CharField(source="account.content_owner.name")
    requested_by = serializers.CharField(
        source="requested_by.username", allow_null=True
    )

    class Meta:
        model = RefreshRun
        fields = tuple(dict.fromkeys(REFRESH_FIELDS))
        read_only_fields = fields


class RefreshRequestSerializer(SelectionSerializer):
    """Which videos to read; nothing: the whole catalogue, new uploads included."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return super().validate(attrs) if attrs else attrs
