"""The log of live events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models.functions import Cast


def current_transaction() -> Cast:
    """The number of the transaction that writes the row.

    PostgreSQL casts its 64-bit transaction ids to numbers only by way of text.
    """
    xid = models.Func(function="pg_current_xact_id")
    return Cast(Cast(xid, models.TextField()), models.BigIntegerField())


class LiveEventQuerySet(models.QuerySet["LiveEvent"]):
    """Reading and purging of the event log."""

    def transaction_bounds(self) -> tuple[int, int]:
        """Below the first number every transaction has ended; none began at the second.

        The first is where the oldest running transaction stands.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text"
                " FROM pg_current_snapshot() AS s"
            )
            oldest_running, next_one = cursor.fetchone()
        return int(oldest_running), int(next_one)

    def since(self, position: int) -> Self:
        """Events of transactions that could commit after `position` was read."""
        return self.filter(xid__gte=position)

    def for_listener(self, groups: Sequence[str], types: Collection[str]) -> Self:
        return self.filter(groups__overlap=list(groups), type__in=types)

    def unknown_to(self, sequences: Collection[int]) -> Self:
        return self.exclude(sequence__in=sequences) if sequences else self

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
    number: the lower of `transaction_bounds()` when they read.
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
