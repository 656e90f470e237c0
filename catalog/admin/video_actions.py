"""Actions on many videos: each calls one service and says what it did."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html

from catalog.admin import columns
from catalog.admin.bulk_edit import begin
from catalog.admin.selection import edit_listed
from catalog.models import ChangeSet, ShortsVerdict, Video
from catalog.querysets import VideoQuerySet
from catalog.services.shorts import decide_shorts
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.templatetags.figures import thousands


def selected(queryset: QuerySet[Any]) -> VideoQuerySet:
    """The rows of a list without its joins and order, for set-based services."""
    return Video.objects.filter(pk__in=queryset.order_by().values("pk"))


def tell(request: HttpRequest, done: str, change_set: ChangeSet | None) -> None:
    """Say what an action did, in numbers."""
    if change_set is None:
        messages.info(request, "Nothing to change: they are like that already.")
        return
    if change_set.state in ChangeSet.WAITING:
        link = columns.page_link(change_set, f"Change set {change_set.pk}")
        text = "A worker is at it: {} shows how far it is."
        messages.info(request, format_html(text, link))
        return
    count = change_set.applied_count
    noun = "video" if count == 1 else "videos"
    messages.success(request, f"{thousands(count)} {noun} {done}.")


class VideoActions(ModelAdmin):
    """Mark, hide and decide, behind their permissions."""

    actions: Sequence[str] = (
        "edit_many",
        "mark_as_administered",
        "remove_administered",
        "hide",
        "show_again",
        "mark_as_short",
        "mark_as_no_short",
    )

    def has_bulk_edit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.bulk_edit_video")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_shortsverdict")

    @admin.action(description="Edit many…", permissions=["bulk_edit"])
    def edit_many(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Open the form of a bulk edit; nothing is changed before its preview."""
        return begin(request)

    @admin.action(description="Mark as administered…", permissions=["bulk_edit"])
    def mark_as_administered(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """Ask for a note first, then mark."""
        if "confirmed" not in request.POST:
            return self.ask_for_note(request, queryset)
        with report_errors(request):
            note = request.POST.get("note", "").strip()
            change_set = edit_listed(request, {"is_administered": True}, reason=note)
            tell(request, "marked as administered", change_set)
        return None

    def ask_for_note(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Mark as administered",
            "opts": self.opts,
            "count": queryset.order_by().count(),
            "examples": queryset[:10],
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        }
        return TemplateResponse(request, "catalog/mark_administered.html", context)

    @admin.action(description="Remove administered", permissions=["bulk_edit"])
    def remove_administered(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> None:
        with report_errors(request):
            change_set = edit_listed(request, {"is_administered": False})
            tell(request, "no longer marked as administered", change_set)

    @admin.action(description="Hide from the lists", permissions=["bulk_edit"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with report_errors(request):
            change_set = edit_listed(request, {"is_hidden": True})
            tell(request, "hidden", change_set)

    @admin.action(description="Show in the lists again", permissions=["bulk_edit"])
    def show_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with report_errors(request):
            change_set = edit_listed(request, {"is_hidden": False})
            tell(request, "shown again", change_set)

    @admin.action(description="These are Shorts", permissions=["decide"])
    def mark_as_short(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.decide(request, queryset, ShortsVerdict.Verdict.YES)

    @admin.action(description="These are not Shorts", permissions=["decide"])
    def mark_as_no_short(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.decide(request, queryset, ShortsVerdict.Verdict.NO)

    def decide(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        verdict: ShortsVerdict.Verdict,
    ) -> None:
        with report_errors(request):
            change_set = decide_shorts(
                videos=selected(queryset), verdict=verdict, actor=actor_of(request)
            )
            tell(request, f"decided: {verdict.label}", change_set)
