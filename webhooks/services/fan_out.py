"""From the event log to one delivery for each endpoint that wants the event.

The log is the outbox: rows are in it exactly when their transaction committed.
A reader goes on from the oldest transaction that was running when it read, so it
sees some rows again; the unique key (endpoint, event) drops those.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from webhooks.models import WebhookCursor, WebhookEndpoint
from ytmanager.models import LiveEvent

# What concerns single people (groups `user.<pk>` alone) stays inside.
_DELIVERIES = """
    INSERT INTO webhooks_webhookdelivery (
        endpoint_id, message_id, event_sequence, type, body, state, attempt_count,
        next_attempt_at, last_error, created_at)
    SELECT endpoint.id, 'msg_' || replace(gen_random_uuid()::text, '-', ''),
        event.sequence, event.type,
        jsonb_build_object(
            'type', event.type, 'sequence', event.sequence, 'data', event.payload,
            'timestamp', to_char(event.created_at AT TIME ZONE 'UTC',
                                 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')),
        'waiting', 0, %(now)s, '', %(now)s
    FROM ytmanager_liveevent event
    JOIN webhooks_webhookendpoint endpoint
        ON event.type = ANY(endpoint.event_types) AND endpoint.state = 'enabled'
        AND event.created_at >= endpoint.enabled_at
    WHERE event.xid >= %(position)s AND EXISTS (
        SELECT FROM unnest(event.groups) AS heard WHERE heard NOT LIKE 'user.%%')
    ORDER BY event.sequence
    ON CONFLICT (endpoint_id, event_sequence) DO NOTHING
"""


def fan_out() -> int:
    """Make the deliveries of what was logged since the last time; returns how many."""
    with transaction.atomic():
        cursor = WebhookCursor.objects.select_for_update(skip_locked=True).first()
        if cursor is None:
            _begin()
            return 0
        # Asked for before the log is read: what commits in between is read again.
        horizon, _ = LiveEvent.objects.transaction_bounds()
        made = _make_deliveries(cursor.position)
        cursor.position = horizon
        cursor.save(update_fields=["position"])
    return made


def _begin() -> None:
    """The first look starts at the present; another process may be at it."""
    position, _ = LiveEvent.objects.transaction_bounds()
    WebhookCursor.objects.bulk_create(
        [WebhookCursor(pk=1, position=position)], ignore_conflicts=True
    )


def _make_deliveries(position: int) -> int:
    if not WebhookEndpoint.objects.enabled().exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, {"position": position, "now": timezone.now()})
        made: int = cursor.rowcount
    return made
