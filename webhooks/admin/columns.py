"""Pieces of HTML that both lists show."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from webhooks.models import WebhookDelivery, WebhookEndpoint

TONES = {
    "enabled": "good",
    "disabled": "",
    "given_up": "bad",
    "waiting": "warn",
    "delivered": "good",
    "failed": "bad",
}


def badge(row: WebhookEndpoint | WebhookDelivery) -> SafeString:
    """The row's state as a word in a box."""
    tone = TONES[row.state]
    return format_html(
        '<span class="ytm-badge{}">{}</span>',
        f" ytm-badge--{tone}" if tone else "",
        row.get_state_display(),
    )


def count_link(endpoint: WebhookEndpoint, state: str, count: int) -> SafeString:
    """A number that leads to the deliveries it counts."""
    page = reverse("admin:webhooks_webhookdelivery_changelist")
    return format_html(
        '<a class="ytm-link" href="{}?endpoint__id__exact={}&amp;state__exact={}">{}'
        "</a>",
        page,
        endpoint.pk,
        state,
        count,
    )
