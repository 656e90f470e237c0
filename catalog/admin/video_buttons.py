"""Buttons beside the form of a video: each posts to a view of its own."""

from typing import Any

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog.admin.restoring import RestoreButton
from catalog.fields import EDITABLE
from catalog.models import Asset, Conflict, ShortsVerdict, Video
from catalog.services.assets import choose_primary_asset
from catalog.services.conflicts import resolve_conflict
from catalog.services.shorts import decide_shorts
from ytmanager.admin import actor_of, report_errors

VERDICTS = {"yes": ShortsVerdict.Verdict.YES, "no": ShortsVerdict.Verdict.NO}


class VideoButtons(RestoreButton):
    """Decide about a Short, settle a conflict, choose the primary asset."""

    def get_urls(self) -> list[URLPattern]:
        def button(address: str, view: Any, name: str) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(require_POST(view))
            named: URLPattern = path(
                f"<int:pk>/{address}", wrapped, name=f"catalog_video_{name}"
            )
            return named

        return [
            button("short/", self.decide_short_view, "short"),
            button("conflicts/<int:conflict_pk>/", self.conflict_view, "conflict"),
            button("asset/", self.asset_view, "asset"),
            *super().get_urls(),
        ]

    def decide_short_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: a person says whether this is a Short."""
        self.require(request, "catalog.change_shortsverdict")
        video = get_object_or_404(self.get_queryset(request), pk=pk)
        verdict = VERDICTS.get(request.POST.get("verdict", ""))
        if verdict is None:
            return HttpResponseBadRequest("A verdict is yes or no.")
        with report_errors(request):
            decide_shorts(
                videos=Video.objects.filter(pk=video.pk),
                verdict=verdict,
                actor=actor_of(request),
            )
            messages.success(request, "The decision is recorded.")
        return self.back_to(video)

    def conflict_view(
        self, request: HttpRequest, pk: int, conflict_pk: int
    ) -> HttpResponse:
        """POST: keep our value, or take the one on YouTube."""
        self.require(request, "catalog.change_conflict")
        video = get_object_or_404(self.get_queryset(request), pk=pk)
        conflict = get_object_or_404(Conflict, pk=conflict_pk, video=video)
        takes_theirs = request.POST.get("take") == "theirs"
        with report_errors(request):
            resolve_conflict(
                conflict=conflict,
                take_theirs=takes_theirs,
                actor=actor_of(request),
                seen=request.POST.get("seen", ""),
            )
            kept = "YouTube's value was taken." if takes_theirs else "Ours is kept."
            label = EDITABLE[conflict.field].label
            messages.success(request, f"Conflict about {label} resolved: {kept}")
        return self.back_to(video)

    def asset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: a person chooses the primary asset, or leaves it to the rule."""
        self.require(request, "catalog.change_video")
        video = get_object_or_404(self.get_queryset(request), pk=pk)
        asset_id = request.POST.get("asset", "")
        asset = get_object_or_404(Asset, asset_id=asset_id) if asset_id else None
        with report_errors(request):
            choose_primary_asset(video=video, asset=asset, actor=actor_of(request))
            done = f"{asset_id} is the primary asset." if asset else "The rule decides."
            messages.success(request, done)
        return self.back_to(video)

    def back_to(self, video: Video) -> HttpResponse:
        address = reverse("admin:catalog_video_change", args=[video.pk])
        return HttpResponseRedirect(address)
