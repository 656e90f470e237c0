"""Endpoints: made, given another secret, switched on and off, removed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from webhooks.exceptions import EndpointStateError
from webhooks.models import (
    TEST_EVENT,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from webhooks.signing import new_secret
from ytmanager.token_keys import Rotation, rotate_columns

logger = structlog.get_logger(__name__)

BOTH_SECRETS_FOR = timedelta(hours=24)
EDITABLE = ("name", "url", "event_types")


def create_endpoint(*, endpoint: WebhookEndpoint, actor: User) -> str:
    """Store a new endpoint; returns its secret, which is shown this once."""
    secret = new_secret()
    endpoint.secret, endpoint.created_by = secret, actor
    endpoint.save()
    logger.info("webhook_made", endpoint_pk=endpoint.pk, user_pk=actor.pk)
    return secret


def save_endpoint(*, endpoint: WebhookEndpoint, actor: User) -> None:
    """Keep another name, address or events; the secret stays."""
    endpoint.save(update_fields=[*EDITABLE, "updated_at"])
    logger.info("webhook_edited", endpoint_pk=endpoint.pk, user_pk=actor.pk)


def rotate_secret(*, endpoint: WebhookEndpoint, actor: User) -> str:
    """Sign by a new secret too; for a day the old one still signs beside it."""
    secret = new_secret()
    with transaction.atomic():
        stored = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
        stored.previous_secret, stored.secret = stored.secret, secret
        stored.previous_secret_until = timezone.now() + BOTH_SECRETS_FOR
        stored.save(
            update_fields=[
                "secret",
                "previous_secret",
                "previous_secret_until",
                "updated_at",
            ]
        )
    logger.info("webhook_secret_rotated", endpoint_pk=endpoint.pk, user_pk=actor.pk)
    return secret


def switch_on(*, endpoint: WebhookEndpoint, actor: User) -> None:
    """Call it again; what happened while it was off is not sent."""
    endpoint.state = WebhookEndpoint.State.ENABLED
    endpoint.enabled_at, endpoint.failing_since = timezone.now(), None
    endpoint.save(update_fields=["state", "enabled_at", "failing_since", "updated_at"])
    logger.info("webhook_switched_on", endpoint_pk=endpoint.pk, user_pk=actor.pk)


def switch_off(*, endpoint: WebhookEndpoint, actor: User) -> None:
    """Call it no more; what waits goes on waiting until it is switched on."""
    endpoint.state = WebhookEndpoint.State.DISABLED
    endpoint.save(update_fields=["state", "updated_at"])
    logger.info("webhook_switched_off", endpoint_pk=endpoint.pk, user_pk=actor.pk)


def send_test(*, endpoint: WebhookEndpoint, actor: User) -> WebhookDelivery:
    """Put one event of the type `webhook.test` in front of the endpoint's work.

    Raises EndpointStateError when it is switched off.
    """
    if not endpoint.is_enabled:
        raise EndpointStateError
    body = {
        "type": TEST_EVENT,
        "timestamp": timezone.now().isoformat(),
        "sequence": None,
        "data": {"endpoint": endpoint.name, "sent_by": actor.get_username()},
    }
    return WebhookDelivery.objects.create(
        endpoint=endpoint, message_id=f"msg_{uuid4().hex}", type=TEST_EVENT, body=body
    )


def remove_endpoint(*, endpoint: WebhookEndpoint, actor: User) -> None:
    """Delete the endpoint with its secret and the log of its deliveries."""
    deliveries = WebhookDelivery.objects.filter(endpoint=endpoint)
    with transaction.atomic():
        # Row by row through the models would take minutes for a long log.
        attempts = WebhookAttempt.objects.filter(delivery__in=deliveries)
        attempts._raw_delete(attempts.db)
        deliveries._raw_delete(deliveries.db)
        pk, _ = endpoint.pk, endpoint.delete()
    logger.info("webhook_removed", endpoint_pk=pk, user_pk=actor.pk)


def rotate_secret_keys() -> Rotation:
    """Encrypt the secrets of every endpoint by the newest key."""
    return rotate_columns(WebhookEndpoint, ("secret", "previous_secret"))
