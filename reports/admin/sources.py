"""Report sources: the parts of the store in which files arrive."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.models import ReportSource
from reports.services.schedules import is_schedule
from ytmanager.admin import ModelAdmin


class ReportSourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Schedules are typed by people, so they are checked here."""

    def clean_schedule(self) -> str:
        schedule: str = " ".join(self.cleaned_data["schedule"].split())
        if schedule and not is_schedule(schedule):
            raise forms.ValidationError(
                "Five fields as in cron: minute, hour, day, month, weekday. "
                "0 6 * * * is every day at 06:00 UTC."
            )
        return schedule


@admin.register(ReportSource)
class ReportSourceAdmin(ModelAdmin):
    """Which files belong to whom, before anybody opens one."""

    list_display = ("name", "place", "kind", "content_owner", "schedule", "is_active")
    list_select_related = ("content_owner",)
    list_filter = ("is_active",)
    list_filter_submit = False
    search_fields = ("name", "prefix")
    search_help_text = "Name or prefix"
    form = ReportSourceForm
    fields = (
        ("name", "is_active"),
        ("bucket", "prefix"),
        ("kind", "content_owner"),
        "schedule",
    )

    @admin.display(description="Place", ordering="prefix")
    def place(self, source: ReportSource) -> SafeString:
        """Bucket and beginning of the keys."""
        bucket = source.bucket or "Report store"
        return format_html("{} <code>{}</code>", bucket, f"/{source.prefix}*")
