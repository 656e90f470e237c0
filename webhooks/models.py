"""Endpoints of other systems, and every call that was made to them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from encrypted_fields.fields import EncryptedTextField

from webhooks.querysets import WebhookDeliveryQuerySet, WebhookEndpointQuerySet
from ytmanager.models import TimestampedModel
from ytmanager.realtime.events import REQUIRED_PERMISSIONS

TEST_EVENT = "webhook.test"
EVENT_TYPES = tuple((name, name) for name in REQUIRED_PERMISSIONS)


class WebhookEndpoint(TimestampedModel):
    """An address of another system that is called when something happens.

    The secrets are encrypted at rest and never part of `str` or `repr`.
    """

    class State(models.TextChoices):
        """Only an enabled endpoint is called."""

        ENABLED = "enabled", "On"
        DISABLED = "disabled", "Off"
        GIVEN_UP = "given_up", "Given up"

    name = models.CharField(max_length=80, help_text="Which system is called.")
    url = models.URLField("address", max_length=500)
    event_types = ArrayField(models.CharField(max_length=40), verbose_name="events")
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.ENABLED, editable=False
    )
    enabled_at = models.DateTimeField(default=timezone.now, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    secret = EncryptedTextField(editable=False)
    previous_secret = EncryptedTextField(null=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = "webhook"
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["enabled", "disabled", "given_up"]),
                name="webhooks_endpoint_state_valid",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_enabled(self) -> bool:
        return self.state == self.State.ENABLED

    def keys_at(self, moment: datetime) -> list[str]:
        """The secrets that sign now: after a rotation, for a while, both."""
        until = self.previous_secret_until
        if self.previous_secret and until and moment < until:
            return [self.secret, self.previous_secret]
        return [self.secret]


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint; the id stays the same in every attempt."""

    class State(models.TextChoices):
        """Waiting ones are due at `next_attempt_at`."""

        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries"
    )
    message_id = models.CharField(max_length=40, unique=True)
    event_sequence = models.BigIntegerField(null=True)
    type = models.CharField("event", max_length=40)
    body = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempt_count = models.PositiveSmallIntegerField("attempts", default=0)
    next_attempt_at = models.DateTimeField("next attempt", default=timezone.now)
    last_status = models.PositiveSmallIntegerField("status", null=True)
    last_error = models.TextField("error", blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField("delivered", null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        default_permissions = ("view", "change")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["endpoint", "event_sequence"], name="webhooks_delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "delivered", "failed"]),
                name="webhooks_delivery_state_valid",
            ),
        )
        indexes = (
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                condition=models.Q(state="waiting"),
                name="webhooks_delivery_waiting",
            ),
            models.Index(fields=["created_at"], name="webhooks_delivery_created"),
        )

    def __str__(self) -> str:
        return self.message_id


class WebhookAttempt(models.Model):
    """One call, as it went."""

    delivery = models.ForeignKey(
        WebhookDelivery, models.CASCADE, related_name="attempts"
    )
    made_at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    error = models.TextField(blank=True)
    excerpt = models.TextField("reply", blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M:%S}"


class WebhookCursor(models.Model):
    """How far the event log was read; one row."""

    position = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.position)
