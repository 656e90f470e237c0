"""The columns of the list of channels."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin import columns
from catalog.models import Channel
from ytmanager.admin import ModelAdmin
from ytmanager.templatetags.figures import thousands


class ChannelColumns(ModelAdmin):
    """Names and newest figures of each channel."""

    @admin.display(description="Channel", ordering="name")
    def channel_name(self, channel: Channel) -> SafeString:
        watch = f"https://www.youtube.com/channel/{channel.channel_id}"
        link = columns.outside_link(watch, "YouTube", f"{channel} on YouTube")
        title = format_html("<strong>{}</strong>", columns.page_link(channel))
        texts = columns.lines(
            title, format_html('<span class="ytm-outs">{}</span>', link)
        )
        return format_html(
            '<span class="ytm-channel">{}<span>{}</span></span>',
            columns.channel_image(channel),
            texts,
        )

    @admin.display(description="Office name", ordering="partner_name")
    def partner(self, channel: Channel) -> SafeString | None:
        quiet = format_html(
            '<span class="ytm-quiet">{}</span>', channel.partner_custom_id
        )
        return (
            columns.lines(channel.partner_name, channel.partner_custom_id and quiet)
            or None
        )

    @admin.display(description="Subscribers", ordering="subscriber_count")
    def subscribers(self, channel: Channel) -> str:
        return thousands(channel.subscriber_count)

    @admin.display(description="Views", ordering="view_count")
    def total_views(self, channel: Channel) -> str:
        return thousands(channel.view_count)

    @admin.display(description="Videos", ordering="video_count")
    def videos(self, channel: Channel) -> SafeString:
        return format_html(
            '<a class="ytm-link" href="../video/?channel__id__exact={}">{}</a>',
            channel.pk,
            "Show" if channel.video_count is None else thousands(channel.video_count),
        )

    @admin.display(description="Monetized", ordering="is_monetized")
    def monetized(self, channel: Channel) -> SafeString | None:
        if channel.is_monetized is None:
            return None
        return (
            columns.badge("Yes", "good")
            if channel.is_monetized
            else columns.badge("No")
        )

    @admin.display(description="Hidden")
    def hidden(self, channel: Channel) -> SafeString | None:
        return columns.badge("Hidden", "warn") if channel.is_hidden else None
