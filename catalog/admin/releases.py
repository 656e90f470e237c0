"""The distributor's releases, and the lists that they came in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.columns import badge, lines
from catalog.admin.releases_page import ReleaseListPage
from catalog.admin.releases_upload import ReleaseListUpload, page_of
from catalog.models import Release, ReleaseList
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin, SearchedRowsMixin
from ytmanager.templatetags.figures import clock, thousands

TONES = {"mapping": "warn", "matched": "good", "failed": "bad"}


@admin.register(ReleaseList)
class ReleaseListAdmin(ReleaseListUpload, ReleaseListPage):
    """Lists that people uploaded."""

    list_display = ("file", "content_owner", "state_shown", "rows", "found", "actor")
    list_display_links = None
    search_fields = ("name",)
    search_help_text = "File name"
    sortable_by = ()
    list_before_template = "catalog/releases/lists_before.html"
    show_add_link = False  # the list has a button that says what it does

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.add_releaselist")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        found: Any = super().get_queryset(request)
        return found.for_list()

    @admin.display(description="File")
    def file(self, release_list: ReleaseList) -> SafeString:
        return format_html(
            '<a class="ytm-link" href="{}"><strong>{}</strong></a>',
            page_of(release_list),
            release_list.name,
        )

    @admin.display(description="State")
    def state_shown(self, release_list: ReleaseList) -> SafeString:
        tone = TONES.get(release_list.state, "")
        return badge(release_list.get_state_display(), tone)

    @admin.display(description="Rows")
    def rows(self, release_list: ReleaseList) -> str | None:
        count = release_list.counts.get("row_count")
        return None if count is None else thousands(count)

    @admin.display(description="Matches found")
    def found(self, release_list: ReleaseList) -> str | None:
        count = release_list.counts.get("proposed_count")
        return None if count is None else thousands(count)


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdminMixin, SearchedRowsMixin, ModelAdmin):
    """What the distributor's system says; a newer list replaces it."""

    list_display = ("name", "product", "codes", "genres", "duration", "loaded")
    list_display_links = None
    search_fields = ("search_text",)
    search_help_text = "Title, artist, album, label, ISRC or UPC"
    sortable_by = ()
    list_before_template = "catalog/releases/releases_before.html"

    @admin.display(description="Recording")
    def name(self, release: Release) -> SafeString:
        title = format_html("<strong>{}</strong>", release.title or "–")
        return lines(title, ", ".join(release.artist))

    @admin.display(description="Album and label")
    def product(self, release: Release) -> SafeString:
        return lines(release.album, release.label)

    @admin.display(description="ISRC and UPC")
    def codes(self, release: Release) -> SafeString:
        return lines(release.isrc, release.upc)

    @admin.display(description="Genre")
    def genres(self, release: Release) -> str:
        return ", ".join(release.genre)

    @admin.display(description="Length")
    def duration(self, release: Release) -> str | None:
        seconds = release.length_seconds
        return None if seconds is None else clock(seconds)

    @admin.display(description="Loaded")
    def loaded(self, release: Release) -> str:
        return f"{release.loaded_at:%Y-%m-%d %H:%M}"
