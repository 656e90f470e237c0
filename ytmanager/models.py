"""Models that every app shares."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models.functions import Cast
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager


class TimestampedModel(models.Model):
    """A row that knows when it was made and when it last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


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


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens by the person who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own; everybody's for who may revoke those of others."""
        if user.has_perm("ytmanager.delete_apitoken"):
            return self
        return self.filter(user=user.pk)

    def note_use(self, digest: str, *, at: datetime, every: timedelta) -> int:
        """Remember the last use, with at most one write in `every`."""
        not_lately = models.Q(last_used_at=None) | models.Q(last_used_at__lt=at - every)
        return self.filter(not_lately, digest=digest).update(last_used_at=at)


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """How another system signs in to the API: only a digest of the token is kept."""

    class Access(models.TextChoices):
        """What requests with this token may do, at most."""

        READ = "read", "Read only"
        WRITE = "write", "Read and write"

    name = models.CharField(max_length=80, help_text="Which system uses it.")
    access = models.CharField(
        max_length=5,
        choices=Access.choices,
        default=Access.READ,
        help_text="Never more than what its owner may do.",
    )
    last_used_at = models.DateTimeField("last use", null=True, editable=False)

    objects = AuthTokenManager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        verbose_name = "API token"
        ordering = ("-created",)
        default_permissions = ("view", "delete")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(access__in=["read", "write"]),
                name="ytmanager_apitoken_access_valid",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_read_only(self) -> bool:
        return self.access == self.Access.READ

    @property
    def has_expired(self) -> bool:
        return self.expiry is not None and self.expiry < timezone.now()
