"""The history of everything: what changed, newest first."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from catalog.admin import columns
from catalog.admin.filters import (
    DateRangeFilter,
    OptionsFilter,
    field_filter,
    having,
)
from catalog.admin.history import (
    FIRST_VALUES,
    OBSERVED_FACTS,
    facts_of,
    link_of,
    origin,
    second_person,
)
from catalog.choices import Source
from catalog.models import Change, ChangeSet
from catalog.origins import origin_links
from catalog.templatetags.catalog_values import described, field_label
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin

ORIGIN = field_filter(
    "origin",
    "From",
    (
        ("people", "People", having(change_set__isnull=False)),
        *((v, n, having(change_set__kind=v)) for v, n in ChangeSet.Kind.choices),
        *((v, n, having(observation__source=v)) for v, n in Source.choices),
    ),
)


class OutcomeFilter(OptionsFilter):
    """Plans and what they skipped are no history until somebody asks for them."""

    title, parameter_name = "Outcome", "outcome"
    all_label = "What happened"
    options = (
        ("all", "Plans and skipped ones as well", lambda changes: changes),
        *((v, n, having(outcome=v)) for v, n in Change.Outcome.choices),
    )

    def otherwise(self, rows: Any) -> Any:
        return rows.filter(outcome=Change.Outcome.APPLIED)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Who changed what, through which door, and where that came from."""

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
        "change_set__applied_by",
        "observation",
    )
    list_filter = (ORIGIN, OutcomeFilter, ("created_at", DateRangeFilter))
    search_fields = ("video__video_id__exact", "channel__channel_id__exact")
    search_help_text = "Video ID or channel ID"
    sortable_by = ()

    class Media:
        css = {"all": ("ytmanager/changesets.css",)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """A list that asks for the origins of its page's rows at once."""
        base = super().get_changelist(request, **kwargs)
        return type("ChangesWithOrigins", (OriginsMixin, base), {})

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
        if change.field in FIRST_VALUES:
            return "first seen"
        return OBSERVED_FACTS.get(change.field) or field_label(change.field)

    @admin.display(description="From")
    def old_value(self, change: Change) -> str | None:
        if change.field in FIRST_VALUES or change.field in OBSERVED_FACTS:
            return None
        return Truncator(described(change.old, change.field)).chars(120)

    @admin.display(description="To")
    def new_value(self, change: Change) -> str:
        if change.field in FIRST_VALUES and isinstance(change.new, dict):
            return ", ".join(map(field_label, change.new))
        if change.field in OBSERVED_FACTS:
            facts = "; ".join(f"{name}: {said}" for name, said in facts_of(change))
            return Truncator(facts).chars(300)
        return Truncator(described(change.new, change.field)).chars(120)

    @admin.display(description="Who, how")
    def who(self, change: Change) -> SafeString:
        name, door = origin(change)
        link = link_of(change, getattr(change, "origins", {}))
        page = link and format_html(
            '<a class="ytm-out" href="{}">{}</a>', link.address, link.text
        )
        reason = change.change_set.reason if change.change_set else ""
        applied_by = second_person(change)
        return columns.lines(
            name,
            format_html('<span class="ytm-quiet">{}</span>', door),
            page,
            applied_by and f"Applied by {applied_by}",
            reason and Truncator(reason).chars(120),
        )


class OriginsMixin:
    """Gives each row the links of the whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)  # type: ignore[misc]
        rows = list(self.result_list)  # type: ignore[has-type]
        links = origin_links({r.observation_id for r in rows if r.observation_id})
        for row in rows:
            row.origins = links
        self.result_list = rows
