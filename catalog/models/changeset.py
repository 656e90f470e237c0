"""Change sets: what people want; with observations they are the history."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models.channel import Channel
from catalog.models.snapshot import Observation
from catalog.models.video import Video
from catalog.querysets import ChangeQuerySet, ChangeSetQuerySet, ConflictQuerySet
from ytmanager.models import TimestampedModel


class ChangeSet(TimestampedModel):
    """One edit of one row or of 100,000: planned, applied, revertible."""

    class Kind(models.TextChoices):
        """The door through which the edit came."""

        FORM = "form", "Form"
        BULK = "bulk", "Bulk edit"
        SPREADSHEET = "spreadsheet", "Spreadsheet"
        API = "api", "API"
        CONFLICT = "conflict", "Conflict resolution"
        REVERT = "revert", "Revert"
        RELEASES = "releases", "Fill from releases"
        CLEAN_UP = "clean_up", "Clean-up of custom IDs"
        SHORTS = "shorts", "Shorts review"

    class State(models.TextChoices):
        """Draft, plan, preview, apply, results."""

        DRAFT = "draft", "Draft"
        PLANNING = "planning", "Being planned"
        PLANNED = "planned", "Planned"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        CANCELLED = "cancelled", "Cancelled on the way"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Expired"
        DISCARDED = "discarded", "Discarded"

    WAITING = (State.PLANNING, State.APPLYING)
    UNDECIDED = (State.DRAFT, State.PLANNED)
    DONE = (State.APPLIED, State.CANCELLED)
    GIVEN_UP = (State.EXPIRED, State.DISCARDED)

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.PLANNED
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="change_sets",
    )
    reason = models.TextField(blank=True)
    selection = models.JSONField(
        default=dict, blank=True, help_text="A stored filter, or what was pasted."
    )
    plan_source = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Name and values of what makes the plan, so that a worker can.",
    )
    has_preview = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Wait for a person between plan and apply.",
    )
    # Rows of `Change`, except the first two: videos or channels.
    selected_count = models.IntegerField(default=0, db_default=0)
    target_count = models.IntegerField(default=0, db_default=0)
    expected_count = models.IntegerField(default=0)
    unchanged_count = models.IntegerField(default=0, db_default=0)
    invalid_count = models.IntegerField(default=0, db_default=0)
    warning_count = models.IntegerField(default=0, db_default=0)
    excluded_count = models.IntegerField(default=0, db_default=0)
    applied_count = models.IntegerField(default=0)
    skipped_count = models.IntegerField(default=0)
    cursor = models.BigIntegerField(
        default=0, db_default=0, help_text="Key of the last video that was applied."
    )
    job_id = models.BigIntegerField(null=True, blank=True, editable=False)
    error = models.TextField(blank=True, default="", db_default="")
    reverts = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reverted_by"
    )
    planned_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="Who let the plan be carried out; empty: nobody was asked.",
    )

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "form",
                        "bulk",
                        "spreadsheet",
                        "api",
                        "conflict",
                        "revert",
                        "releases",
                        "clean_up",
                        "shorts",
                    ]
                ),
                name="catalog_changeset_kind_valid",
            ),
        )
        indexes = (
            # Few change sets are under way at any time.
            models.Index(
                fields=["state", "created_at"],
                condition=Q(
                    state__in=["draft", "planning", "planned", "applying"],
                ),
                name="catalog_changeset_under_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def second_person(self) -> User | None:
        """Who applied what somebody else had planned."""
        is_another = self.applied_by_id != self.actor_id
        return self.applied_by if is_another else None

    @property
    def plan_version(self) -> str:
        """Tells one plan of a form that is corrected from the next."""
        return self.planned_at.isoformat() if self.planned_at else ""

    def mark_applied(self, applied_count: int, skipped_count: int = 0) -> None:
        """The plan was carried out; what had moved was skipped."""
        self.state = self.State.APPLIED
        self.expected_count = applied_count + skipped_count
        self.applied_count, self.skipped_count = applied_count, skipped_count
        self.applied_at = timezone.now()
        self.save(
            update_fields=[
                "state",
                "expected_count",
                "applied_count",
                "skipped_count",
                "applied_at",
                "updated_at",
            ]
        )


class Change(models.Model):
    """One field of one video or channel, old to new.

    A row with the field `created` or `first_observed` holds several first
    values at once, as an object in `new`; one with the field `observed` or
    `shared_asset` several observed facts, as objects in `old` and `new`.
    """

    class Outcome(models.TextChoices):
        """What became of a planned change."""

        PLANNED = "planned", "Planned"
        APPLIED = "applied", "Applied"
        MOVED = "moved", "Skipped: the value changed in the meantime"
        EXCLUDED = "excluded", "Left out"
        INVALID = "invalid", "Not valid"
        CANCELLED = "cancelled", "Not applied: cancelled before"
        # Of reports: what YouTube shows, where what we want did not follow.
        CONFLICT = "conflict", "Conflict: ours was kept for a decision"
        PINNED = "pinned", "Pinned value kept"
        AGREED = "agreed", "YouTube shows what we want or showed before"

    # Without constraints: docs/indexes.md says why.
    video = models.ForeignKey(
        Video,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="changes",
    )
    channel = models.ForeignKey(
        Channel,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="changes",
    )
    change_set = models.ForeignKey(
        ChangeSet,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="changes",
    )
    observation = models.ForeignKey(
        Observation,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="changes",
    )
    field = models.CharField(max_length=40)
    old = models.JSONField(null=True, blank=True)
    new = models.JSONField(null=True, blank=True)
    row_version = models.BigIntegerField(default=0)
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.APPLIED
    )
    findings = models.JSONField(
        null=True, blank=True, help_text="Objects with `level` and `text`."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(change_set=None) ^ Q(observation=None),
                name="catalog_change_has_one_origin",
            ),
            models.CheckConstraint(
                condition=Q(video=None) ^ Q(channel=None),
                name="catalog_change_has_one_target",
            ),
        )
        # Partial: most rows have one origin and one target of the two each.
        indexes = (
            models.Index(fields=["video", "-id"], name="catalog_change_video"),
            models.Index(
                fields=["channel", "-id"],
                condition=~Q(channel=None),
                name="catalog_change_channel",
            ),
            models.Index(
                fields=["change_set", "video"],
                condition=~Q(change_set=None),
                name="catalog_change_change_set",
            ),
            # Rows that need a person's eye are few, wherever they stand.
            models.Index(
                fields=["change_set", "id"],
                condition=Q(outcome__in=["moved", "invalid", "excluded"]),
                name="catalog_change_exceptions",
            ),
            models.Index(
                fields=["observation", "video"],
                condition=~Q(observation=None),
                name="catalog_change_observation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.field}: {self.old!r} to {self.new!r}"


class Conflict(models.Model):
    """YouTube and the office both moved a field; a person decides."""

    class State(models.TextChoices):
        """An open conflict blocks its field in push plans."""

        OPEN = "open", "Open"
        AGREED = "agreed", "YouTube took our value"
        RETURNED = "returned", "YouTube went back"
        KEPT_OURS = "kept_ours", "Kept ours"
        TOOK_THEIRS = "took_theirs", "Took theirs"
        EDITED = "edited", "Edited to the value on YouTube"

    video = models.ForeignKey(Video, models.CASCADE, related_name="conflicts")
    field = models.CharField(max_length=40)
    base = models.JSONField(null=True, blank=True)
    ours = models.JSONField(null=True, blank=True)
    theirs = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    observation = models.ForeignKey(
        Observation, models.PROTECT, related_name="conflicts"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["video", "field"],
                condition=Q(state="open"),
                name="catalog_conflict_one_open_per_field",
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} of video {self.video_id}"
