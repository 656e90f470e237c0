"""Channels: their figures with the trend, and what the office calls them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse

from catalog.admin import columns, filters
from catalog.admin.channel_columns import ChannelColumns
from catalog.admin.channel_export import ChannelExport
from catalog.admin.clean_up import CleanUpPage
from catalog.admin.history import history_of
from catalog.admin.kept_options import OwnerFilter
from catalog.admin.refusals import RefusableForm, RefusalsMixin
from catalog.admin.restoring import RestoreButton
from catalog.admin.sparkline import Point, in_words, sparkline
from catalog.admin.values_seen import read_values_seen, values_seen
from catalog.fields import OF_CHANNEL
from catalog.models import Channel, ChannelStatistics
from catalog.querysets import ChannelQuerySet
from catalog.services.channels import hide_channels, update_channel
from ytmanager.admin import KeptRowsMixin, SearchedRowsMixin, actor_of, report_errors
from ytmanager.templatetags.figures import thousands

TREND_DAYS = 90
FIGURES = (
    ("subscriber_count", "Subscribers"),
    ("view_count", "Views"),
    ("video_count", "Videos"),
)


class ChannelForm(RefusableForm):
    """The office's own fields; everything else comes from YouTube."""

    class Meta:
        model = Channel
        fields = tuple(OF_CHANNEL)


def trend(rows: Sequence[ChannelStatistics], name: str) -> list[Point]:
    """One figure of the days on which it is known, oldest first."""
    return [
        Point(f"{row.on:%Y-%m-%d}", getattr(row, name))
        for row in reversed(rows)
        if getattr(row, name) is not None
    ]


def trends(channel: Channel) -> Iterator[dict[str, Any]]:
    """Each figure of a channel with its newest value and its line."""
    rows = list(channel.statistics.all()[:TREND_DAYS])
    for name, label in FIGURES:
        points = trend(rows, name)
        yield {
            "label": label,
            "count": getattr(channel, name),
            "line": sparkline(points),
            "words": in_words(points) if len(points) > 1 else "",
        }


@admin.register(Channel)
class ChannelAdmin(
    KeptRowsMixin,
    SearchedRowsMixin,
    RefusalsMixin,
    CleanUpPage,
    ChannelExport,
    RestoreButton,
    ChannelColumns,
):
    """Channels: office name, hiding, and how they grow."""

    form = ChannelForm
    list_display = (
        "channel_name",
        "partner",
        "subscribers",
        "total_views",
        "videos",
        "monetized",
        "country",
        "hidden",
    )
    list_display_links = None
    list_select_related = ("content_owner",)
    list_filter = (
        filters.MONETIZED,
        filters.HiddenChannelFilter,
        ("content_owner", OwnerFilter),
    )
    search_fields = ("name", "channel_id", "partner_name", "partner_custom_id")
    search_help_text = "Name, channel ID, office name or partner ID"
    actions = ("hide", "show_again")
    readonly_fields = (
        "channel_id",
        "name",
        "content_owner",
        "country",
        "is_monetized",
        "description",
    )
    fieldsets = (
        ("Office", {"fields": (("partner_name", "partner_custom_id"), "is_hidden")}),
        (
            "On YouTube",
            {
                "fields": (
                    ("name", "channel_id"),
                    ("content_owner", "country"),
                    "is_monetized",
                    "description",
                )
            },
        ),
    )

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        """Send the edit through its service, which keeps the history."""
        done = update_channel(
            channel=obj,
            values={n: form.cleaned_data[n] for n in OF_CHANNEL if n in form.fields},
            base=read_values_seen(request, OF_CHANNEL),
            actor=actor_of(request),
        )
        if done is None:
            messages.info(request, "Nothing was changed.")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        channel = kwargs.get("obj")
        if channel is not None:
            context |= {
                "channel": channel,
                "values_seen": values_seen(request, channel, OF_CHANNEL),
                "image": columns.channel_image(channel),
                "trends": list(trends(channel)),
                **history_of(channel),
                "may_restore": self.has_change_permission(request, channel),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description="Hide from the lists", permissions=["hide"])
    def hide(self, request: HttpRequest, queryset: ChannelQuerySet) -> None:
        self.set_hidden(request, queryset, True)

    @admin.action(description="Show in the lists again", permissions=["hide"])
    def show_again(self, request: HttpRequest, queryset: ChannelQuerySet) -> None:
        self.set_hidden(request, queryset, False)

    def set_hidden(
        self, request: HttpRequest, queryset: ChannelQuerySet, is_hidden: bool
    ) -> None:
        chosen = Channel.objects.filter(pk__in=queryset.order_by().values("pk"))
        with report_errors(request):
            done = hide_channels(
                channels=chosen, actor=actor_of(request), is_hidden=is_hidden
            )
            count = done.applied_count if done else 0
            state = "hidden" if is_hidden else "shown again"
            messages.success(request, f"Channels {state}: {thousands(count)}.")
