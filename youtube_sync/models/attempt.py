"""Attempts: what was sent, what was there before, what came back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog import fields
from catalog.models import Observation, Video
from youtube_sync.models.plan import PlanItem, PushPlan
from youtube_sync.querysets import (
    MetadataSyncQuerySet,
)
from ytmanager.models import TimestampedModel


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


class PushObservation(models.Model):
    """What a push read or was answered, merged together: where history leads to."""

    plan = models.ForeignKey(PushPlan, models.CASCADE, related_name="observations")
    observation = models.OneToOneField(
        Observation, models.CASCADE, primary_key=True, related_name="push_observation"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"observation {self.pk} of plan {self.plan_id}"
