"""Conflicts: fields that both sides moved, and the two ways to settle them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin import columns
from catalog.admin.filters import ConflictStateFilter
from catalog.models import Conflict
from catalog.services.conflicts import resolve_conflict
from catalog.templatetags.catalog_values import described, field_label
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin, actor_of, report_errors


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Base, ours and theirs side by side; the video's page has the same."""

    list_display = (
        "video_link",
        "field_name",
        "before",
        "our_value",
        "their_value",
        "opened",
        "state_badge",
    )
    list_display_links = None
    list_select_related = ("video__channel", "closed_by")
    list_filter = (ConflictStateFilter,)
    search_fields = ("video__video_id__exact", "video__title", "field")
    search_help_text = "Video ID, a part of the title, or the field"
    actions = ("keep_ours", "take_theirs")

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_conflict")

    @admin.display(description="Video")
    def video_link(self, conflict: Conflict) -> SafeString:
        channel = format_html(
            '<span class="ytm-quiet">{}</span>', conflict.video.channel
        )
        return columns.lines(columns.page_link(conflict.video), channel)

    @admin.display(description="Field", ordering="field")
    def field_name(self, conflict: Conflict) -> str:
        return field_label(conflict.field)

    @admin.display(description="Before")
    def before(self, conflict: Conflict) -> str:
        return described(conflict.base, conflict.field)

    @admin.display(description="Ours")
    def our_value(self, conflict: Conflict) -> str:
        return described(conflict.ours, conflict.field)

    @admin.display(description="On YouTube")
    def their_value(self, conflict: Conflict) -> str:
        return described(conflict.theirs, conflict.field)

    @admin.display(description="Opened", ordering="opened_at")
    def opened(self, conflict: Conflict) -> str:
        return f"{conflict.opened_at:%Y-%m-%d %H:%M}"

    @admin.display(description="State")
    def state_badge(self, conflict: Conflict) -> SafeString:
        tone = "bad" if conflict.state == Conflict.State.OPEN else ""
        badge = columns.badge(conflict.get_state_display(), tone)
        return columns.lines(badge, conflict.closed_by)

    @admin.action(description="Keep our values", permissions=["resolve"])
    def keep_ours(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.resolve(request, queryset, take_theirs=False)

    @admin.action(description="Take the values on YouTube", permissions=["resolve"])
    def take_theirs(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.resolve(request, queryset, take_theirs=True)

    def resolve(
        self, request: HttpRequest, queryset: Any, *, take_theirs: bool
    ) -> None:
        """Settle each open conflict; one that is refused leaves the others be."""
        conflicts = list(queryset.open())
        for conflict in conflicts:
            with report_errors(request):
                resolve_conflict(
                    conflict=conflict, take_theirs=take_theirs, actor=actor_of(request)
                )
        still_open = Conflict.objects.open().filter(
            pk__in=[conflict.pk for conflict in conflicts]
        )
        count = len(conflicts) - still_open.count()
        messages.success(request, f"Conflicts resolved: {count}.")
