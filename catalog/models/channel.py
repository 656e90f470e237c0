"""Channels of a content owner and their daily statistics."""

from typing import Any

from django.db import models

from catalog.models.owner import ContentOwner
from catalog.querysets import ChannelQuerySet
from ytmanager.models import TimestampedModel


class Channel(TimestampedModel):
    """A YouTube channel that a content owner manages."""

    content_owner = models.ForeignKey(
        ContentOwner, models.PROTECT, related_name="channels"
    )
    channel_id = models.CharField("channel ID", max_length=24, unique=True)
    name = models.CharField(max_length=200, blank=True)
    image_url = models.URLField("image", max_length=500, blank=True)
    description = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)
    subscriber_count = models.BigIntegerField("subscribers", null=True, blank=True)
    video_count = models.BigIntegerField("videos", null=True, blank=True)
    view_count = models.BigIntegerField("views", null=True, blank=True)
    is_monetized = models.BooleanField(
        "monetized",
        null=True,
        blank=True,
        help_text=(
            "At least one of its videos in the last video report has a policy that "
            "monetizes."
        ),
    )
    monetized_as_of = models.DateTimeField(
        null=True, editable=False, help_text="Reports tell it, so it has its own age."
    )
    is_hidden = models.BooleanField(
        "hidden", default=False, help_text="Leave this channel out of the lists."
    )
    as_of = models.DateTimeField(null=True, blank=True, editable=False)
    # Of the office's own fields; sheets carry it.
    row_version = models.BigIntegerField(default=1, db_default=1, editable=False)
    partner_custom_id = models.CharField("partner custom ID", max_length=64, blank=True)
    partner_name = models.CharField(
        "office name",
        max_length=200,
        blank=True,
        help_text="What the office calls this channel's partner.",
    )

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ("name", "channel_id")
        indexes = (
            models.Index(fields=["name", "channel_id"], name="catalog_channel_name"),
        )

    def value_of(self, name: str) -> Any:
        """A wanted value as change sets keep it."""
        return getattr(self, name)

    def __str__(self) -> str:
        return self.name or self.channel_id


class ChannelStatistics(models.Model):
    """The counters of one channel on one day (UTC)."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="statistics")
    on = models.DateField()
    subscriber_count = models.BigIntegerField(null=True)
    video_count = models.BigIntegerField(null=True)
    view_count = models.BigIntegerField(null=True)

    class Meta:
        verbose_name_plural = "channel statistics"
        ordering = ("-on",)
        constraints = (
            models.UniqueConstraint(
                fields=["channel", "on"], name="catalog_channelstatistics_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel_id} on {self.on}"
