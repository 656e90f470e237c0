"""Sync now: read one video, its diff, its price, and the push on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from catalog.models import Video
from youtube_sync import tasks
from youtube_sync.admin.columns import plan_address
from youtube_sync.models import RefreshRun, YouTubeAccount
from youtube_sync.services import plans, quota, refresh_requests
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.realtime import log


class SyncVideoPage(ModelAdmin):
    """GET shows what would be sent; POST reads YouTube first, or sends exactly that."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sync_video_view)
        own = path("video/<int:pk>/", view, name="youtube_sync_sync_video")
        return [own, *super().get_urls()]

    def sync_video_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require(request, "catalog.push_video")
        videos = Video.objects.visible_to(request.user).for_detail()
        video = get_object_or_404(videos, pk=pk)
        account = account_for(request, video)
        if request.method == "POST" and account is not None:
            with report_errors(request):
                if "look" in request.POST:
                    return self.look(request, video)
                return self.push(request, video, account)
        return self.show(request, video, account)

    def look(self, request: HttpRequest, video: Video) -> HttpResponse:
        """Let a worker read the video; the page follows it and shows the news."""
        with transaction.atomic():
            run = refresh_requests.request_video(video=video, actor=actor_of(request))
            tasks.start_run(run)
        return HttpResponseRedirect(f"{request.path}?refresh={run.pk}")

    def push(
        self, request: HttpRequest, video: Video, account: YouTubeAccount
    ) -> HttpResponse:
        with transaction.atomic():
            plan = plans.push_one_video(
                video=video,
                account=account,
                actor=actor_of(request),
                digest=request.POST.get("digest", ""),
            )
            tasks.start_plan(plan)
        messages.success(request, "The push has started.")
        return HttpResponseRedirect(plan_address(plan))

    def show(
        self, request: HttpRequest, video: Video, account: YouTubeAccount | None
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Sync now",
            "opts": self.opts,
            "video": video,
            "account": account,
            "budget": quota.get_budget(),
            "live_position": log.current_position(),
            "run": asked_run(request, video),
        }
        if account is not None:
            context["preview"] = plans.preview_video(
                video=video, account=account, actor=actor_of(request)
            )
        return TemplateResponse(request, "youtube_sync/sync_video.html", context)


def asked_run(request: HttpRequest, video: Video) -> RefreshRun | None:
    """The refresh of this video that was asked for on this page."""
    asked = request.GET.get("refresh", "")
    if not (asked.isdecimal() and len(asked) < 19):
        return None
    runs = RefreshRun.objects.visible_to(request.user).for_list()
    return runs.filter(pk=asked, last_video_pk__in=(0, video.pk), scope="video").first()


def account_for(request: HttpRequest, video: Video) -> YouTubeAccount | None:
    """The account to push with: a connected one before any other."""
    accounts = list(
        YouTubeAccount.objects.visible_to(request.user).for_video(video).for_list()
    )
    connected = [account for account in accounts if account.is_connected]
    return next(iter(connected or accounts), None)
