"""The page of one endpoint: what its buttons do, and the secret shown once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from webhooks import tasks
from webhooks.admin.columns import badge
from webhooks.models import WebhookEndpoint
from webhooks.services import endpoints
from ytmanager.admin import ModelAdmin, actor_of, report_errors

LAST_SHOWN = 10


class EndpointPage(ModelAdmin):
    """Buttons of one endpoint, each a POST that leads back to its page."""

    change_form_template = "webhooks/endpoint.html"

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
            endpoints.save_endpoint(endpoint=obj, actor=actor_of(request))
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
