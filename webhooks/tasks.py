"""Jobs of webhooks: one for each endpoint that has something to send."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from webhooks.client import get_webhook_client
from webhooks.models import WebhookEndpoint
from webhooks.services import deliveries, fan_out

if TYPE_CHECKING:
    from webhooks.querysets import WebhookDeliveryQuerySet

logger = structlog.get_logger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(queue="deliveries", queueing_lock="send_webhooks", lock="send_webhooks")
def send_webhooks(timestamp: int) -> None:
    """Turn new events into deliveries and start what is due, first or again."""
    fan_out.fan_out()
    for endpoint in WebhookEndpoint.objects.with_due_deliveries(timezone.now()):
        start_deliveries(endpoint)


@transaction.atomic
def send_again(*, chosen: WebhookDeliveryQuerySet, actor: User) -> int:
    """Send deliveries again and queue the jobs of their endpoints; returns how many.

    Raises EndpointStateError when one of the endpoints is switched off.
    """
    # Asked first: afterwards none of them may be what was chosen by its state.
    keys = list(chosen.order_by().values_list("endpoint", flat=True).distinct())
    count = deliveries.replay(deliveries=chosen, actor=actor)
    for endpoint in WebhookEndpoint.objects.filter(pk__in=keys):
        start_deliveries(endpoint)
    return count


def start_deliveries(endpoint: WebhookEndpoint) -> None:
    """Queue the endpoint's job in the caller's transaction; a queued one is enough."""
    lock = f"webhook-{endpoint.pk}"
    try:
        with transaction.atomic():
            deliver.configure(lock=lock, queueing_lock=lock).defer(
                endpoint_pk=endpoint.pk
            )
    except AlreadyEnqueued:
        logger.debug("webhook_is_queued_already", endpoint_pk=endpoint.pk)


@app.task(queue="deliveries")
def deliver(endpoint_pk: int) -> None:
    """Send what one endpoint waits for; a slow one holds up no other."""
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_pk).first()
    if endpoint is None:
        return  # removed in the meantime
    with closing(get_webhook_client()) as client:
        deliveries.deliver_due(endpoint=endpoint, client=client)


@app.periodic(cron="43 3 * * *")
@app.task(queue="quick", queueing_lock="purge_webhooks")
def purge_webhooks(timestamp: int) -> None:
    """Keep the log of deliveries within its age."""
    removed_count = deliveries.purge()
    logger.info("webhook_deliveries_purged", removed_count=removed_count)
