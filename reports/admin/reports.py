"""The list of report files."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from reports.admin.actions import ImportAction
from reports.admin.columns import ReportColumns
from reports.admin.filters import KIND, STATE, DateRangeFilter
from reports.admin.looking import LookForFiles
from reports.admin.page import ReportPage
from reports.admin.upload import UploadPage
from reports.admin.what_changed import NEEDED, WhatChanged
from reports.models import Report
from reports.querysets import ReportQuerySet
from ytmanager.admin.seen import SeenDropdownFilter
from ytmanager.realtime.log import current_position


@admin.register(Report)
class ReportAdmin(
    ReportPage, WhatChanged, UploadPage, LookForFiles, ImportAction, ReportColumns
):
    """Files come from the store or by upload; nobody edits or deletes one."""

    list_display = (
        "file",
        "content_owner",
        "data_date",
        "progress",
        "rows",
        "videos",
        "conflict_count",
        "rejected",
        "imported",
    )
    list_display_links = None
    list_max_show_all = 150  # a page may listen to less than 200 reports
    list_filter = (
        STATE,
        KIND,
        ("content_owner", SeenDropdownFilter),
        ("source", SeenDropdownFilter),
        ("as_of", DateRangeFilter),
        ("finished_at", DateRangeFilter),
    )
    search_fields = ("name",)
    search_help_text = "A part of the file name"
    list_before_template = "reports/list_before.html"

    class Media:
        css = {"all": ("ytmanager/reports.css",)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The link to what changed is for people who may follow it."""
        if request.user.has_perms(NEEDED):
            return self.list_display
        alone = {"videos": "videos_only"}
        return tuple(alone.get(name, name) for name in self.list_display)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        reports = cast(ReportQuerySet, super().get_queryset(request))
        match = request.resolver_match
        if match is not None and match.url_name == "reports_report_changelist":
            return reports.for_list()
        return reports.select_related(
            "source", "content_owner", "requested_by", "duplicate_of", "waits_for"
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Look for new files, note where the event log stands, then list."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        self.look_on_the_side(request)
        extra = {"live_position": current_position()}
        return super().changelist_view(request, extra | (extra_context or {}))
