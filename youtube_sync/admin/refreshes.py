"""Refreshes: what was read from YouTube, by whom asked, and how far it is."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog.models import ContentOwner, Video
from youtube_sync import tasks
from youtube_sync.admin.columns import StateColumn
from youtube_sync.models import RefreshRun
from youtube_sync.querysets import RefreshRunQuerySet
from youtube_sync.services import quota, refresh_requests
from ytmanager.admin import ReadOnlyAdminMixin, actor_of, report_errors
from ytmanager.admin.seen import SeenFilter
from ytmanager.realtime import log

PERMISSION = "catalog.push_video"
LIST = "admin:youtube_sync_refreshrun_changelist"


class RefreshButtons(StateColumn):
    """POST only: start a run, ask for one video, cancel."""

    def get_urls(self) -> list[URLPattern]:
        def button(address: str, view: Any, name: str) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(require_POST(view))
            named: URLPattern = path(
                address, wrapped, name=f"youtube_sync_refreshrun_{name}"
            )
            return named

        own: list[URLPattern] = [
            button("start/", self.start_view, "start"),
            button("video/<int:pk>/", self.video_view, "video"),
            button("<int:pk>/cancel/", self.cancel_view, "cancel"),
        ]
        return [*own, *super().get_urls()]

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Read everything of every content owner that has a connected account."""
        self.require(request, PERMISSION)
        owners = ContentOwner.objects.visible_to(request.user)
        runs: list[RefreshRun] = []
        with report_errors(request):
            with transaction.atomic():
                runs = refresh_requests.request_catalogue(
                    owners=owners, actor=actor_of(request)
                )
                for run in runs:
                    tasks.start_run(run)
            messages.success(request, "YouTube is being asked about the catalogue.")
        return HttpResponseRedirect(address_of(runs))

    def video_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read one video; its page shows the news by itself."""
        self.require(request, PERMISSION)
        videos = Video.objects.visible_to(request.user).for_detail()
        video = get_object_or_404(videos, pk=pk)
        with report_errors(request):
            with transaction.atomic():
                run = refresh_requests.request_video(
                    video=video, actor=actor_of(request)
                )
                tasks.start_run(run)
            messages.success(request, "YouTube is being asked about this video.")
        return HttpResponseRedirect(reverse("admin:catalog_video_change", args=[pk]))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop a run; what was read stays."""
        self.require(request, PERMISSION)
        run = get_object_or_404(RefreshRun.objects.visible_to(request.user), pk=pk)
        with report_errors(request):
            refresh_requests.cancel_refresh(run=run, actor=actor_of(request))
            messages.success(request, "The refresh is cancelled. What was read stays.")
        return HttpResponseRedirect(address_of([run]))


@admin.register(RefreshRun)
class RefreshRunAdmin(ReadOnlyAdminMixin, RefreshButtons):
    """Runs are asked for here, on the list of videos, and by the schedule."""

    list_display = (
        "title",
        "account",
        "scope",
        "state_badge",
        "progress",
        "changed_count",
        "new_count",
        "missing_count",
        "call_count",
        "asked_by",
        "created_at",
    )
    list_display_links = ("title",)
    list_filter = ("state", "scope", ("account", SeenFilter), "is_scheduled")
    list_filter_submit = False
    list_before_template = "youtube_sync/refreshes_before.html"
    change_form_template = "youtube_sync/refresh_page.html"
    fields = (
        ("account", "scope"),
        ("requested_by", "is_scheduled"),
        ("created_at", "started_at", "finished_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = cast(RefreshRunQuerySet, super().get_queryset(request))
        return rows.for_list()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        run = kwargs.get("obj")
        if run is not None:
            # What happens from here on arrives as an event; then look again.
            context["live_position"] = log.current_position()
            context |= {
                "run": RefreshRun.objects.for_list().get(pk=run.pk),
                "budget": quota.get_budget(),
                "may_refresh": request.user.has_perm(PERMISSION),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="Refresh", ordering="pk")
    def title(self, run: RefreshRun) -> str:
        return str(run)

    @admin.display(description="Read")
    def progress(self, run: RefreshRun) -> str:
        return f"{run.read_count:,} of {run.total_count:,}"

    @admin.display(description="Asked by", ordering="requested_by")
    def asked_by(self, run: RefreshRun) -> str:
        return "Schedule" if run.is_scheduled else str(run.requested_by or "–")


def address_of(runs: list[RefreshRun]) -> str:
    """The page of the only run, else the list."""
    if len(runs) == 1:
        return reverse("admin:youtube_sync_refreshrun_change", args=[runs[0].pk])
    return reverse(LIST)


@admin.action(description="Refresh from YouTube", permissions=["push"])
def refresh_videos(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse | None:
    """Read the chosen videos, or all that match."""
    videos = Video.objects.filter(pk__in=queryset.order_by().values("pk"))
    runs: list[RefreshRun] = []
    with report_errors(request):
        with transaction.atomic():
            runs = refresh_requests.request_selection(
                videos=videos, actor=actor_of(request)
            )
            for run in runs:
                tasks.start_run(run)
        messages.success(request, "YouTube is being asked about these videos.")
    return HttpResponseRedirect(address_of(runs)) if runs else None
