"""How the catalogue looks in the API; names are YouTube's, in snake case."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog import fields
from catalog.api.quick_rows import ShownSerializer
from catalog.fields import Field, Shape
from catalog.models import (
    Asset,
    Change,
    Channel,
    Claim,
    Conflict,
    ShortsVerdict,
    Video,
    VideoSnapshot,
    VideoStatistics,
)
from ytmanager.api_fields import TextField, YesNoField

IS_SHORT = {"yes": True, "no": False}
# Long texts and names of people; lists leave them out.
DETAIL_ONLY = ("description", "notes", "assignee")

LIST_FIELDS = (
    "video_id",
    "channel_id",
    "channel_name",
    "asset_id",
    *(name for name in fields.EDITABLE if name not in DETAIL_ONLY),
    "pending_fields",
    "is_short",
    "length_seconds",
    "uploaded_at",
    "published_at",
    "is_live_stream",
    "claimed_status",
    "claimed_by_this_owner",
    "claimed_by_another_owner",
    "effective_policy",
    "policy",
    "thumbnail_url",
    "view_count",
    "not_found_at",
    "missing_since",
    "created_at",
    "updated_at",
)
DETAIL_FIELDS = (
    *LIST_FIELDS,
    *DETAIL_ONLY,
    "localizations",
    "other_owners_claiming",
    "ratings_allowed",
    "comments_allowed",
    *(
        column.name
        for column in Video._meta.get_fields()
        if column.name.endswith("_enabled")
    ),
    "has_several_assets",
    "is_asset_chosen",
    "administered_at",
    "administered_by",
    "row_version",
    "observed",
    "statistics",
    "short",
    "claims",
    "conflicts",
)


class VideoSerializer(ShownSerializer):
    """A video in lists: what the office wants, and what is observed only."""

    channel_id = serializers.CharField(source="channel.channel_id")
    channel_name = serializers.CharField(source="channel.name")
    asset_id = serializers.CharField(source="primary_asset.asset_id", allow_null=True)
    view_count = serializers.IntegerField(
        source="statistics.view_count", allow_null=True
    )
    is_short = serializers.SerializerMethodField(help_text="Null: may be a Short.")

    class Meta:
        model = Video
        fields: tuple[str, ...] = LIST_FIELDS
        read_only_fields: tuple[str, ...] = LIST_FIELDS

    def get_is_short(self, video: Video) -> bool | None:
        short = getattr(video, "short", None)
        return IS_SHORT.get(short.verdict) if short else None


class ObservedSerializer(ShownSerializer):
    """What YouTube last said; null: never observed."""

    class Meta:
        model = VideoSnapshot
        fields = tuple(fields.PUSHABLE)


class VideoStatisticsSerializer(ShownSerializer):
    """Counters, and the moments at which each group of facts was true."""

    class Meta:
        model = VideoStatistics
        exclude = ("video",)


class ShortsVerdictSerializer(ShownSerializer):
    """Whether the video is a Short, and how that was decided."""

    decided_by = serializers.CharField(source="decided_by.username", allow_null=True)

    class Meta:
        model = ShortsVerdict
        fields = (
            "verdict",
            "method",
            "evidence",
            "rule_version",
            "decided_by",
            "decided_at",
        )


class ClaimSerializer(ShownSerializer):
    """A claim of an asset on the video."""

    asset_id = serializers.CharField(source="asset.asset_id")

    class Meta:
        model = Claim
        fields: tuple[str, ...] = (
            "claim_id",
            "asset_id",
            "status",
            "origin",
            "content_type",
            "policy",
            "is_partner_provided",
            "as_of",
            "ended_at",
        )


class ConflictSerializer(ShownSerializer):
    """A field that YouTube and the office both moved."""

    class Meta:
        model = Conflict
        fields = ("field", "base", "ours", "theirs", "opened_at")


class VideoDetailSerializer(VideoSerializer):
    """A video with everything known about it."""

    administered_by = serializers.CharField(
        source="administered_by.username", allow_null=True
    )
    assignee = serializers.CharField(source="assignee.username", allow_null=True)
    observed = ObservedSerializer(source="snapshot", allow_null=True)
    statistics = VideoStatisticsSerializer(allow_null=True)
    short = ShortsVerdictSerializer(allow_null=True)
    claims = serializers.SerializerMethodField()
    conflicts = serializers.SerializerMethodField(help_text="Open conflicts.")

    class Meta(VideoSerializer.Meta):
        fields = DETAIL_FIELDS
        read_only_fields = DETAIL_FIELDS

    @extend_schema_field(ClaimSerializer(many=True))
    def get_claims(self, video: Video) -> Any:
        user = self.context["request"].user
        claims = Claim.objects.visible_to(user).for_video(video)
        return ClaimSerializer(claims, many=True).data

    @extend_schema_field(ConflictSerializer(many=True))
    def get_conflicts(self, video: Video) -> Any:
        return ConflictSerializer(video.conflicts.open(), many=True).data


def writable(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    """Accept the field's shape; its rules are the service's."""
    facts: dict[str, Any] = {"required": False, "label": field.label}
    if field.shape is Shape.LIST:
        texts = TextField(allow_blank=True, trim_whitespace=False)
        return serializers.ListField(child=texts, max_length=1000, **facts)
    if field.shape is Shape.FLAG:
        return YesNoField(allow_null=field.is_pushable, **facts)
    facts["allow_null"] = field.shape is Shape.PERSON
    return TextField(allow_blank=True, trim_whitespace=False, **facts)


class VideoEditSerializer(serializers.Serializer[Video]):
    """The fields of a video that people edit, any of them."""

    reason = TextField(
        required=False, write_only=True, help_text="Why; kept in the history."
    )
    vars().update({name: writable(field) for name, field in fields.EDITABLE.items()})

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, self.fields)
        return super().to_internal_value(data)


class VideoValuesSerializer(VideoEditSerializer):
    """Fields of a video with their new values, at least one."""

    reason = None  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Name at least one field.")
        return attrs


def unread() -> serializers.JSONField:
    """Anything at all."""
    return serializers.JSONField(
        required=False, allow_null=True, write_only=True, help_text="Not read."
    )


class VideoReplaceSerializer(VideoEditSerializer):
    """All fields that people edit; what is only shown may come along unread."""

    def get_fields(self) -> Any:
        found = super().get_fields()
        for name in fields.EDITABLE:
            found[name].required = True
        shown = {name: unread() for name in DETAIL_FIELDS if name not in found}
        return found | shown

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        kept = {*fields.EDITABLE, "reason"}
        return {name: value for name, value in values.items() if name in kept}


class VideoCreateSerializer(VideoEditSerializer):
    """A video that no report has shown yet, on a channel of the catalogue."""

    video_id = serializers.RegexField(
        r"^[A-Za-z0-9_-]{11}\Z", help_text="YouTube's ID: 11 characters."
    )
    channel_id = TextField(max_length=40)


def refuse_unknown(data: Any, known: Iterable[str]) -> None:
    """Refuse what cannot be edited, so that nobody believes it was saved."""
    if isinstance(data, dict) and (unknown := set(data) - set(known)):
        message = "This field cannot be edited."
        raise serializers.ValidationError({name: [message] for name in unknown})


class ChangeSerializer(serializers.ModelSerializer[Change]):
    """One field, old to new: by a person's change set or by an observation."""

    origin = serializers.SerializerMethodField(
        help_text="The kind of change set, or the source of the observation."
    )
    actor = serializers.CharField(source="change_set.actor.username", allow_null=True)
    reason = serializers.CharField(source="change_set.reason", allow_null=True)

    class Meta:
        model = Change
        fields = (
            "field",
            "old",
            "new",
            "created_at",
            "origin",
            "actor",
            "reason",
            "change_set",
            "observation",
        )

    def get_origin(self, change: Change) -> str:
        if change.change_set is not None:
            return change.change_set.kind
        assert change.observation is not None, "the database sees to one of the two"
        return change.observation.source


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    """A channel with its newest counters."""

    content_owner = serializers.CharField(source="content_owner.name")

    class Meta:
        model = Channel
        fields = (
            "channel_id",
            "name",
            "content_owner",
            "image_url",
            "description",
            "country",
            "subscriber_count",
            "video_count",
            "view_count",
            "is_monetized",
            "is_hidden",
            "partner_custom_id",
            "partner_name",
            "created_at",
            "updated_at",
        )


class AssetSerializer(serializers.ModelSerializer[Asset]):
    """An asset: provided metadata, and what YouTube displays."""

    content_owner = serializers.CharField(source="content_owner.name")

    class Meta:
        model = Asset
        fields = (
            "asset_id",
            "content_owner",
            "asset_type",
            "status",
            "title",
            "artist",
            "genre",
            "label",
            "album",
            "upc",
            "isrc",
            "custom_id",
            "grid",
            "match_policy",
            "ownership",
            "displayed",
            "active_claim_count",
            "approx_daily_views",
            "as_of",
            "created_at",
            "updated_at",
        )
