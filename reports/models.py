"""Report files: where they come from, what became of them, what was wrong."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from catalog.models import ContentOwner, Observation
from reports.kinds import KINDS
from reports.querysets import ReportQuerySet, ReportSourceQuerySet, RowErrorQuerySet
from ytmanager.models import TimestampedModel


def kind_choices() -> list[tuple[str, str]]:
    """The kinds by name: a function, so that a new one needs no migration."""
    return sorted((kind.name, kind.label) for kind in KINDS.values())


KIND_CHOICES = kind_choices()


class ReportSource(TimestampedModel):
    """A part of the report store in which report files arrive."""

    name = models.CharField(max_length=100, unique=True)
    bucket = models.CharField(
        max_length=63,
        blank=True,
        help_text="An S3 bucket; empty: the bucket or folder of the settings.",
    )
    prefix = models.CharField(
        max_length=500, blank=True, help_text="Only files whose key begins so."
    )
    kind = models.CharField(
        max_length=30,
        choices=kind_choices,
        blank=True,
        help_text="Refuse other kinds; empty: tell the kind by the header.",
    )
    content_owner = models.ForeignKey(
        ContentOwner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_sources",
        help_text="Empty: by the owner's name in the file name.",
    )
    schedule = models.CharField(
        max_length=100,
        blank=True,
        help_text="When to look for new files, as in cron; empty: by hand.",
    )
    is_active = models.BooleanField("active", default=True)
    imports_automatically = models.BooleanField(
        "import new files automatically",
        default=False,
        db_default=False,
        help_text="Oldest data first; otherwise somebody starts each import.",
    )
    # The last look
    looked_at = models.DateTimeField(null=True, blank=True)
    found_count = models.BigIntegerField("new files found", default=0, db_default=0)
    look_error = models.TextField(blank=True, default="", db_default="")
    look_error_type = models.CharField(
        max_length=40, blank=True, default="", db_default=""
    )
    look_attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    look_again_at = models.DateTimeField(null=True, blank=True)

    objects = ReportSourceQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Report(TimestampedModel):
    """One report file and the account of its import."""

    class State(models.TextChoices):
        """The way of a file; from `waiting` to `merging` a worker has it."""

        AVAILABLE = "available", "Available"
        WAITING = "waiting", "Waiting"
        READING = "reading", "Reading"
        MERGING = "merging", "Merging"
        COMPLETED = "completed", "Completed"
        COMPLETED_WITH_ERRORS = "completed_with_errors", "Completed with errors"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        REFUSED = "refused", "Refused: not a report for the catalogue"
        DUPLICATE = "duplicate", "Duplicate: imported before"
        NEEDS_ANSWER = "needs_answer", "Needs an answer"
        CHECKED = "checked", "Checked: nothing was written"

    IMPORTED = (State.COMPLETED, State.COMPLETED_WITH_ERRORS)
    RUNNING = (State.READING, State.MERGING)
    UNFINISHED = (State.WAITING, *RUNNING)
    ATTENTION = (State.NEEDS_ANSWER, State.FAILED, State.COMPLETED_WITH_ERRORS)
    STARTABLE = (
        State.AVAILABLE,
        State.FAILED,
        State.CANCELLED,
        State.REFUSED,
        State.DUPLICATE,
        State.NEEDS_ANSWER,
        State.CHECKED,
    )

    # What an import says of itself, as the API and the command report it.
    ACCOUNT = (
        "rows_read",
        "rows_imported",
        "rows_collapsed",
        "rows_rejected",
        "values_rejected",
        "videos_new",
        "videos_changed",
        "videos_counters_only",
        "videos_unchanged",
        "videos_older",
        "assets_new",
        "assets_changed",
        "assets_ended",
        "claims_new",
        "claims_changed",
        "claims_ended",
        "ownership_new",
        "ownership_changed",
        "ownership_ended",
        "shorts_found",
        "conflicts",
        "pinned_kept",
    )

    # The file
    source = models.ForeignKey(
        ReportSource, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    bucket = models.CharField(max_length=63, blank=True)
    key = models.CharField("storage key", max_length=1024)
    name = models.CharField("file name", max_length=255)
    etag = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)
    last_modified = models.DateTimeField(null=True, blank=True)
    named_on = models.DateField(
        "date in the file name", null=True, blank=True, editable=False
    )
    # What it is
    kind = models.CharField(max_length=30, choices=kind_choices, blank=True)
    version = models.CharField(max_length=20, blank=True)
    content_owner = models.ForeignKey(
        ContentOwner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )
    as_of = models.DateTimeField(
        "data date",
        null=True,
        blank=True,
        help_text="The moment at which the report's facts were true.",
    )
    encoding = models.CharField(max_length=20, default="utf-8")
    content_hash = models.CharField(max_length=64, blank=True)
    content_size = models.BigIntegerField("unpacked size", default=0)
    header = models.JSONField(default=list, blank=True)
    unknown_columns = ArrayField(models.TextField(), default=list, blank=True)
    # What became of it
    state = models.CharField(
        max_length=24, choices=State.choices, default=State.AVAILABLE
    )
    observation = models.OneToOneField(
        Observation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report",
    )
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )
    warnings = ArrayField(models.TextField(), default=list, blank=True)
    error_message = models.TextField(blank=True)
    error_type = models.CharField(max_length=40, blank=True, default="", db_default="")
    question = models.JSONField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requested_reports",
    )
    job_id = models.BigIntegerField(null=True, blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    # A try: everything but writing; its result stays until the next run.
    is_dry_run = models.BooleanField("dry run", default=False, db_default=False)
    dry_run = models.JSONField("result of a dry run", null=True, blank=True)
    # Why a waiting file waits: another one of its owner, or for the store
    waits_for = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followers"
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    # The account
    bytes_read = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    rows_imported = models.BigIntegerField(default=0)
    rows_collapsed = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    values_rejected = models.BigIntegerField(default=0)
    videos_new = models.BigIntegerField(default=0)
    videos_changed = models.BigIntegerField(default=0)
    videos_counters_only = models.BigIntegerField(default=0)
    videos_unchanged = models.BigIntegerField(default=0)
    videos_older = models.BigIntegerField(default=0)
    assets_new = models.BigIntegerField(default=0)
    assets_changed = models.BigIntegerField(default=0)
    assets_ended = models.BigIntegerField(default=0, db_default=0)
    claims_new = models.BigIntegerField(default=0)
    claims_changed = models.BigIntegerField(default=0)
    claims_ended = models.BigIntegerField(default=0, db_default=0)
    ownership_new = models.BigIntegerField(default=0, db_default=0)
    ownership_changed = models.BigIntegerField(default=0, db_default=0)
    ownership_ended = models.BigIntegerField(default=0, db_default=0)
    shorts_found = models.BigIntegerField(default=0, db_default=0)
    conflicts = models.BigIntegerField(default=0)
    pinned_kept = models.BigIntegerField(default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        permissions = (("import_report", "Can import reports into the catalogue"),)
        constraints = (
            models.UniqueConstraint(
                fields=["bucket", "key", "etag"], name="reports_report_stored_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "available",
                        "waiting",
                        "reading",
                        "merging",
                        "completed",
                        "completed_with_errors",
                        "failed",
                        "cancelled",
                        "refused",
                        "duplicate",
                        "needs_answer",
                        "checked",
                    ]
                ),
                name="reports_report_state_valid",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["completed", "completed_with_errors"])
                | Q(
                    rows_read=F("rows_imported")
                    + F("rows_collapsed")
                    + F("rows_rejected")
                ),
                name="reports_report_rows_accounted_for",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["completed", "completed_with_errors"])
                | Q(observation__isnull=False),
                name="reports_report_completed_has_observation",
            ),
        )
        indexes = (
            models.Index(fields=["content_hash"], name="reports_report_content_hash"),
            models.Index(fields=["state", "id"], name="reports_report_state"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED and self.state != self.State.AVAILABLE

    @property
    def percent(self) -> float | None:
        """How much of the file was read; None before its size is known."""
        if self.state in {*self.IMPORTED, self.State.MERGING, self.State.CHECKED}:
            return 100.0
        if not self.bytes_total:
            return None
        return min(100.0, round(100 * self.bytes_read / self.bytes_total, 1))


class ReportRowError(models.Model):
    """A row that was rejected, or one value of a row that says nothing."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="row_errors")
    line = models.BigIntegerField()
    column = models.CharField(max_length=100, blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField()
    is_rejected = models.BooleanField(
        "row rejected",
        default=True,
        help_text="Otherwise only this value was left out.",
    )

    objects = RowErrorQuerySet.as_manager()

    class Meta:
        verbose_name = "left-out value"
        ordering = ("line", "pk")
        indexes = (
            models.Index(fields=["report", "line"], name="reports_reportrowerror_line"),
        )

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
