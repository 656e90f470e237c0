"""Highlights: what a report changed that people act on."""

from django.db import models
from django.db.models import F

from catalog.models.asset import Asset
from catalog.models.channel import Channel
from catalog.models.snapshot import Observation
from catalog.models.video import Video
from catalog.querysets import HighlightCountQuerySet, HighlightQuerySet


class HighlightKind(models.TextChoices):
    """What happened, the most urgent first."""

    THIRD_PARTY_CLAIM = "third_party_claim", "New third-party claims"
    MONETIZATION_LOST = "monetization_lost", "No longer monetizing"
    OWNERSHIP_LOST = "ownership_lost", "Lost ownership"
    OWNERSHIP_CONFLICT = "ownership_conflict", "New ownership conflicts"
    CONFLICT = "conflict", "New conflicts"
    VIDEO_MISSING = "video_missing", "No longer listed"
    VIEWS_UP = "views_up", "Views rose"
    VIEWS_DOWN = "views_down", "Views fell"
    VIDEO_NEW = "video_new", "New videos"
    VIDEO_BACK = "video_back", "Listed again"


class Highlight(models.Model):
    """One thing that a report changed, with the daily views that rank it.

    Of each kind an observation keeps the rows with the most daily views;
    `HighlightCount` counts all of them. Written by the merge only and about rows
    that are never deleted, so nothing checks the keys again.
    """

    observation = models.ForeignKey(
        Observation,
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="highlights",
    )
    kind = models.CharField(max_length=20, choices=HighlightKind.choices)
    channel = models.ForeignKey(
        Channel,
        models.CASCADE,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    video = models.ForeignKey(
        Video,
        models.CASCADE,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    asset = models.ForeignKey(
        Asset,
        models.CASCADE,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    field = models.CharField(max_length=40, blank=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    daily_views = models.BigIntegerField(null=True)
    note = models.CharField(max_length=40, blank=True)

    objects = HighlightQuerySet.as_manager()

    class Meta:
        ordering = (F("daily_views").desc(nulls_last=True), "pk")
        default_permissions = ("view",)
        indexes = (
            models.Index(
                "observation",
                "kind",
                F("daily_views").desc(nulls_last=True),
                "id",
                name="catalog_highlight_ranked",
            ),
            models.Index(
                "observation",
                F("daily_views").desc(nulls_last=True),
                "id",
                name="catalog_highlight_all",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.field}"


class HighlightCount(models.Model):
    """How many highlights of one kind an observation has on one channel."""

    observation = models.ForeignKey(
        Observation,
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="highlight_counts",
    )
    channel = models.ForeignKey(
        Channel,
        models.CASCADE,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    kind = models.CharField(max_length=20, choices=HighlightKind.choices)
    count = models.BigIntegerField()
    daily_views = models.BigIntegerField(default=0)

    objects = HighlightCountQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=["observation", "kind", "channel"],
                name="catalog_highlightcount_one",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.count}"
