"""Accounts: connected through Google's consent page, never typed in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog.admin.kept_options import OwnerFilter
from youtube_sync.admin.channels import RefreshPage
from youtube_sync.admin.columns import StateColumn
from youtube_sync.admin.connect import ConnectPages
from youtube_sync.models import YouTubeAccount
from youtube_sync.querysets import YouTubeAccountQuerySet
from youtube_sync.services import accounts
from ytmanager.admin import actor_of, report_errors


@admin.register(YouTubeAccount)
class YouTubeAccountAdmin(RefreshPage, ConnectPages, StateColumn):
    """Which Google accounts push for which content owner, and whether they can."""

    list_display = (
        "name",
        "content_owner",
        "state_badge",
        "has_content_id",
        "connected_by",
        "connected_at",
        "problem",
    )
    list_filter = ("state", ("content_owner", OwnerFilter))
    change_form_template = "youtube_sync/account_page.html"
    list_before_template = "youtube_sync/accounts_before.html"
    show_add_link = False  # the list has a button that says what it does
    list_filter_submit = False
    fields = (
        ("name", "content_owner"),
        ("state", "problem"),
        ("connected_by", "connected_at"),
        "has_content_id",
        "granted_scopes",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the tokens: no page needs them."""
        rows = cast(YouTubeAccountQuerySet, super().get_queryset(request))
        return rows.for_list()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.disconnect_view))
        name = "youtube_sync_youtubeaccount_disconnect"
        return [path("<int:pk>/disconnect/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        may_connect = request.user.has_perm("youtube_sync.add_youtubeaccount")
        may_change = request.user.has_perm("youtube_sync.change_youtubeaccount")
        context |= {"may_connect": may_connect, "may_disconnect": may_change}
        return super().render_change_form(request, context, *args, **kwargs)

    def disconnect_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: give the permission back."""
        self.require(request, "youtube_sync.change_youtubeaccount")
        rows = YouTubeAccount.objects.visible_to(request.user)
        account = get_object_or_404(rows, pk=pk)
        with report_errors(request):
            accounts.disconnect(account=account, actor=actor_of(request))
            messages.success(request, f"{account} is disconnected.")
        return HttpResponseRedirect(
            reverse("admin:youtube_sync_youtubeaccount_change", args=[pk])
        )
