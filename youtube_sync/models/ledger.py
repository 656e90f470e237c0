"""The quota ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from youtube_sync.models.plan import PlanItem, PushPlan
from youtube_sync.models.refresh import RefreshRun
from youtube_sync.querysets import (
    QuotaEntryQuerySet,
)


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
    refresh = models.ForeignKey(
        RefreshRun, models.SET_NULL, null=True, related_name="quota_entries"
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
