"""Google accounts through which pushes go."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from encrypted_fields.fields import EncryptedTextField

from catalog.models import ContentOwner
from youtube_sync.querysets import (
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
