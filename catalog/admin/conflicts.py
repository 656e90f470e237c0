"""Conflicts: fields that both sides moved, side by side, and how to settle them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from catalog.admin import columns
from catalog.admin.conflict_actions import ConflictActions
from catalog.admin.conflict_filters import AGE, FIELD, SOURCE
from catalog.admin.filters import ConflictStateFilter
from catalog.admin.import_filters import FOUND_IN
from catalog.admin.video_search import find_videos
from catalog.models import Conflict, Video
from catalog.services.conflicts import seen_now
from catalog.templatetags.catalog_values import field_label
from catalog.templatetags.differences import marked_in_one, plain
from ytmanager.admin import ReadOnlyAdminMixin


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyAdminMixin, ConflictActions):
    """Base, ours and theirs side by side; the video's page has the same."""

    list_display: tuple[str, ...] = (
        "video_link",
        "field_name",
        "before",
        "our_value",
        "their_value",
        "opened",
        "decision",
    )
    list_display_links = None
    list_select_related = ("video__channel", "observation", "closed_by")
    list_before_template = "catalog/conflict/list_before.html"
    list_filter = (
        ConflictStateFilter,
        FIELD,
        ("video__channel", AutocompleteSelectFilter),
        SOURCE,
        AGE,
        FOUND_IN,
    )
    search_fields = ("field",)
    search_help_text = "Title, artist, label, ISRC, UPC, video or asset ID"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Note what the page shows before it reads its rows."""
        seen = request.POST.get("seen") or seen_now()
        context = {"seen": seen, **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Buttons for those who may decide, a word for everybody else."""
        if self.has_resolve_permission(request):
            return self.list_display
        return (*self.list_display[:-1], "outcome")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Conflicts of the videos that the same words find in their list."""
        if search_term.strip():
            found = find_videos(Video.objects.order_by(), search_term)
            queryset = queryset.filter(video__in=found.values("pk"))
        return queryset, False

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
    def before(self, conflict: Conflict) -> SafeString:
        return plain(conflict.base, conflict.field)

    @admin.display(description="Ours")
    def our_value(self, conflict: Conflict) -> SafeString:
        return marked_in_one(conflict.ours, conflict.base, conflict.field)

    @admin.display(description="On YouTube")
    def their_value(self, conflict: Conflict) -> SafeString:
        return marked_in_one(conflict.theirs, conflict.base, conflict.field)

    @admin.display(description="Opened", ordering="opened_at")
    def opened(self, conflict: Conflict) -> SafeString:
        source = conflict.observation.get_source_display()
        quiet = format_html('<span class="ytm-quiet">{}</span>', source)
        return columns.lines(f"{conflict.opened_at:%Y-%m-%d %H:%M}", quiet)

    @admin.display(description="State")
    def outcome(self, conflict: Conflict) -> SafeString:
        tone = "bad" if conflict.state == Conflict.State.OPEN else ""
        badge = columns.badge(conflict.get_state_display(), tone)
        return columns.lines(badge, conflict.closed_by)

    @admin.display(description="Decision")
    def decision(self, conflict: Conflict) -> SafeString:
        if conflict.state != Conflict.State.OPEN:
            return self.outcome(conflict)
        return decide_buttons(conflict)


def decide_buttons(conflict: Conflict) -> SafeString:
    """Buttons of the list's own form, which sends them to another address."""
    about = f"{field_label(conflict.field)} of {conflict.video}"
    return format_html(
        '<span class="ytm-decide">'
        '<button class="ytm-button" formaction="{0}" name="keep" value="{1}" '
        'aria-label="Keep ours: {2}">Keep ours</button>'
        '<button class="ytm-button" formaction="{0}" name="take" value="{1}" '
        'aria-label="Take YouTube’s: {2}">Take YouTube’s</button>'
        '<a class="ytm-button" href="{3}#id_{4}" aria-label="Edit: {2}">Edit</a>'
        "</span>",
        reverse("admin:catalog_conflict_decide"),
        conflict.pk,
        about,
        reverse("admin:catalog_video_change", args=[conflict.video_id]),
        conflict.field,
    )
