"""Change sets and the history: who wanted what, and what came of it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from catalog.admin import columns
from catalog.admin.filters import DateRangeFilter, field_filter, having
from catalog.admin.video_panels import FIRST_VALUES, origin
from catalog.choices import Source
from catalog.models import Change, ChangeSet
from catalog.templatetags.catalog_values import described, field_label
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin
from ytmanager.templatetags.figures import thousands

KIND = field_filter(
    "kind", "Kind", tuple((v, n, having(kind=v)) for v, n in ChangeSet.Kind.choices)
)
STATE = field_filter(
    "state", "State", tuple((v, n, having(state=v)) for v, n in ChangeSet.State.choices)
)
ORIGIN = field_filter(
    "origin",
    "From",
    (
        ("people", "People", having(change_set__isnull=False)),
        *((v, n, having(observation__source=v)) for v, n in Source.choices),
    ),
)


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Every edit by people, from one form to a hundred thousand videos."""

    list_display = (
        "title",
        "actor",
        "reason",
        "state",
        "applied",
        "skipped",
        "created_at",
    )
    list_display_links = ("title",)
    list_select_related = ("actor",)
    list_filter = (KIND, STATE, ("created_at", DateRangeFilter))
    search_fields = ("reason", "actor__username")
    search_help_text = "Reason or person"
    fields = (
        ("kind", "state"),
        ("actor", "reason"),
        ("created_at", "applied_at"),
        ("expected_count", "applied_count", "skipped_count"),
        "reverts",
    )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        change_set = kwargs.get("obj")
        if change_set is not None:
            changes = reverse("admin:catalog_change_changelist")
            context["changes_address"] = f"{changes}?change_set={change_set.pk}"
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="Change set", ordering="pk")
    def title(self, change_set: ChangeSet) -> str:
        return f"{change_set.get_kind_display()} {change_set.pk}"

    @admin.display(description="Applied", ordering="applied_count")
    def applied(self, change_set: ChangeSet) -> str:
        return thousands(change_set.applied_count)

    @admin.display(description="Skipped", ordering="skipped_count")
    def skipped(self, change_set: ChangeSet) -> str:
        return thousands(change_set.skipped_count)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """The history, newest first."""

    list_display = (
        "when",
        "target",
        "field_name",
        "old_value",
        "new_value",
        "who",
        "outcome",
    )
    list_display_links = None
    list_select_related = (
        "video",
        "channel",
        "change_set__actor",
        "observation",
    )
    list_filter = (ORIGIN, ("created_at", DateRangeFilter))
    search_fields = ("video__video_id__exact", "channel__channel_id__exact")
    search_help_text = "Video ID or channel ID"
    sortable_by = ()

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup in {"video", "channel", "change_set"} or super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description="When")
    def when(self, change: Change) -> SafeString:
        return format_html(
            '<a class="ytm-link ytm-nowrap" href="{}/change/">{}</a>',
            change.pk,
            f"{change.created_at:%Y-%m-%d %H:%M}",
        )

    @admin.display(description="Of")
    def target(self, change: Change) -> SafeString:
        row = change.video or change.channel
        assert row is not None, "a constraint gives each change a target"
        return columns.page_link(row)

    @admin.display(description="Field")
    def field_name(self, change: Change) -> str:
        return (
            "first seen" if change.field in FIRST_VALUES else field_label(change.field)
        )

    @admin.display(description="From")
    def old_value(self, change: Change) -> str | None:
        if change.field in FIRST_VALUES:
            return None
        return Truncator(described(change.old, change.field)).chars(120)

    @admin.display(description="To")
    def new_value(self, change: Change) -> str:
        if change.field in FIRST_VALUES and isinstance(change.new, dict):
            return ", ".join(map(field_label, change.new))
        return Truncator(described(change.new, change.field)).chars(120)

    @admin.display(description="Who, how")
    def who(self, change: Change) -> SafeString:
        name, door = origin(change)
        return columns.lines(
            name, format_html('<span class="ytm-quiet">{}</span>', door)
        )
