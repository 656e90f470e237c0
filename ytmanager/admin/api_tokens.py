"""API tokens: made, shown once and revoked by their owner."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from unfold.widgets import UnfoldAdminSelectWidget

from ytmanager.admin.base import ModelAdmin, actor_of
from ytmanager.audit import Kind, note
from ytmanager.models import ApiToken

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[ApiToken]
else:
    ModelForm = forms.ModelForm

logger = structlog.get_logger(__name__)

LIFETIMES = (("30", "30 days"), ("90", "90 days"), ("365", "One year"))


class ApiTokenForm(ModelForm):
    """What a person decides about a new token."""

    days = forms.ChoiceField(
        choices=LIFETIMES,
        initial="90",
        label="Expires after",
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = ApiToken
        fields = ("name", "access")


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin):
    """Everybody has tokens of their own; administrators can revoke any."""

    form = ApiTokenForm
    list_display = ("name", "user", "access", "created", "expiry", "last_used_at")
    list_display_links = None
    list_filter_submit = False
    list_select_related = ("user",)
    fields = ("name", "access", "days")
    actions = ("revoke_selected",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # revoked by the action, which asks no related objects

    @admin.action(description="Revoke selected tokens")
    def revoke_selected(self, request: HttpRequest, queryset: Any) -> None:
        """From the next request on they are refused; the log keeps who did it."""
        for token in queryset:
            logger.info(
                "api_token_revoked",
                token_name=token.name,
                owner_pk=token.user_id,
                user_pk=request.user.pk,
            )
            what = f"{token} of {token.user}: revoked"
            note(Kind.TOKEN, what, request=request, user=actor_of(request))
        count, _ = queryset.delete()
        self.message_user(request, f"{count} token{'s' * (count != 1)} revoked.")

    def save_model(
        self, request: HttpRequest, obj: ApiToken, form: Any, change: bool
    ) -> None:
        """The digest is the key, so the row is made by the token's own manager."""
        days = timedelta(days=int(form.cleaned_data["days"]))
        made, obj.plain_text = ApiToken.objects.create(
            user=actor_of(request), expiry=days, name=obj.name, access=obj.access
        )
        obj.digest, obj.user, obj.expiry = made.digest, made.user, made.expiry
        logger.info("api_token_made", token_name=obj.name, user_pk=request.user.pk)
        what = f"{obj.name}: made, {obj.get_access_display().lower()}"
        note(Kind.TOKEN, what, request=request, user=made.user)

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: Any = None
    ) -> HttpResponse:
        """The only page that ever shows the token."""
        context = self.admin_site.each_context(request) | {
            "title": "New API token",
            "opts": self.opts,
            "token": obj,
            "plain_text": obj.plain_text,
        }
        return never_cache(TemplateResponse)(
            request, "ytmanager/api_token_made.html", context
        )
