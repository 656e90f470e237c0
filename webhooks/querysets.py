"""Endpoints and deliveries as the services and pages need them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from webhooks.models import (  # noqa: F401 - named by the base classes
        WebhookDelivery,
        WebhookEndpoint,
    )


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    """Endpoints by what they wait for."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Endpoints belong to the office; the permission admits."""
        return self

    def enabled(self) -> Self:
        return self.filter(state="enabled")

    def with_due_deliveries(self, now: datetime) -> Self:
        """Switched on, with something to send at this moment."""
        return (
            self.enabled()
            .filter(deliveries__state="waiting", deliveries__next_attempt_at__lte=now)
            .distinct()
        )

    def with_counts(self) -> Self:
        """How many deliveries wait and how many were given up."""
        return self.annotate(
            waiting_count=Count("deliveries", filter=Q(deliveries__state="waiting")),
            failed_count=Count("deliveries", filter=Q(deliveries__state="failed")),
        )


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Deliveries by age and state."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Deliveries belong to the office; the permission admits."""
        return self

    def due(self, now: datetime) -> Self:
        return self.filter(state="waiting", next_attempt_at__lte=now)

    def failed_for(self, endpoint_pk: int) -> Self:
        return self.filter(endpoint=endpoint_pk, state="failed")

    def in_turn(self) -> Self:
        """The longest waiting first."""
        return self.order_by("next_attempt_at", "pk")

    def finished_before(self, moment: datetime) -> Self:
        return self.exclude(state="waiting").filter(created_at__lt=moment)

    def for_list(self) -> Self:
        return self.select_related("endpoint").defer("body")
