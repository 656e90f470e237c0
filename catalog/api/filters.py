"""The query parameters of the catalogue's lists; a malformed one is a 400."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django_filters import fields as filter_fields
from django_filters import rest_framework as filters

from catalog import fields
from catalog.choices import CATEGORY_CHOICES, PrivacyStatus
from catalog.models import Asset, Channel, Video
from catalog.querysets import AssetQuerySet, ChannelQuerySet, VideoQuerySet
from ytmanager.filters import DayFilter, FlagFilter, ListFilterSet, WordFilter, words

VERDICTS = {"true": "yes", "false": "no", "unknown": "unknown"}
SORT_COLUMNS = {
    "published_at": "published_at",
    "views": "sort_views",
    "title": "title",
    "length": "length_seconds",
    "created_at": "created_at",
    "video_id": "video_id",
}


class CategoryField(filter_fields.ChoiceField):
    """A category by YouTube's number or by its name."""

    def to_python(self, value: Any) -> str:
        try:
            return fields.category(value)
        except fields.UnmappableValueError as exc:
            raise ValidationError("Use a category's number or its name.") from exc


class CategoryFilter(filters.ChoiceFilter):
    """A filter by category."""

    field_class = CategoryField


class VideoFilterSet(ListFilterSet):
    """What `/api/videos/` can be narrowed down by, and its order."""

    search = filters.CharFilter(
        method="by_search", help_text="Words of title, artist, label or identifiers."
    )
    video_id = filters.CharFilter()
    channel = filters.CharFilter("channel__channel_id", help_text="A channel's ID.")
    channel_search = filters.CharFilter(
        method="by_channel", help_text="Part of a channel's name or ID."
    )
    privacy_status = WordFilter(choices=PrivacyStatus.choices)
    category = CategoryFilter("category_id", choices=CATEGORY_CHOICES)
    duration = WordFilter(
        method="by_duration",
        choices=words("short", "medium", "long"),
        help_text="Under 4 minutes, up to 20 minutes, or longer.",
    )
    has_asset_id = FlagFilter("primary_asset", lookup_expr="isnull", exclude=True)
    asset_id = filters.CharFilter("primary_asset__asset_id")
    custom_id = filters.CharFilter()
    policy = WordFilter(
        method="by_policy",
        choices=words("monetizing", "not_monetizing", "track", "block"),
    )
    claimed_by_another = FlagFilter("claimed_by_another_owner")
    is_short = WordFilter(method="by_verdict", choices=words(*VERDICTS))
    is_live_stream = FlagFilter()
    administered = FlagFilter("is_administered")
    pending = FlagFilter(method="by_pending", help_text="Has edits not pushed yet.")
    conflict = FlagFilter(method="by_conflict", help_text="Has an open conflict.")
    assignee = filters.CharFilter(
        method="by_assignee", help_text="A username, `me` or `nobody`."
    )
    on_youtube = FlagFilter(
        "not_found_at",
        lookup_expr="isnull",
        help_text="False: two refreshes in a row did not find it.",
    )
    several_assets = FlagFilter("has_several_assets")
    listed = FlagFilter(
        "missing_since",
        lookup_expr="isnull",
        help_text="False: the newest video report of the owner left it out.",
    )
    hidden = WordFilter(
        method="by_hidden",
        choices=words("false", "true", "all"),
        help_text="Hidden videos are left out unless asked for.",
    )
    date_from = DayFilter(method="by_first_day", help_text="Published then or later.")
    date_to = DayFilter(method="by_last_day", help_text="Published then or earlier.")
    isrc = filters.CharFilter(method="by_isrc")
    upc = filters.CharFilter(method="by_upc")
    artist = filters.CharFilter(method="by_artist", help_text="Part of a name.")
    label = filters.CharFilter(method="by_label", help_text="Part of a name.")
    missing = WordFilter(
        method="by_missing", choices=words("isrc", "upc", "artist", "label")
    )
    sort_by = WordFilter(method="in_order", choices=words(*SORT_COLUMNS))
    order = WordFilter(method="in_order", choices=words("asc", "desc"))

    class Meta:
        model = Video
        fields = ()

    def filter_queryset(self, queryset: VideoQuerySet) -> VideoQuerySet:
        """Leave hidden videos out, and sort once, after every condition."""
        asked = self.form.cleaned_data
        if not asked["hidden"]:
            queryset = queryset.shown()
        filtered: VideoQuerySet = super().filter_queryset(queryset)
        return filtered

    def by_search(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.search(value)

    def by_channel(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.filter(channel__in=Channel.objects.search(value))

    def by_duration(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        lengths = {
            "short": videos.length_short,
            "medium": videos.length_medium,
            "long": videos.length_long,
        }
        return lengths[value]()

    def by_policy(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        if value == "not_monetizing":
            return videos.exclude(policy="monetize")
        return videos.filter(policy="monetize" if value == "monetizing" else value)

    def by_verdict(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.with_verdict(VERDICTS[value])

    def by_pending(self, videos: VideoQuerySet, _: str, value: bool) -> VideoQuerySet:
        return videos.pending_push() if value else videos.nothing_pending()

    def by_conflict(self, videos: VideoQuerySet, _: str, value: bool) -> VideoQuerySet:
        disputed = videos.with_open_conflicts()
        if value:
            return disputed
        return videos.exclude(pk__in=disputed.order_by().values("pk"))

    def by_assignee(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        if value == "nobody":
            return videos.assigned_to_nobody()
        if value == "me" and self.request is not None:
            return videos.assigned_to(self.request.user)
        return videos.filter(assignee__username=value)

    def by_hidden(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        if value == "all":
            return videos
        return videos.hidden() if value == "true" else videos.shown()

    def by_first_day(self, videos: VideoQuerySet, _: str, value: date) -> VideoQuerySet:
        return videos.published_from(value)

    def by_last_day(self, videos: VideoQuerySet, _: str, value: date) -> VideoQuerySet:
        return videos.published_until(value)

    def by_isrc(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.filter(isrc=fields.identifier(value))

    def by_upc(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.filter(upc=fields.identifier(value))

    def by_artist(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.by_artist(fields.text(value))

    def by_label(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.by_label(fields.text(value))

    def by_missing(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        return videos.missing(value)

    def in_order(self, videos: VideoQuerySet, _: str, value: str) -> VideoQuerySet:
        asked = self.form.cleaned_data
        column = SORT_COLUMNS[asked["sort_by"] or "published_at"]
        return videos.in_order(column, is_descending=asked["order"] != "asc")


class ChannelFilterSet(ListFilterSet):
    """What `/api/channels/` can be narrowed down by."""

    search = filters.CharFilter(method="by_search", help_text="Part of a name or ID.")
    is_monetized = FlagFilter()
    hidden = FlagFilter("is_hidden")
    content_owner = filters.CharFilter(
        "content_owner__name", help_text="A content owner's name."
    )

    class Meta:
        model = Channel
        fields = ()

    def by_search(
        self, channels: ChannelQuerySet, _: str, value: str
    ) -> ChannelQuerySet:
        return channels.search(value)


class AssetFilterSet(ListFilterSet):
    """What `/api/assets/` can be narrowed down by."""

    isrc = filters.CharFilter(method="by_identifier")
    upc = filters.CharFilter(method="by_identifier")
    custom_id = filters.CharFilter()
    asset_type = filters.CharFilter()
    status = filters.CharFilter()
    search = filters.CharFilter("title", "icontains", help_text="Part of a title.")
    missing = WordFilter(method="by_missing", choices=words("isrc", "upc", "artist"))
    state = WordFilter(
        method="by_state",
        choices=words("listed", "ended", "merged"),
        help_text="Ended: complete asset reports leave it out.",
    )
    content_owner = filters.CharFilter(
        "content_owner__name", help_text="A content owner's name."
    )

    class Meta:
        model = Asset
        fields = ()

    def by_missing(self, assets: AssetQuerySet, _: str, value: str) -> AssetQuerySet:
        return assets.missing(value)

    def by_state(self, assets: AssetQuerySet, _: str, value: str) -> AssetQuerySet:
        if value == "listed":
            return assets.listed()
        column = "ended_at" if value == "ended" else "merged_into"
        return assets.exclude(**{column: None})

    def by_identifier(
        self, assets: AssetQuerySet, name: str, value: str
    ) -> AssetQuerySet:
        return assets.filter(**{name: fields.identifier(value)})
