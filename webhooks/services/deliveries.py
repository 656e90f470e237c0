"""Deliveries: sent, tried again, given up, sent once more on request."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from webhooks.backoff import wait_after
from webhooks.client import Answer, WebhookClient
from webhooks.exceptions import EndpointStateError
from webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from webhooks.querysets import WebhookDeliveryQuerySet
from webhooks.signing import headers_for
from ytmanager.notifications.notify import Kind, notify

logger = structlog.get_logger(__name__)

State = WebhookDelivery.State
SLICE_SECONDS = 20.0  # then other endpoints have their turn
GIVE_UP_AFTER = timedelta(days=5)
KEPT_FOR = timedelta(days=30)
GONE = 410
NOT_NOTED = "No answer was noted: it is being sent, or its worker was ended."
REMOVED_AT_ONCE = 5000


def deliver_due(*, endpoint: WebhookEndpoint, client: WebhookClient) -> int:
    """Send what is due, for some seconds or until an attempt fails.

    A receiver may get a delivery twice, with the same id: when this process is
    killed between the call and its note. Each call is in the log once. Returns how
    many arrived.
    """
    ends, count = time.monotonic() + SLICE_SECONDS, 0
    while time.monotonic() < ends:
        endpoint.refresh_from_db()
        due = endpoint.deliveries.due(timezone.now()).in_turn().first()
        if due is None or not endpoint.is_enabled:
            break
        if not _attempt(due, endpoint, client).is_success:
            break
        count += 1
    return count


def _attempt(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, client: WebhookClient
) -> Answer:
    now = timezone.now()
    body = json.dumps(delivery.body, ensure_ascii=False, sort_keys=True).encode()
    headers = headers_for(
        endpoint.keys_at(now),
        message_id=delivery.message_id,
        timestamp=int(now.timestamp()),
        body=body,
    )
    attempt = _begin(delivery, now)
    answer = client.send(endpoint.url, body=body, headers=headers)
    with transaction.atomic():
        _note(attempt, delivery, answer)
        _judge_endpoint(endpoint, answer)
    return answer


def _begin(delivery: WebhookDelivery, now: datetime) -> WebhookAttempt:
    """Log the attempt before it is made: also one that a kill ends is in the log."""
    delivery.attempt_count += 1
    with transaction.atomic():
        delivery.save(update_fields=["attempt_count"])
        return WebhookAttempt.objects.create(
            delivery=delivery, made_at=now, milliseconds=0, error=NOT_NOTED
        )


def _note(attempt: WebhookAttempt, delivery: WebhookDelivery, answer: Answer) -> None:
    """Log how the attempt went and decide what becomes of the delivery."""
    attempt.status, attempt.error = answer.status, answer.error
    attempt.milliseconds = round(answer.seconds * 1000)
    attempt.excerpt = answer.excerpt
    attempt.save(update_fields=["status", "error", "milliseconds", "excerpt"])
    delivery.last_status, delivery.last_error = answer.status, answer.error
    if answer.is_success:
        delivery.state, delivery.delivered_at = State.DELIVERED, timezone.now()
    else:
        wait = wait_after(delivery.attempt_count, asked=answer.retry_after)
        delivery.state = State.FAILED if wait is None else State.WAITING
        delivery.next_attempt_at = timezone.now() + (wait or timedelta())
    delivery.save(
        update_fields=[
            "last_status",
            "last_error",
            "state",
            "delivered_at",
            "next_attempt_at",
        ]
    )
    logger.info(
        "webhook_attempted",
        delivery_pk=delivery.pk,
        endpoint_pk=delivery.endpoint_id,
        status=answer.status,
        state=delivery.state,
        attempt=delivery.attempt_count,
    )


def _judge_endpoint(endpoint: WebhookEndpoint, answer: Answer) -> None:
    """One that is gone, or fails for days, is called no more and people hear of it."""
    now = timezone.now()
    since = None if answer.is_success else endpoint.failing_since or now
    if since != endpoint.failing_since:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=since)
    is_over = since is not None and now - since >= GIVE_UP_AFTER
    if answer.status == GONE or is_over:
        _give_up(endpoint, answer)


def _give_up(endpoint: WebhookEndpoint, answer: Answer) -> None:
    enabled = WebhookEndpoint.objects.enabled().filter(pk=endpoint.pk)
    if not enabled.update(state=WebhookEndpoint.State.GIVEN_UP):
        return
    why = (
        "It answered that it is gone."
        if answer.status == GONE
        else f"Every call failed for {GIVE_UP_AFTER.days} days. {answer.error}"
    )
    notify(
        kind=Kind.SYSTEM,
        level="error",
        title=f"The webhook {endpoint.name} was switched off",
        message=why,
        url=f"/admin/webhooks/webhookendpoint/{endpoint.pk}/change/",
    )
    logger.warning("webhook_given_up", endpoint_pk=endpoint.pk)


def replay(*, deliveries: WebhookDeliveryQuerySet, actor: User) -> int:
    """Send again, with the same ids; each gets all its attempts anew.

    Raises EndpointStateError when one of the endpoints is switched off.
    """
    off = deliveries.exclude(endpoint__state=WebhookEndpoint.State.ENABLED).exists()
    if off:
        raise EndpointStateError
    now = timezone.now()
    count = deliveries.update(
        state=State.WAITING, attempt_count=0, next_attempt_at=now, delivered_at=None
    )
    logger.info("webhooks_replayed", count=count, user_pk=actor.pk)
    return count


def purge() -> int:
    """Drop deliveries that ended more than 30 days ago; returns how many."""
    old = WebhookDelivery.objects.finished_before(timezone.now() - KEPT_FOR)
    removed = 0
    while keys := list(old.values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
        batch = WebhookDelivery.objects.filter(pk__in=keys)
        attempts = WebhookAttempt.objects.filter(delivery__in=keys)
        with transaction.atomic():
            attempts._raw_delete(attempts.db)
            removed += batch._raw_delete(batch.db)
    return removed
