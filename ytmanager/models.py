"""Models that every app shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast


class TimestampedModel(models.Model):
    """A row that knows when it was made and when it last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


def _as_number(function: models.Func) -> Cast:
    """PostgreSQL casts its 64-bit transaction ids only by way of text."""
    return Cast(Cast(function, models.TextField()), models.BigIntegerField())


def current_transaction() -> Cast:
    """The number of the transaction that writes the row."""
    return _as_number(models.Func(function="pg_current_xact_id"))


def oldest_running_transaction() -> Cast:
    """No transaction below this number can still commit anything."""
    snapshot = models.Func(function="pg_current_snapshot")
    return _as_number(models.Func(snapshot, function="pg_snapshot_xmin"))


class LiveEventQuerySet(models.QuerySet["LiveEvent"]):
    """Reading and purging of the event log."""

    def since(self, position: int) -> Self:
        """Events of transactions that could commit after `position` was read."""
        return self.exclude(type=LiveEvent.PURGED).filter(xid__gte=position)

    def for_groups(self, groups: Sequence[str]) -> Self:
        return self.filter(groups__overlap=list(groups))

    def for_delivery(self) -> Self:
        return self.order_by("sequence")

    def purged_since(self, position: int) -> Self:
        """The marker of the purge, if that removed something after `position`."""
        return self.filter(type=LiveEvent.PURGED, xid__gte=position)

    def written_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)

    def upto_transaction(self, xid: int) -> Self:
        return self.filter(xid__lte=xid)

    def newest_transaction(self) -> int | None:
        """The highest transaction number among these rows."""
        newest: int | None = self.aggregate(newest=models.Max("xid"))["newest"]
        return newest


class LiveEvent(models.Model):
    """One line of the event log from which clients catch up.

    Sequence order is not commit order, so readers remember a transaction
    number: what `oldest_running_transaction()` said when they read.
    """

    PURGED = "log.purged"

    sequence = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    groups = ArrayField(models.CharField(max_length=80), default=list)
    scope = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    xid = models.BigIntegerField(db_default=current_transaction(), editable=False)

    objects = LiveEventQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["xid"], name="ytmanager_liveevent_xid"),
            models.Index(fields=["created_at"], name="ytmanager_liveevent_created"),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.sequence}"

    def as_message(self) -> dict[str, Any]:
        """What a client receives."""
        return {
            "type": self.type,
            "sequence": self.sequence,
            "payload": self.payload,
            "at": self.created_at.isoformat(),
        }
