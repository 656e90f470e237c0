"""How reports look in the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import ContentOwner
from reports.models import Report, ReportRowError
from reports.services.progress import progress_of
from reports.services.told import Wording
from ytmanager.api_fields import DayField, YesNoField
from ytmanager.exceptions import NotFoundError

FILE_FIELDS = (
    "pk",
    "name",
    "source_name",
    "size",
    "last_modified",
    "kind",
    "version",
    "content_owner",
    "as_of",
)
PROGRESS_FIELDS = (
    "state",
    "percent",
    "rows_per_second",
    "seconds_left",
    "error_type",
    "error_message",
    "is_dry_run",
    "waits_for",
    "retry_at",
    "requested_by",
    "requested_at",
    "started_at",
    "finished_at",
)
ACCOUNT_FIELDS = ("bytes_read", "bytes_total", *Report.ACCOUNT)
LIST_FIELDS = (
    *FILE_FIELDS,
    *PROGRESS_FIELDS,
    *ACCOUNT_FIELDS,
    "duplicate_of",
    "created_at",
    "updated_at",
)
DETAIL_FIELDS = (
    *LIST_FIELDS,
    "header",
    "unknown_columns",
    "warnings",
    "question",
    "dry_run",
    "encoding",
    "content_hash",
    "content_size",
    "observation",
)


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report file, how far its import is, and its account."""

    source_name = serializers.CharField(source="source.name", allow_null=True)
    content_owner = serializers.CharField(source="content_owner.name", allow_null=True)
    requested_by = serializers.CharField(
        source="requested_by.username", allow_null=True
    )
    percent = serializers.FloatField(allow_null=True)
    rows_per_second = serializers.SerializerMethodField()
    seconds_left = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields: tuple[str, ...] = LIST_FIELDS
        read_only_fields: tuple[str, ...] = LIST_FIELDS

    @cached_property
    def wording(self) -> Wording:
        """One for all rows of a page."""
        return Wording(self.context["request"].user)

    def to_representation(self, instance: Report) -> Any:
        shown = super().to_representation(instance)
        return shown | {"error_message": self.wording.text(shown["error_message"])}

    def get_rows_per_second(self, report: Report) -> float:
        return progress_of(report)["rows_per_second"]

    def get_seconds_left(self, report: Report) -> float | None:
        return progress_of(report)["seconds_left"]


class ReportDetailSerializer(ReportSerializer):
    """A report with its columns, its warnings and its question."""

    question = serializers.JSONField(
        allow_null=True, help_text="What a person has to answer, if anything."
    )

    dry_run = serializers.JSONField(
        allow_null=True,
        help_text="Of a dry run: the first videos that would be new or changed, field "
        "by field what YouTube showed and shows, and what we want and would want.",
    )

    class Meta(ReportSerializer.Meta):
        fields = DETAIL_FIELDS
        read_only_fields = DETAIL_FIELDS

    def to_representation(self, instance: Report) -> Any:
        """Who sees a part is offered the content owners of it, and told of no other."""
        shown = super().to_representation(instance)
        return shown | {
            "warnings": self.wording.texts(shown["warnings"]),
            "question": self.wording.question(shown["question"]),
            "dry_run": self.wording.sample(shown["dry_run"]),
        }


@extend_schema_field({"type": "string"})
class ContentOwnerField(serializers.SlugRelatedField[ContentOwner]):
    """A content owner by name, among those that the person may see."""

    def to_internal_value(self, data: Any) -> ContentOwner:
        """Raises NotFoundError for a name that nobody has."""
        if not isinstance(data, str):
            raise serializers.ValidationError("Use the name of a content owner.")
        try:
            return self.get_queryset().get(name=data.replace("\0", ""))
        except ContentOwner.DoesNotExist as exc:
            message = "No content owner has this name."
            raise NotFoundError(message, content_owner=data) from exc

    def get_queryset(self) -> QuerySet[ContentOwner]:
        return ContentOwner.objects.visible_to(self.context["request"].user)


class ReportUploadSerializer(serializers.Serializer[Report]):
    """A report file as multipart form data."""

    file = serializers.FileField(
        max_length=200, help_text="CSV, plain or as .gz or .zip."
    )
    as_of = DayField(
        required=False,
        help_text="The day on which YouTube made the report, unless its name says so.",
    )
    content_owner = ContentOwnerField(
        slug_field="name",
        queryset=ContentOwner.objects.all(),
        required=False,
        help_text="Name of the content owner, unless the file's name says so.",
    )


class ImportRequestSerializer(serializers.Serializer[Any]):
    """How a file is to be imported."""

    dry_run = YesNoField(
        default=False, help_text="Count what would change and write nothing."
    )
    force = YesNoField(
        default=False,
        help_text="Import a duplicate again, or the good rows of a file with too many "
        "bad ones.",
    )


class AnswerSerializer(serializers.Serializer[Any]):
    """The answer to the question of an import."""

    answer = serializers.JSONField(
        help_text="By the topic of the question. encoding: its name; data_date: a day; "
        "content_owner: the name of a known one, or `new: NAME`; falling_counts: true, "
        "or the right day; shrinkage: one of the options."
    )


class RowErrorSerializer(serializers.ModelSerializer[ReportRowError]):
    """A row that was rejected, or one value of a row that says nothing."""

    class Meta:
        model = ReportRowError
        fields = ("line", "column", "value", "reason", "is_rejected")
