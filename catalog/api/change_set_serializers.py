"""How change sets and their rows look in the API, and what makes one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog import fields
from catalog.api.selections import WideSelectionSerializer
from catalog.api.serializers import VideoValuesSerializer
from catalog.api.step_schema import step_schema
from catalog.api.steps import MAX_STEPS, read_step
from catalog.changesets import selection
from catalog.models import Change, ChangeSet
from catalog.services import applying
from ytmanager.api_fields import TextField, WholeNumberField

MOST_ROWS = 1000
LISTED = 200  # identifiers that were not found
CHANGE_SET_FIELDS = (
    "pk",
    "kind",
    "state",
    "actor",
    "reason",
    "selection",
    "has_preview",
    "selected_count",
    "target_count",
    "expected_count",
    "unchanged_count",
    "invalid_count",
    "warning_count",
    "excluded_count",
    "applied_count",
    "skipped_count",
    "percent",
    "error",
    "reverts",
    "plan_version",
    "created_at",
    "planned_at",
    "started_at",
    "cancel_requested_at",
    "applied_at",
)


class ChangeSetSerializer(serializers.ModelSerializer[ChangeSet]):
    """A change set and how far it is; counts are of changes, one for each field."""

    actor = serializers.CharField(source="actor.username", allow_null=True)
    percent = serializers.SerializerMethodField()
    selection = serializers.JSONField(help_text="A stored filter, or what was named.")
    plan_version = serializers.CharField(
        help_text="Say it when you apply, so that only what you saw is applied."
    )

    class Meta:
        model = ChangeSet
        fields: tuple[str, ...] = CHANGE_SET_FIELDS
        read_only_fields: tuple[str, ...] = CHANGE_SET_FIELDS

    def get_percent(self, change_set: ChangeSet) -> float | None:
        return applying.progress_of(change_set)["percent"]


class ChangeSetDetailSerializer(ChangeSetSerializer):
    """A change set with the steps that made it and what was not found."""

    steps = serializers.SerializerMethodField(help_text="Of a bulk edit.")
    reverted_by = serializers.SerializerMethodField(help_text="Change sets.")
    missing_identifiers = serializers.SerializerMethodField(
        help_text=f"The first {LISTED} that fit no video."
    )

    class Meta(ChangeSetSerializer.Meta):
        fields = (*CHANGE_SET_FIELDS, "steps", "reverted_by", "missing_identifiers")
        read_only_fields = fields

    def get_steps(self, change_set: ChangeSet) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = change_set.plan_source.get("operations", [])
        return steps

    def get_reverted_by(self, change_set: ChangeSet) -> list[int]:
        kept = change_set.reverted_by.exclude(state=ChangeSet.State.DISCARDED)
        return list(kept.values_list("pk", flat=True))

    def get_missing_identifiers(self, change_set: ChangeSet) -> list[str]:
        if change_set.selection.get("kind") != "pasted":
            return []
        lines = selection.missing(change_set).order_by("place")
        return list(lines.values_list("text", flat=True)[:LISTED])


class FindingSerializer(serializers.Serializer[Any]):
    """What a rule says about a planned value."""

    level = serializers.ChoiceField(choices=["error", "warning"])
    text = serializers.CharField()


class PlannedChangeSerializer(serializers.ModelSerializer[Change]):
    """One field of one video or channel: planned, and what became of it."""

    video_id = serializers.CharField(source="video.video_id", allow_null=True)
    channel_id = serializers.CharField(source="channel.channel_id", allow_null=True)
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)
    findings = serializers.SerializerMethodField()

    class Meta:
        model = Change
        fields = (
            "pk",
            "video_id",
            "channel_id",
            "field",
            "old",
            "new",
            "outcome",
            "findings",
        )

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, change: Change) -> Any:
        return change.findings or []


@extend_schema_field(step_schema())
class StepField(serializers.DictField):
    """One operation on one field."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return read_step(super().to_internal_value(data))


class NewChangeSetSerializer(WideSelectionSerializer):
    """Which videos, and what to do with them: the same values, or steps."""

    values = VideoValuesSerializer(
        required=False,
        help_text="The same values for every video, as in a PATCH of one.",
    )
    steps = serializers.ListField(
        child=StepField(),
        required=False,
        min_length=1,
        max_length=MAX_STEPS,
        help_text="Operations as in the admin's bulk edit, one after the other: "
        '{"field": "title", "operation": "replace", "find": "a", "new": "b"}.',
    )
    reason = TextField(required=False, allow_blank=True, max_length=1000, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if ("values" in attrs) == ("steps" in attrs):
            raise serializers.ValidationError("Give either `values` or `steps`.")
        return attrs


class ApplySerializer(serializers.Serializer[Any]):
    """Apply what was planned, or only exactly the plan that was looked at."""

    plan_version = TextField(
        required=False,
        allow_blank=True,
        max_length=40,
        default="",
        help_text="Of the plan: refused with a 409 when it was made anew since.",
    )


class RowKeysSerializer(serializers.Serializer[Any]):
    """Rows of a change set by their keys."""

    changes = serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=MOST_ROWS,
    )


class RevertSerializer(serializers.Serializer[Any]):
    """What to take back: everything, some rows, or some fields."""

    reason = TextField(required=False, allow_blank=True, max_length=1000, default="")
    changes = serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=2**63 - 1),
        required=False,
        min_length=1,
        max_length=MOST_ROWS,
    )
    fields_ = serializers.ListField(
        child=TextField(max_length=40),
        required=False,
        min_length=1,
        max_length=len(fields.EDITABLE),
        help_text="Names of fields.",
    )

    def get_fields(self) -> Any:
        """`fields` is the name of something else in every serializer."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class SwitchedSerializer(serializers.Serializer[Any]):
    """How many rows were left out or taken in."""

    count = serializers.IntegerField()
    expected_count = serializers.IntegerField(help_text="Changes in the plan now.")


class DriftSerializer(serializers.Serializer[Any]):
    """How far the selection moved since the plan."""

    only_now_count = serializers.IntegerField(
        help_text="Videos that match only now and would change; they stay untouched."
    )
    no_more_count = serializers.IntegerField(
        help_text="Planned videos that match no more; they are changed all the same."
    )
