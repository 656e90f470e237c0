"""What is kept about pushes: accounts, plans, attempts and the quota ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from encrypted_fields.fields import EncryptedTextField

from catalog import fields
from catalog.models import ContentOwner, Video
from youtube_sync.querysets import (
    MetadataSyncQuerySet,
    PlanItemQuerySet,
    PushPlanQuerySet,
    QuotaEntryQuerySet,
    YouTubeAccountQuerySet,
)
from ytmanager.models import TimestampedModel


class YouTubeAccount(TimestampedModel):
    """A Google account through which a content owner's videos are pushed.

    The tokens are encrypted at rest and never part of `str` or `repr`.
    """

    class State(models.TextChoices):
        """Calls are made through a connected account only."""

        CONNECTED = "connected", "Connected"
        NEEDS_RECONNECT = "needs_reconnect", "Needs reconnect"
        DISCONNECTED = "disconnected", "Disconnected"

    content_owner = models.ForeignKey(
        ContentOwner, models.PROTECT, related_name="youtube_accounts"
    )
    name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.CONNECTED
    )
    problem = models.TextField(blank=True)
    refresh_token = EncryptedTextField(null=True, editable=False)
    access_token = EncryptedTextField(null=True, editable=False)
    access_token_expires_at = models.DateTimeField(null=True, editable=False)
    refreshing_until = models.DateTimeField(
        null=True, editable=False, help_text="One process asks for a new token."
    )
    granted_scopes = ArrayField(models.TextField(), default=list, blank=True)
    has_content_id = models.BooleanField(
        "Content ID",
        default=False,
        help_text="Asset metadata can be pushed through this account.",
    )
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    connected_at = models.DateTimeField(null=True)

    objects = YouTubeAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "YouTube account"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["content_owner", "name"], name="youtube_sync_account_name"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["connected", "needs_reconnect", "disconnected"]),
                name="youtube_sync_account_state_valid",
            ),
            models.CheckConstraint(
                condition=~Q(state="connected") | Q(refresh_token__isnull=False),
                name="youtube_sync_account_connected_has_token",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_connected(self) -> bool:
        return self.state == self.State.CONNECTED

    def has_fresh_token(self, margin: timedelta) -> bool:
        """Whether the access token still lives after `margin`."""
        expires_at = self.access_token_expires_at
        if not self.access_token or expires_at is None:
            return False
        return expires_at > timezone.now() + margin


class PushPlan(TimestampedModel):
    """The diff of a selection, priced, and how far its push has come."""

    class State(models.TextChoices):
        """From the draft that a publisher confirms to its end."""

        DRAFT = "draft", "Draft"
        CONFIRMED = "confirmed", "Confirmed"
        RUNNING = "running", "Running"
        WAITING_QUOTA = "waiting_quota", "Waiting for quota"
        COMPLETED = "completed", "Completed"
        COMPLETED_WITH_ERRORS = "completed_with_errors", "Completed with errors"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE = (State.CONFIRMED, State.RUNNING, State.WAITING_QUOTA)

    account = models.ForeignKey(YouTubeAccount, models.PROTECT, related_name="plans")
    state = models.CharField(max_length=24, choices=State.choices, default=State.DRAFT)
    message = models.TextField(blank=True, help_text="Why it waits or failed.")
    is_urgent = models.BooleanField(
        default=False,
        help_text="May use the share of the quota kept for single pushes.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="push_plans"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    resume_at = models.DateTimeField(
        null=True, help_text="When a plan that waits goes on."
    )
    price_units = models.IntegerField("price", default=0)
    unpriced_count = models.IntegerField("items of unknown price", default=0)
    item_count = models.IntegerField("items", default=0)
    blocked_count = models.IntegerField("blocked", default=0)
    done_count = models.IntegerField("done", default=0)
    failed_count = models.IntegerField("failed", default=0)

    objects = PushPlanQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "draft",
                        "confirmed",
                        "running",
                        "waiting_quota",
                        "completed",
                        "completed_with_errors",
                        "failed",
                        "cancelled",
                    ]
                ),
                name="youtube_sync_plan_state_valid",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | Q(confirmed_by__isnull=False),
                name="youtube_sync_plan_runs_confirmed",
            ),
        )
        indexes = (
            models.Index(
                fields=["state"],
                condition=Q(state__in=["confirmed", "running", "waiting_quota"]),
                name="youtube_sync_plan_active",
            ),
        )

    def __str__(self) -> str:
        return f"Push plan {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    def change_state(
        self,
        state: PushPlan.State,
        message: str = "",
        *,
        resume_at: datetime | None = None,
    ) -> None:
        """Move to a state, with the moments that belong to it."""
        self.state, self.message, self.resume_at = state, message, resume_at
        changed = ["state", "message", "resume_at", "updated_at"]
        if state == self.State.RUNNING and self.started_at is None:
            self.started_at = timezone.now()
            changed.append("started_at")
        if not self.is_active:
            self.finished_at = timezone.now()
            changed.append("finished_at")
        self.save(update_fields=changed)


class PlanItem(models.Model):
    """One video or asset of a plan and, by field, what is to be sent.

    `fields` maps each field to `observed`, `wanted` and, where it will not be
    sent, `blocked` with the reason; after the push also `result`.
    """

    class TargetKind(models.TextChoices):
        """One write each: `videos.update` or `assets.update`."""

        VIDEO = "video", "Video"
        ASSET = "asset", "Asset"

    class State(models.TextChoices):
        """What became of it."""

        PENDING = "pending", "Pending"
        BLOCKED = "blocked", "Blocked"
        SUCCESS = "success", "Success"
        ALREADY_THERE = "already_there", "Already on YouTube"
        CONFLICT = "conflict", "Conflict"
        MOVED = "moved", "Edited since"
        FAILED = "failed", "Failed"

    plan = models.ForeignKey(PushPlan, models.CASCADE, related_name="items")
    target_kind = models.CharField(max_length=8, choices=TargetKind.choices)
    target_id = models.CharField("target ID", max_length=20)
    video = models.ForeignKey(Video, models.PROTECT, related_name="plan_items")
    fields = models.JSONField(default=dict)
    blocked_by = models.TextField(blank=True)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.PENDING
    )
    message = models.TextField(blank=True)
    price_units = models.IntegerField("price", null=True)
    finished_at = models.DateTimeField(null=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "target_kind", "target_id"],
                name="youtube_sync_planitem_target",
            ),
            models.CheckConstraint(
                condition=Q(target_kind__in=["video", "asset"]),
                name="youtube_sync_planitem_kind_valid",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "pending",
                        "blocked",
                        "success",
                        "already_there",
                        "conflict",
                        "moved",
                        "failed",
                    ]
                ),
                name="youtube_sync_planitem_state_valid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.target_kind} {self.target_id}"

    @property
    def is_asset(self) -> bool:
        return self.target_kind == self.TargetKind.ASSET

    @property
    def wanted(self) -> dict[str, Any]:
        """The values to send: those of the fields that nothing blocks."""
        return {
            name: entry["wanted"]
            for name, entry in self.fields.items()
            if not entry.get("blocked")
        }

    @property
    def field_labels(self) -> str:
        return ", ".join(fields.EDITABLE[name].label for name in self.fields)


class MetadataSync(TimestampedModel):
    """One attempt to write one target, with what stood there before."""

    class State(models.TextChoices):
        """Pending until the reply was recorded; uncertain when it was lost."""

        PENDING = "pending", "Pending"
        SUCCESS = "success", "Success"
        ALREADY_THERE = "already_there", "Already on YouTube"
        CONFLICT = "conflict", "Conflict"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Uncertain"

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="syncs")
    video = models.ForeignKey(Video, models.PROTECT, related_name="syncs")
    target_kind = models.CharField(max_length=8, choices=PlanItem.TargetKind.choices)
    target_id = models.CharField("target ID", max_length=20)
    fields = models.JSONField("fields sent", default=dict)
    pre_image = models.JSONField("before", default=dict)
    reply = models.JSONField(null=True)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.PENDING
    )
    error = models.TextField(blank=True)
    units = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    objects = MetadataSyncQuerySet.as_manager()

    class Meta:
        verbose_name = "sync record"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "pending",
                        "success",
                        "already_there",
                        "conflict",
                        "failed",
                        "uncertain",
                    ]
                ),
                name="youtube_sync_metadatasync_state_valid",
            ),
        )
        indexes = (
            models.Index(fields=["video", "-id"], name="youtube_sync_sync_video"),
        )

    def __str__(self) -> str:
        return f"{self.target_kind} {self.target_id}: {self.get_state_display()}"

    @property
    def field_labels(self) -> str:
        return ", ".join(fields.EDITABLE[name].label for name in self.fields)

    def finish(self, state: MetadataSync.State, **values: Any) -> None:
        """Record the end of the attempt; `values` are further columns."""
        for name, value in values.items():
            setattr(self, name, value)
        self.state, self.finished_at = state, timezone.now()
        self.save(update_fields=["state", "finished_at", "updated_at", *values])


class QuotaEntry(models.Model):
    """One line of the ledger: units reserved for a call, then spent or released."""

    class State(models.TextChoices):
        """`closed` is YouTube's word that nothing is left of the day."""

        RESERVED = "reserved", "Reserved"
        SPENT = "spent", "Spent"
        RELEASED = "released", "Released"
        CLOSED = "closed", "Day closed by YouTube"

    project = models.CharField(max_length=100)
    quota_on = models.DateField("Pacific day")
    units = models.IntegerField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.RESERVED
    )
    call = models.CharField(max_length=40)
    item = models.ForeignKey(
        PlanItem, models.SET_NULL, null=True, related_name="quota_entries"
    )
    plan = models.ForeignKey(
        PushPlan, models.SET_NULL, null=True, related_name="quota_entries"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QuotaEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "quota entries"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(units__gte=0), name="youtube_sync_quota_units_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reserved", "spent", "released", "closed"]),
                name="youtube_sync_quota_state_valid",
            ),
        )
        indexes = (
            models.Index(fields=["project", "quota_on"], name="youtube_sync_quota_day"),
        )

    def __str__(self) -> str:
        return f"{self.call}: {self.units} units {self.state}"
