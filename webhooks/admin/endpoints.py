"""Which systems are called, and whether the calls arrive."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from webhooks.admin.columns import badge, count_link
from webhooks.admin.endpoint_page import EndpointPage
from webhooks.admin.forms import WebhookEndpointForm
from webhooks.models import WebhookEndpoint


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(EndpointPage):
    """Which systems are called, and whether the calls arrive."""

    form = WebhookEndpointForm
    list_display = ("name", "url", "state_badge", "waiting", "failed")
    list_filter_submit = False
    search_fields = ("name", "url")
    search_help_text = "Name or address"
    fields = ("name", "url", "event_types")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # removed by a button, which asks no thousand related rows

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_counts()

    @admin.display(description="State", ordering="state")
    def state_badge(self, endpoint: WebhookEndpoint) -> SafeString:
        return badge(endpoint)

    @admin.display(description="Waiting")
    def waiting(self, endpoint: Any) -> SafeString:
        return count_link(endpoint, "waiting", endpoint.waiting_count)

    @admin.display(description="Failed")
    def failed(self, endpoint: Any) -> SafeString:
        return count_link(endpoint, "failed", endpoint.failed_count)
