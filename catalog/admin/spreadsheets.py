"""Uploaded spreadsheets and the saved readings of their columns."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.columns import badge
from catalog.admin.filters import DateRangeFilter, field_filter, having
from catalog.admin.spreadsheet_page import SpreadsheetPage
from catalog.admin.spreadsheet_upload import SpreadsheetUpload, page_of
from catalog.models import ColumnMapping, Spreadsheet
from catalog.spreadsheets.columns import COLUMNS
from ytmanager.admin import KeptRowsMixin, ModelAdmin, ReadOnlyAdminMixin
from ytmanager.templatetags.figures import thousands

STATE = field_filter(
    "state",
    "State",
    tuple((v, n, having(state=v)) for v, n in Spreadsheet.State.choices),
)
TONES = {"mapping": "warn", "compared": "good", "failed": "bad"}


def state_badge(sheet: Spreadsheet) -> SafeString:
    return badge(sheet.get_state_display(), TONES.get(sheet.state, ""))


@admin.register(Spreadsheet)
class SpreadsheetAdmin(SpreadsheetUpload, SpreadsheetPage):
    """Sheets that people uploaded; what they want is in the change sets."""

    list_display = ("file", "about", "state_shown", "rows", "edits", "actor", "made")
    list_display_links = None
    list_filter = (STATE, ("created_at", DateRangeFilter))
    search_fields = ("name", "reason")
    search_help_text = "File name or reason"
    sortable_by = ()
    list_before_template = "admin/catalog/spreadsheet_list_before.html"
    show_add_link = False  # the list has a button that says what it does

    class Media:
        css = {"all": ("catalog/spreadsheets.css",)}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perms(
            ["catalog.add_spreadsheet", "catalog.bulk_edit_video"]
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        sheets: Any = super().get_queryset(request)
        return sheets.for_list()

    @admin.display(description="File")
    def file(self, sheet: Spreadsheet) -> SafeString:
        return format_html(
            '<a class="ytm-link" href="{}"><strong>{}</strong></a>',
            page_of(sheet),
            sheet.name,
        )

    @admin.display(description="About")
    def about(self, sheet: Spreadsheet) -> str:
        return sheet.get_target_display()

    @admin.display(description="State")
    def state_shown(self, sheet: Spreadsheet) -> SafeString:
        return state_badge(sheet)

    @admin.display(description="Rows")
    def rows(self, sheet: Spreadsheet) -> str | None:
        count = sheet.counts.get("row_count")
        return None if count is None else thousands(count)

    @admin.display(description="Edited cells")
    def edits(self, sheet: Spreadsheet) -> str | None:
        count = sheet.counts.get("edit_count")
        return None if count is None else thousands(count)

    @admin.display(description="Uploaded")
    def made(self, sheet: Spreadsheet) -> str:
        return f"{sheet.created_at:%Y-%m-%d %H:%M}"


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Saved readings; a new one is saved where a sheet's columns are chosen."""

    list_display = ("name", "about", "key", "columns_shown", "saved_by", "saved")
    list_select_related = ("saved_by",)
    search_fields = ("name",)
    search_help_text = "Name"
    sortable_by = ()
    fields = (
        "name",
        ("target", "key_column"),
        "columns_shown",
        ("clear_token", "list_separator"),
        "saved_by",
    )
    readonly_fields = ("columns_shown",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super(KeptRowsMixin, self).has_delete_permission(request, obj)

    @admin.display(description="About")
    def about(self, mapping: ColumnMapping) -> str:
        return mapping.get_target_display()

    @admin.display(description="Row is found by")
    def key(self, mapping: ColumnMapping) -> str:
        return COLUMNS[mapping.as_mapping.target][mapping.key_column].header

    @admin.display(description="Columns")
    def columns_shown(self, mapping: ColumnMapping) -> str:
        """Header of the sheet and field, pair by pair."""
        known = COLUMNS[mapping.as_mapping.target]
        pairs = zip(mapping.header or mapping.columns, mapping.columns, strict=False)
        return ", ".join(f"{h} → {known[n].header}" for h, n in pairs if n in known)

    @admin.display(description="Saved")
    def saved(self, mapping: ColumnMapping) -> str:
        return f"{mapping.updated_at:%Y-%m-%d %H:%M}"
