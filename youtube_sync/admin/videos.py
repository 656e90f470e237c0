"""The actions of YouTube sync on the list of videos."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from catalog.models import Video
from youtube_sync.admin.columns import plan_address
from youtube_sync.admin.refreshes import refresh_videos
from youtube_sync.models import PushPlan
from youtube_sync.services import plans
from ytmanager.admin import actor_of, report_errors


@admin.action(description="Plan a push to YouTube", permissions=["push"])
def push_to_youtube(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse | None:
    """Draft a plan for each content owner, to be looked at and confirmed."""
    videos = Video.objects.filter(pk__in=queryset.order_by().values("pk"))
    made: list[PushPlan] = []
    with report_errors(request):
        made = plans.create_plans(videos=videos, actor=actor_of(request))
        messages.success(request, "Look at the plan, then confirm it.")
    if len(made) == 1:
        return HttpResponseRedirect(plan_address(made[0]))
    if made:
        return HttpResponseRedirect(reverse("admin:youtube_sync_pushplan_changelist"))
    return None


def may_push(request: HttpRequest) -> bool:
    return request.user.has_perm("catalog.push_video")


def add_push_action() -> None:
    """Put the actions on the catalogue's list, which knows nothing of YouTube."""
    videos: Any = admin.site.get_model_admin(Video)
    videos.actions = (*videos.actions, push_to_youtube, refresh_videos)
    videos.has_push_permission = may_push
