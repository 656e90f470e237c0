"""The columns of the list of videos: none of them asks the database."""

from datetime import datetime

from django.contrib import admin
from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin import columns
from catalog.models import Video
from ytmanager.admin import ModelAdmin
from ytmanager.templatetags.figures import thousands

# As the indexes have it: unknown values stand last in a descending list.
VIEWS = F("sort_views").asc(nulls_first=True)
PUBLISHED = F("published_at").asc(nulls_first=True)


class VideoColumns(ModelAdmin):
    """What a metadata editor wants to see of each video.

    Sortable are only the columns with an index: any other order would read and
    sort the whole catalogue for one page.
    """

    sortable_by = ("views", "published")

    @admin.display(description="Picture")
    def picture(self, video: Video) -> SafeString:
        return columns.thumbnail(video)

    @admin.display(description="Title")
    def name(self, video: Video) -> SafeString:
        marks = [
            columns.badge(text, tone)
            for text, tone, is_shown in (
                ("Private", "warn", video.privacy_status == "private"),
                ("Unlisted", "warn", video.privacy_status == "unlisted"),
                ("Live", "", video.is_live_stream),
                ("Hidden", "warn", video.is_hidden),
                ("Not on YouTube", "bad", video.not_found_at),
                ("No longer listed", "warn", video.missing_since),
            )
            if is_shown
        ]
        title = columns.page_link(video)
        below = format_html(
            "{}" + " {}" * len(marks), columns.youtube_links(video), *marks
        )
        return columns.lines(format_html("<strong>{}</strong>", title), below)

    @admin.display(description="Channel")
    def channel_name(self, video: Video) -> SafeString:
        return columns.page_link(video.channel)

    @admin.display(description="Artist, label")
    def credits(self, video: Video) -> SafeString | None:
        label = format_html('<span class="ytm-quiet">{}</span>', video.label)
        return columns.lines(", ".join(video.artist), video.label and label) or None

    @admin.display(description="ISRC, UPC")
    def identifiers(self, video: Video) -> SafeString | None:
        return columns.lines(video.isrc, video.upc) or None

    @admin.display(description="Asset, policy")
    def asset(self, video: Video) -> SafeString | None:
        asset = video.primary_asset
        link = asset and columns.page_link(asset, asset.asset_id)
        return columns.lines(link, columns.policy_badge(video)) or None

    @admin.display(description="Views", ordering=VIEWS)
    def views(self, video: Video) -> str | None:
        statistics = getattr(video, "statistics", None)
        count = statistics.view_count if statistics else video.sort_views
        return None if count is None else thousands(count)

    @admin.display(description="Length")
    def duration(self, video: Video) -> SafeString | None:
        shown = columns.video_length(video), columns.verdict_badge(video)
        return columns.lines(*shown) or None

    @admin.display(description="Published", ordering=PUBLISHED)
    def published(self, video: Video) -> SafeString | None:
        """The day, whether the office is done with the video, and whose it is."""
        moment: datetime | None = video.published_at
        done = video.is_administered and columns.badge("Administered", "good")
        whose = video.assignee and columns.badge(
            video.assignee.get_username(), hint="Assigned to"
        )
        return columns.lines(moment and f"{moment:%Y-%m-%d}", done, whose) or None

    @admin.display(description="Unpushed")
    def unpushed(self, video: Video) -> SafeString | None:
        return columns.pending_badges(video) or None
