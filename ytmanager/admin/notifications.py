"""The inbox: what people were told, read or not, and what they want by mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget

from ytmanager.admin.base import ModelAdmin, ReadOnlyAdminMixin, actor_of
from ytmanager.models import MailChoice, Notification
from ytmanager.models.notification import kinds_for
from ytmanager.notifications.choices import choose_mail
from ytmanager.notifications.notify import mark_all_read, mark_read

LIST = "admin:ytmanager_notification_changelist"
MOST_COUNTED = 100
TONES = {"info": "", "success": "good", "warning": "warn", "error": "bad"}


class ReadFilter(admin.SimpleListFilter):
    """Unread ones, or those that were read."""

    title, parameter_name = "Read", "read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (("no", "Unread"), ("yes", "Read"))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "no":
            return queryset.unread_by(actor_of(request))
        return queryset.filter(is_read=True) if self.value() == "yes" else queryset


class MailForm(forms.Form):
    """One choice for each kind that the person may hear of."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(user.mail_choices.values_list("kind", "pace"))
        labels = dict(Notification.Kind.choices)
        for kind in kinds_for(user):
            self.fields[kind] = forms.ChoiceField(
                choices=[("", "No mail"), *MailChoice.Pace.choices],
                label=labels[kind],
                initial=chosen.get(kind, ""),
                required=False,
                widget=UnfoldAdminSelectWidget,
            )


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Everybody has an inbox of their own."""

    list_display = ("headline", "kind", "level_badge", "created_at")
    list_display_links = None
    list_filter = (ReadFilter, "kind", "level")
    list_filter_submit = False
    search_fields = ("title", "message")
    search_help_text = "Title or text"
    sortable_by = ()
    actions = ("mark_selected_read",)
    list_before_template = "ytmanager/inbox_before.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_read_by(actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "unread/": self.unread_view,
            "mail/": self.mail_view,
            "read/": require_POST(self.read_all_view),
            "<int:pk>/open/": self.open_view,
        }
        own = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"ytmanager_notification_{route.strip('/').split('/')[-1]}",
            )
            for route, view in views.items()
        ]
        return [*own, *super().get_urls()]

    @admin.display(description="Notification")
    def headline(self, notification: Any) -> SafeString:
        """Bold until it was read; the link notes that and leads to the page."""
        return format_html(
            '<a class="ytm-link{}" href="{}">{}</a>'
            '<span class="ytm-line ytm-quiet">{}</span>',
            "" if notification.is_read else " ytm-unread",
            reverse("admin:ytmanager_notification_open", args=[notification.pk]),
            notification.title,
            notification.message,
        )

    @admin.display(description="Level")
    def level_badge(self, notification: Notification) -> SafeString:
        tone = TONES[notification.level]
        return format_html(
            '<span class="ytm-badge{}">{}</span>',
            f" ytm-badge--{tone}" if tone else "",
            notification.get_level_display(),
        )

    @admin.action(description="Mark as read")
    def mark_selected_read(self, request: HttpRequest, queryset: Any) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        mark_read(notifications=keys, user=actor_of(request))

    def read_all_view(self, request: HttpRequest) -> HttpResponse:
        """POST: nothing is unread any more."""
        mark_all_read(user=actor_of(request))
        return HttpResponseRedirect(reverse(LIST))

    def open_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that it was read and go to what it is about."""
        rows = Notification.objects.visible_to(request.user)
        notification = get_object_or_404(rows, pk=pk)
        mark_read(notifications=[pk], user=actor_of(request))
        return HttpResponseRedirect(notification.url or reverse(LIST))

    @method_decorator(never_cache)
    def unread_view(self, request: HttpRequest) -> JsonResponse:
        """How many are unread, counted up to 100."""
        mine = Notification.objects.visible_to(request.user)
        unread = mine.unread_by(actor_of(request)).order_by()[:MOST_COUNTED]
        return JsonResponse({"unread": unread.count()})

    def mail_view(self, request: HttpRequest) -> HttpResponse:
        """Which kinds come by mail."""
        user = actor_of(request)
        form = MailForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            choose_mail(user=user, paces=form.cleaned_data)
            messages.success(request, "Your choice was saved.")
            return HttpResponseRedirect(reverse("admin:ytmanager_notification_mail"))
        context = self.admin_site.each_context(request) | {
            "title": "Notifications by mail",
            "opts": self.opts,
            "form": form,
            "address": user.email,
            "has_mail": settings.HAS_MAIL,
        }
        return TemplateResponse(request, "ytmanager/inbox_mail.html", context)
