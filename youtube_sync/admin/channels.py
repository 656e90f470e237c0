"""Refresh from YouTube: a button and an action on the list of channels."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog.models import Channel, ContentOwner
from catalog.querysets import ContentOwnerQuerySet
from youtube_sync import tasks
from youtube_sync.models import YouTubeAccount
from ytmanager.admin import ModelAdmin

PERMISSION = "catalog.push_video"


class RefreshPage(ModelAdmin):
    """POST reads the channels of every content owner."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.refresh_channels_view))
        name = "youtube_sync_youtubeaccount_refresh_channels"
        return [path("refresh-channels/", view, name=name), *super().get_urls()]

    def refresh_channels_view(self, request: HttpRequest) -> HttpResponse:
        self.require(request, PERMISSION)
        refresh(request, ContentOwner.objects.visible_to(request.user))
        return HttpResponseRedirect(reverse("admin:catalog_channel_changelist"))


@admin.action(description="Refresh from YouTube", permissions=["refresh"])
def refresh_from_youtube(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]
) -> None:
    """Read all channels of the owners of the selected ones: that is as cheap."""
    owners = queryset.order_by().values("content_owner")
    refresh(request, ContentOwner.objects.filter(pk__in=owners))


def refresh(request: HttpRequest, owners: ContentOwnerQuerySet) -> None:
    """Start a job for each content owner that has a connected account."""
    visible = YouTubeAccount.objects.visible_to(request.user)
    with transaction.atomic():
        accounts = list(
            visible.one_for_each_owner().for_list().filter(content_owner__in=owners)
        )
        for account in accounts:
            tasks.start_refresh(account)
    started = sorted(str(account.content_owner) for account in accounts)
    waiting = sorted({str(owner) for owner in owners} - set(started))
    if started:
        names = ", ".join(started)
        messages.success(
            request, f"YouTube is being asked about the channels of {names}."
        )
    if waiting or not started:
        names = f" for {', '.join(waiting)}" if waiting else ""
        messages.warning(
            request, f"No YouTube account is connected{names}, so nothing can be read."
        )


def may_refresh(request: HttpRequest) -> bool:
    return request.user.has_perm(PERMISSION)


def add_refresh() -> None:
    """Put both on the catalogue's list, which knows nothing of accounts."""
    channels: Any = admin.site.get_model_admin(Channel)
    channels.actions = (*channels.actions, refresh_from_youtube)
    channels.has_refresh_permission = may_refresh
    channels.list_before_template = "youtube_sync/channels_before.html"
