"""The list of videos and the page of one video."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from catalog.admin import filters, import_filters
from catalog.admin.spreadsheet_export import VideoExport
from catalog.admin.video_actions import VideoActions
from catalog.admin.video_columns import VideoColumns
from catalog.admin.video_page import VideoPage
from catalog.admin.video_search import find_videos
from catalog.models import Video
from ytmanager.admin import KeptRowsMixin


@admin.register(Video)
class VideoAdmin(KeptRowsMixin, VideoPage, VideoExport, VideoActions, VideoColumns):
    """Videos as a metadata editor needs them every day."""

    list_display = (
        "picture",
        "name",
        "channel_name",
        "credits",
        "identifiers",
        "asset",
        "views",
        "duration",
        "published",
        "unpushed",
    )
    list_display_links = None
    list_before_template = "catalog/video/list_before.html"
    actions = (*VideoActions.actions, "export_ticked")
    search_fields = ("search_text",)
    search_help_text = "Title, artist, label, ISRC, UPC, video or asset ID"
    ordering = None
    list_filter = (
        ("channel", AutocompleteSelectFilter),
        filters.UNPUSHED,
        filters.CONFLICT,
        filters.MISSING,
        filters.HAS_ASSET,
        filters.POLICY,
        filters.CLAIMED_BY_OTHERS,
        filters.PRIVACY,
        filters.CATEGORY,
        filters.LENGTH,
        filters.SHORT,
        filters.LIVE_STREAM,
        filters.ADMINISTERED,
        filters.AssigneeFilter,
        filters.HiddenFilter,
        filters.ON_YOUTUBE,
        ("published_at", filters.DateRangeFilter),
        import_filters.NEW_IN,
        import_filters.CHANGED_IN,
    )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return find_videos(queryset, search_term), False
