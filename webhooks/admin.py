"""Webhooks: endpoints with their secrets shown once, and the log of deliveries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminURLInputWidget,
)

from webhooks import tasks
from webhooks.client import get_webhook_client
from webhooks.exceptions import TargetRefusedError
from webhooks.models import EVENT_TYPES, WebhookDelivery, WebhookEndpoint
from webhooks.services import deliveries, endpoints
from ytmanager.admin import KeptRowsMixin, ModelAdmin, actor_of, report_errors

if TYPE_CHECKING:
    from webhooks.querysets import WebhookDeliveryQuerySet

    ModelForm = forms.ModelForm[WebhookEndpoint]
else:
    ModelForm = forms.ModelForm

LAST_SHOWN = 10
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


class WebhookEndpointForm(ModelForm):
    """What an administrator decides about an endpoint."""

    url = forms.URLField(
        max_length=500,
        label="Address",
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="Called with POST. It answers with a status from 200 to 299 "
        "within 10 seconds.",
    )
    event_types = forms.MultipleChoiceField(
        choices=EVENT_TYPES,
        label="Events",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What each event says: docs/live-events.md.",
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "event_types")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            get_webhook_client().check_target(url)
        except TargetRefusedError as error:
            raise forms.ValidationError(error.message) from error
        return url


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ModelAdmin):
    """Which systems are called, and whether the calls arrive."""

    form = WebhookEndpointForm
    list_display = ("name", "url", "state_badge", "waiting", "failed")
    list_filter_submit = False
    search_fields = ("name", "url")
    search_help_text = "Name or address"
    fields = ("name", "url", "event_types")
    change_form_template = "webhooks/endpoint.html"

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

    def get_urls(self) -> list[URLPattern]:
        names = ("rotate", "test", "switch", "remove")
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(require_POST(getattr(self, f"{name}_view"))),
                name=f"webhooks_webhookendpoint_{name}",
            )
            for name in names
        ]
        return [*own, *super().get_urls()]

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool
    ) -> None:
        if change:
            obj.save(update_fields=["name", "url", "event_types", "updated_at"])
        else:
            endpoints.create_endpoint(endpoint=obj, actor=actor_of(request))

    def response_add(
        self,
        request: HttpRequest,
        obj: WebhookEndpoint,
        post_url_continue: Any = None,
    ) -> HttpResponse:
        return self.secret_page(request, obj, obj.secret, is_rotated=False)

    def secret_page(
        self,
        request: HttpRequest,
        endpoint: WebhookEndpoint,
        secret: str,
        *,
        is_rotated: bool,
    ) -> HttpResponse:
        """The only page that ever shows the secret."""
        context = self.admin_site.each_context(request) | {
            "title": "New secret" if is_rotated else "New webhook",
            "opts": self.opts,
            "endpoint": endpoint,
            "secret": secret,
            "is_rotated": is_rotated,
        }
        return never_cache(TemplateResponse)(request, "webhooks/secret.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        endpoint = context.get("original")
        if endpoint is not None:
            last = endpoint.deliveries.order_by("-pk").defer("body")[:LAST_SHOWN]
            context |= {
                "state": badge(endpoint),
                "last": [(delivery, badge(delivery)) for delivery in last],
                "may_change": request.user.has_perm("webhooks.change_webhookendpoint"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def acquire(self, request: HttpRequest, pk: int) -> WebhookEndpoint:
        self.require(request, "webhooks.change_webhookendpoint")
        return get_object_or_404(WebhookEndpoint, pk=pk)

    def back_to(self, pk: int) -> HttpResponse:
        name = "admin:webhooks_webhookendpoint_change"
        return HttpResponseRedirect(reverse(name, args=[pk]))

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: another secret, shown once; the old one signs for a day more."""
        endpoint = self.acquire(request, pk)
        secret = endpoints.rotate_secret(endpoint=endpoint, actor=actor_of(request))
        return self.secret_page(request, endpoint, secret, is_rotated=True)

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: send an event that says nothing happened."""
        endpoint = self.acquire(request, pk)
        with report_errors(request):
            endpoints.send_test(endpoint=endpoint, actor=actor_of(request))
            tasks.start_deliveries(endpoint)
            messages.success(request, "A test event is on its way.")
        return self.back_to(pk)

    def switch_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: on becomes off, off becomes on."""
        endpoint = self.acquire(request, pk)
        change = endpoints.switch_off if endpoint.is_enabled else endpoints.switch_on
        change(endpoint=endpoint, actor=actor_of(request))
        messages.success(request, f"{endpoint} is {endpoint.get_state_display()}.")
        return self.back_to(pk)

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: delete the endpoint, its secret and its log."""
        self.require(request, "webhooks.delete_webhookendpoint")
        endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
        endpoints.remove_endpoint(endpoint=endpoint, actor=actor_of(request))
        messages.success(request, f"{endpoint} was removed.")
        return HttpResponseRedirect(
            reverse("admin:webhooks_webhookendpoint_changelist")
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


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(KeptRowsMixin, ModelAdmin):
    """Every call, with how it went; any of them can be made again."""

    list_display = (
        "message_id",
        "type",
        "endpoint",
        "state_badge",
        "attempt_count",
        "last_status",
        "last_error",
        "created_at",
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
    change_form_template = "webhooks/delivery.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            name
            for row in self.fields
            for name in ([row] if isinstance(row, str) else row)
        ]

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
            keys = list(queryset.values_list("endpoint", flat=True).distinct())
            count = deliveries.replay(deliveries=queryset, actor=actor_of(request))
            for endpoint in WebhookEndpoint.objects.filter(pk__in=keys):
                tasks.start_deliveries(endpoint)
            ending = "y is" if count == 1 else "ies are"
            messages.success(request, f"{count} deliver{ending} on the way again.")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["attempts"] = context["original"].attempts.all()
        return super().render_change_form(request, context, *args, **kwargs)
