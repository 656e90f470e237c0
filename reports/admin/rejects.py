"""The full list of what imports left out; a report's page shows its beginning."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from catalog.admin.columns import badge
from reports.admin.filters import EFFECT
from reports.models import Report, ReportRowError
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin
from ytmanager.templatetags.figures import thousands

VALUE_SHOWN = 200


@admin.register(ReportRowError)
class RowErrorAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Line, column, value and reason, in the order of the file."""

    list_display = ("place", "column", "value_shown", "reason", "effect")
    list_display_links = None
    list_filter = (EFFECT,)
    search_fields = ("reason", "column")
    search_help_text = "Column, or a part of the reason"
    sortable_by = ()
    list_before_template = "reports/rejects_before.html"
    fields = (("report", "line"), "column", "value", ("reason", "is_rejected"))

    class Media:
        css = {"all": ("ytmanager/reports.css",)}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was left out belongs to the report: who sees that sees this."""
        return request.user.has_perm("reports.view_report")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name the report that the list is about."""
        pk = request.GET.get("report", "")
        reports = Report.objects.visible_to(request.user)
        is_number = pk.isascii() and pk.isdigit() and len(pk) < 19
        report = reports.filter(pk=pk).first() if is_number else None
        title = "What was left out"
        extra = {
            "report": report,
            "title": f"{title} of {report.name}" if report else title,
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    @admin.display(description="Line", ordering="line")
    def place(self, error: ReportRowError) -> SafeString:
        return format_html(
            '<a class="ytm-link" href="{}/change/">{}</a>',
            error.pk,
            thousands(error.line),
        )

    @admin.display(description="Value")
    def value_shown(self, error: ReportRowError) -> SafeString | None:
        value = Truncator(error.value).chars(VALUE_SHOWN)
        return format_html("<code>{}</code>", value) if value else None

    @admin.display(description="Left out")
    def effect(self, error: ReportRowError) -> SafeString:
        return badge("Row", "bad") if error.is_rejected else badge("Value", "warn")
