"""Decide conflicts: one by its buttons, many by an action."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST

from catalog.admin import columns
from catalog.models import Conflict
from catalog.querysets import ConflictQuerySet
from catalog.services.conflicts import Resolution, resolve_conflicts
from catalog.templatetags.catalog_values import field_label
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.templatetags.figures import thousands


class ConflictActions(ModelAdmin):
    """Keep ours or take YouTube's; what moved meanwhile stays open and is named."""

    actions = ("keep_ours", "take_theirs")

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_conflict")

    def get_urls(self) -> list[URLPattern]:
        view: Any = self.admin_site.admin_view(require_POST(self.decide_view))
        return [
            path("decide/", view, name="catalog_conflict_decide"),
            *super().get_urls(),
        ]

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        """POST `keep` or `take` with the key of one conflict."""
        self.require(request, "catalog.change_conflict")
        take_theirs = "take" in request.POST
        key = request.POST.get("take" if take_theirs else "keep", "")
        if not key.isdecimal():
            return HttpResponse("Which conflict?", status=400)
        rows: Any = self.get_queryset(request)
        conflict = get_object_or_404(rows, pk=key)
        self.resolve(request, rows.filter(pk=conflict.pk), take_theirs=take_theirs)
        address = reverse("admin:catalog_conflict_changelist")
        query = request.POST.get("filters", "")
        return HttpResponseRedirect(f"{address}?{query}" if query else address)

    @admin.action(description="Keep our values", permissions=["resolve"])
    def keep_ours(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        return self.decide_many(request, queryset, take_theirs=False)

    @admin.action(description="Take the values on YouTube", permissions=["resolve"])
    def take_theirs(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        return self.decide_many(request, queryset, take_theirs=True)

    def decide_many(
        self, request: HttpRequest, queryset: Any, *, take_theirs: bool
    ) -> HttpResponse | None:
        """The ticked ones at once; all that match after a look at their number."""
        is_across = request.POST.get("select_across") == "1"
        if is_across and "confirmed" not in request.POST:
            return self.ask(request, queryset, take_theirs=take_theirs)
        self.resolve(request, queryset, take_theirs=take_theirs)
        return None

    def ask(
        self, request: HttpRequest, queryset: Any, *, take_theirs: bool
    ) -> TemplateResponse:
        open_ones = queryset.open().order_by()
        context = {
            **self.admin_site.each_context(request),
            "title": "Take the values on YouTube" if take_theirs else "Keep our values",
            "opts": self.opts,
            "count": open_ones.count(),
            "by_field": open_ones.counts_by_field(),
            "action": request.POST.get("action"),
            "seen": request.POST.get("seen", ""),
            "selected": request.POST.getlist("_selected_action")[:1],
            "takes_theirs": take_theirs,
        }
        return TemplateResponse(request, "catalog/conflict/confirm.html", context)

    def resolve(
        self, request: HttpRequest, queryset: QuerySet[Any], *, take_theirs: bool
    ) -> None:
        with report_errors(request):
            resolution = resolve_conflicts(
                conflicts=selected(queryset),
                take_theirs=take_theirs,
                actor=actor_of(request),
                seen=request.POST.get("seen", ""),
            )
            tell(request, resolution)


def selected(queryset: QuerySet[Any]) -> ConflictQuerySet:
    """The rows of a list without its joins and order, for the set-based service."""
    return Conflict.objects.filter(pk__in=queryset.order_by().values("pk"))


def tell(request: HttpRequest, resolution: Resolution) -> None:
    """Say how many were decided, and name those that were left."""
    count = thousands(resolution.resolved_count)
    messages.success(request, f"Conflicts resolved: {count}.")
    if not resolution.left:
        return
    links = format_html_join(
        ", ",
        "{} ({})",
        ((columns.page_link(c.video), field_label(c.field)) for c in resolution.left),
    )
    more = resolution.left_count - len(resolution.left)
    messages.warning(
        request,
        format_html(
            "Moved since you saw them, so they stay open: {}{}. Compare again.",
            links,
            f" and {thousands(more)} more" if more else "",
        ),
    )
