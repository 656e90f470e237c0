"""Backups of the database: what was stored, and whether it could be restored."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ytmanager.models.base import TimestampedModel


class BackupQuerySet(models.QuerySet["Backup"]):
    """Choosing backups by their fate."""

    def stored(self) -> Self:
        return self.filter(state=Backup.State.STORED)

    def unfinished(self) -> Self:
        return self.filter(state=Backup.State.RUNNING)

    def failed_before(self, moment: datetime) -> Self:
        return self.filter(state=Backup.State.FAILED, taken_at__lt=moment)

    def newest(self) -> Backup | None:
        return self.stored().order_by("-taken_at").first()

    def newest_restorable(self) -> Backup | None:
        """The last one of which a drill was successful."""
        tried = self.stored().filter(verified_at__isnull=False, verify_problem="")
        return tried.order_by("-taken_at").first()

    def last_drilled(self) -> Backup | None:
        tried = self.filter(verified_at__isnull=False)
        return tried.order_by("-verified_at").first()

    def beyond(self, count: int) -> Self:
        """Stored ones but for the newest `count`."""
        kept = self.stored().order_by("-taken_at")[:count]
        return self.stored().exclude(pk__in=list(kept.values_list("pk", flat=True)))


class Backup(TimestampedModel):
    """One dump of the database in the backup store."""

    class State(models.TextChoices):
        """Running until the file and its manifest are stored."""

        RUNNING = "running", "Being made"
        STORED = "stored", "Stored"
        FAILED = "failed", "Failed"

    class Cause(models.TextChoices):
        """Who asked for it."""

        SCHEDULE = "schedule", "Schedule"
        BY_HAND = "by_hand", "By hand"
        FOUND = "found", "Found in the store"

    name = models.CharField("file", max_length=200, unique=True)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.RUNNING
    )
    cause = models.CharField(max_length=10, choices=Cause.choices)
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    taken_at = models.DateTimeField("state of", help_text="What it shows (UTC).")
    finished_at = models.DateTimeField(null=True)
    size = models.BigIntegerField("bytes", default=0)
    row_count = models.BigIntegerField("rows", default=0)
    is_encrypted = models.BooleanField("encrypted", default=False)
    problem = models.TextField(blank=True)
    verified_at = models.DateTimeField("last restore drill", null=True)
    verify_problem = models.TextField("what the drill found", blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "add")
        ordering = ("-taken_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["running", "stored", "failed"]),
                name="ytmanager_backup_state_valid",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def mark_stored(self, **values: Any) -> None:
        """The file and its manifest are in the store; `values` are further columns."""
        self._finish(self.State.STORED, **values)

    def mark_failed(self, problem: str) -> None:
        self._finish(self.State.FAILED, problem=problem)

    def _finish(self, state: Backup.State, **values: Any) -> None:
        values |= {"state": state, "finished_at": timezone.now()}
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*values, "updated_at"])

    def mark_verified(self, problem: str) -> None:
        """A drill ended; an empty problem means that everything came back."""
        self.verified_at, self.verify_problem = timezone.now(), problem
        self.save(update_fields=["verified_at", "verify_problem", "updated_at"])
