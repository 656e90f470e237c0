"""Conflicts of ownership: who else says that our assets are theirs, read-only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalog.admin import columns
from catalog.admin.filters import OptionsFilter, having
from catalog.admin.import_filters import ENDED_IN, NEW_IN
from catalog.admin.kept_options import OwnerFilter
from catalog.models import OwnershipConflict
from catalog.templatetags.catalog_values import countries
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin
from ytmanager.templatetags.figures import thousands


class OwnershipStateFilter(OptionsFilter):
    """Open conflicts unless somebody asks for others."""

    title = "state"
    parameter_name = "state"
    options = (
        ("ended", "Ended", having(ended_at__isnull=False)),
        ("all", "Open and ended", lambda conflicts: conflicts),
    )
    all_label = "Open"
    nothing_left = "All conflicts of ownership have ended."

    def otherwise(self, rows: Any) -> Any:
        return rows.open()


@admin.register(OwnershipConflict)
class OwnershipConflictAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Conflicts by daily views: what is worth a letter comes first."""

    list_display = (
        "asset_shown",
        "owner_shown",
        "where",
        "views",
        "total_views",
        "their_asset",
        "published",
        "opened",
    )
    list_display_links = None
    list_select_related = ("asset", "observation")
    list_filter = (
        OwnershipStateFilter,
        ("content_owner", OwnerFilter),
        NEW_IN,
        ENDED_IN,
    )
    search_fields = (
        "other_owner__icontains",
        "asset__asset_id__iexact",
        "asset__title__icontains",
    )
    search_help_text = "The other owner, asset ID or a part of the asset's title"
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("asset__displayed")

    @admin.display(description="Our asset")
    def asset_shown(self, conflict: OwnershipConflict) -> SafeString:
        link = columns.page_link(conflict.asset, conflict.asset.title or "")
        return columns.lines(link, conflict.asset.asset_id)

    @admin.display(description="Other owner")
    def owner_shown(self, conflict: OwnershipConflict) -> SafeString:
        name = conflict.other_owner or "not named"
        return columns.lines(name, conflict.other_origination)

    @admin.display(description="Countries")
    def where(self, conflict: OwnershipConflict) -> str:
        return countries(conflict.countries)

    @admin.display(description="Daily views")
    def views(self, conflict: OwnershipConflict) -> str:
        return thousands(conflict.daily_views)

    @admin.display(description="Lifetime views")
    def total_views(self, conflict: OwnershipConflict) -> str:
        return thousands(conflict.lifetime_views)

    @admin.display(description="Their asset")
    def their_asset(self, conflict: OwnershipConflict) -> SafeString | None:
        artist = ", ".join(conflict.other_artist or ())
        parts = (conflict.other_title, artist, conflict.other_isrc)
        return columns.lines(*parts) or None

    @admin.display(description="They own it since")
    def published(self, conflict: OwnershipConflict) -> str | None:
        moment = conflict.other_owned_since
        return f"{moment:%Y-%m-%d}" if moment else None

    @admin.display(description="Listed since")
    def opened(self, conflict: OwnershipConflict) -> SafeString:
        first = conflict.observation and f"{conflict.observation.as_of:%Y-%m-%d}"
        ended = conflict.ended_at and columns.badge(
            f"ended {conflict.ended_at:%Y-%m-%d}"
        )
        return columns.lines(first, ended)
