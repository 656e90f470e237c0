"""Tokens with which other systems sign in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager


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
    def is_expired(self) -> bool:
        return self.expiry is not None and self.expiry < timezone.now()

    @property
    def is_read_only(self) -> bool:
        return self.access == self.Access.READ

    @property
    def has_expired(self) -> bool:
        return self.expiry is not None and self.expiry < timezone.now()
