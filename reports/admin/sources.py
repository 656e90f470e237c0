"""Report sources: the parts of the store in which files arrive."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.models import ReportSource
from ytmanager.admin import ModelAdmin


@admin.register(ReportSource)
class ReportSourceAdmin(ModelAdmin):
    """Which files belong to whom, before anybody opens one."""

    list_display = ("name", "place", "kind", "content_owner", "is_active")
    list_select_related = ("content_owner",)
    list_filter = ("is_active",)
    list_filter_submit = False
    search_fields = ("name", "prefix")
    search_help_text = "Name or prefix"
    fields = (("name", "is_active"), ("bucket", "prefix"), ("kind", "content_owner"))

    @admin.display(description="Place", ordering="prefix")
    def place(self, source: ReportSource) -> SafeString:
        """Bucket and beginning of the keys."""
        bucket = source.bucket or "Report store"
        return format_html("{} <code>{}</code>", bucket, f"/{source.prefix}*")
