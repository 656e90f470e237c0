"""Requests of other systems that are carried out once, however often they come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models


class IdempotentRequestQuerySet(models.QuerySet["IdempotentRequest"]):
    """Remembered requests."""

    def made_before(self, moment: datetime) -> Self:
        """Those whose sender has given up asking by then."""
        return self.filter(created_at__lt=moment)


class IdempotentRequest(models.Model):
    """An `Idempotency-Key` of one person, with the answer to its request.

    Written in the transaction of the work: the key is there exactly when the
    work is done.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(
        max_length=64, help_text="Hash of method, address and body."
    )
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    location = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    KEPT = timedelta(hours=24)

    objects = IdempotentRequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["user", "key"], name="ytmanager_idempotentrequest_key"
            ),
        )
        indexes = (
            models.Index(fields=["created_at"], name="ytmanager_idempotent_created"),
        )

    def __str__(self) -> str:
        return self.key
