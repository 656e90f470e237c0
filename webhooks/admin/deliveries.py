"""The log of deliveries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from webhooks import tasks
from webhooks.admin.columns import badge
from webhooks.models import WebhookDelivery
from ytmanager.admin import KeptRowsMixin, ModelAdmin, actor_of, report_errors

if TYPE_CHECKING:
    from webhooks.querysets import WebhookDeliveryQuerySet


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(KeptRowsMixin, ModelAdmin):
    """Every call, with how it went; any of them can be made again."""

    list_display = (
        "created_at",
        "type",
        "endpoint",
        "state_badge",
        "attempt_count",
        "last_status",
        "last_error",
        "delivered_at",
    )
    list_filter = ("state", "endpoint", "type")
    list_filter_submit = False
    search_fields = ("message_id__exact",)
    search_help_text = "The whole id of a delivery (msg_…)"
    sortable_by = ()
    actions = ("send_again",)
    fields = (
        ("endpoint", "type"),
        ("message_id", "state"),
        ("created_at", "delivered_at"),
        ("attempt_count", "next_attempt_at"),
        "sent_body",
    )
    readonly_fields = ("sent_body",)
    change_form_template = "webhooks/delivery.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("webhooks.change_webhookdelivery")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    @admin.display(description="State", ordering="state")
    def state_badge(self, delivery: WebhookDelivery) -> SafeString:
        return badge(delivery)

    @admin.display(description="Body")
    def sent_body(self, delivery: WebhookDelivery) -> SafeString:
        text = json.dumps(delivery.body, ensure_ascii=False, indent=2, sort_keys=True)
        return format_html('<pre class="ytm-pre">{}</pre>', text)

    @admin.action(description="Send again", permissions=["send"])
    def send_again(
        self, request: HttpRequest, queryset: WebhookDeliveryQuerySet
    ) -> None:
        """The same id and body, signed anew."""
        with report_errors(request):
            count = tasks.send_again(chosen=queryset, actor=actor_of(request))
            ending = "y is" if count == 1 else "ies are"
            messages.success(request, f"{count} deliver{ending} on the way again.")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["attempts"] = context["original"].attempts.all()
        return super().render_change_form(request, context, *args, **kwargs)
