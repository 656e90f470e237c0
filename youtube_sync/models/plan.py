"""Push plans and their items."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog import fields
from catalog.models import Video
from youtube_sync.models.account import YouTubeAccount
from youtube_sync.querysets import (
    PlanItemQuerySet,
    PushPlanQuerySet,
)
from ytmanager.models import TimestampedModel


class PushPlan(TimestampedModel):
    """The diff of a selection, priced, and how far its push has come."""

    class State(models.TextChoices):
        """From the draft that a publisher confirms to its end."""

        DRAFT = "draft", "Draft"
        CONFIRMED = "confirmed", "Confirmed"
        PAUSED = "paused", "Paused"
        RUNNING = "running", "Running"
        WAITING_QUOTA = "waiting_quota", "Waiting for quota"
        COMPLETED = "completed", "Completed"
        COMPLETED_WITH_ERRORS = "completed_with_errors", "Completed with errors"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE = (State.CONFIRMED, State.RUNNING, State.WAITING_QUOTA, State.PAUSED)

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
    left_out_count = models.IntegerField("left out", default=0, db_default=0)
    reverts = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reverted_by",
        help_text="The plan that this one takes back on YouTube.",
    )

    objects = PushPlanQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "draft",
                        "confirmed",
                        "paused",
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

    @property
    def is_under_way(self) -> bool:
        """Whether anything more may be sent of it."""
        return self.is_active or self.state == self.State.DRAFT

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
        LEFT_OUT = "left_out", "Left out"

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
                        "left_out",
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
    def state_label(self) -> str:
        """Its state in words; nothing is pending any more once its plan was stopped."""
        is_waiting = self.state == self.State.PENDING
        if is_waiting and not self.plan.is_under_way:
            return "Not sent"
        return self.get_state_display()

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

    @property
    def blocked_as_a_whole_by(self) -> str:
        """What blocks the item itself, not one of its fields."""
        by_field = any(entry.get("blocked") for entry in self.fields.values())
        return "" if by_field else self.blocked_by
