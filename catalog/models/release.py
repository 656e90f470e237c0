"""The distributor's own releases, and which videos show them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from catalog.models.owner import ContentOwner
from catalog.models.spreadsheet import SheetReading
from catalog.models.video import Video
from catalog.querysets.releases import (
    ReleaseListQuerySet,
    ReleaseMatchQuerySet,
    ReleaseQuerySet,
)
from ytmanager.models import TimestampedModel


class ReleaseList(TimestampedModel):
    """One uploaded list of releases, from its columns to the matches made of it."""

    class State(models.TextChoices):
        """Columns, reading, matching."""

        MAPPING = "mapping", "Columns to be confirmed"
        WAITING = "waiting", "Waiting to be read"
        READING = "reading", "Being read"
        MATCHING = "matching", "Being matched"
        MATCHED = "matched", "Matched"
        FAILED = "failed", "Failed"

    UNFINISHED = (State.WAITING, State.READING, State.MATCHING)

    content_owner = models.ForeignKey(
        ContentOwner, models.PROTECT, related_name="release_lists"
    )
    name = models.CharField("file", max_length=255)
    key = models.CharField(max_length=500, editable=False)
    size = models.BigIntegerField(default=0)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="uploaded by",
        related_name="release_lists",
    )
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1, blank=True)
    header_line = models.IntegerField(default=1)
    header = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    list_separator = models.CharField(
        "several values in a cell are separated by",
        max_length=1,
        choices=SheetReading.ListSeparator.choices,
        default=SheetReading.ListSeparator.PIPE,
    )
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.MAPPING
    )
    counts = models.JSONField(default=dict)
    findings = models.JSONField(
        default=list, help_text="The first cells that were not taken, and why."
    )
    error = models.TextField(blank=True)
    job_id = models.BigIntegerField(null=True, blank=True, editable=False)

    objects = ReleaseListQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """One recording on one product, as the distributor's system has it.

    The values are in the normal form of the video's fields of the same name;
    the last three columns are worked out from them for matching and search.
    """

    content_owner = models.ForeignKey(
        ContentOwner, models.PROTECT, db_index=False, related_name="releases"
    )
    key = models.TextField(help_text="ISRC and UPC, else UPC, title and artist.")
    isrc = models.TextField("ISRC", blank=True)
    upc = models.TextField("UPC", blank=True)
    artist = ArrayField(models.TextField(), default=list, blank=True)
    title = models.TextField(blank=True)
    album = models.TextField(blank=True)
    label = models.TextField(blank=True)
    genre = ArrayField(models.TextField(), default=list, blank=True)
    length_seconds = models.IntegerField("length", null=True, blank=True)
    release_list = models.ForeignKey(
        ReleaseList,
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="releases",
        help_text="The newest list that had this release.",
    )
    loaded_at = models.DateTimeField(auto_now_add=True)
    title_words = models.TextField(blank=True, editable=False)
    artist_words = models.TextField(blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["content_owner", "key"], name="catalog_release_key"
            ),
        )
        indexes = (
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                name="catalog_release_search",
            ),
        )

    def __str__(self) -> str:
        return f"{', '.join(self.artist)} – {self.title}" if self.artist else self.title


class ReleaseMatch(models.Model):
    """A release that a video seems to show, how surely, and why."""

    class Method(models.TextChoices):
        """How they were found."""

        ISRC = "isrc", "ISRC"
        TEXT = "text", "Title, artist, length"

    class State(models.TextChoices):
        """What a person says."""

        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"

    video = models.ForeignKey(
        Video, models.CASCADE, db_index=False, related_name="release_matches"
    )
    release = models.ForeignKey(Release, models.CASCADE, related_name="matches")
    confidence = models.PositiveSmallIntegerField(help_text="0 to 100.")
    method = models.CharField(max_length=4, choices=Method.choices)
    reasons = ArrayField(models.TextField(), default=list)
    is_ambiguous = models.BooleanField(
        "several fit",
        default=False,
        help_text="Another release fits the video about as well.",
    )
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.PROPOSED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseMatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "release matches"
        ordering = ("-confidence", "video_id", "-pk")  # not the order of videos
        constraints = (
            models.UniqueConstraint(
                fields=["video", "release"], name="catalog_releasematch_pair"
            ),
            models.UniqueConstraint(
                fields=["video"],
                condition=Q(state="accepted"),
                name="catalog_releasematch_one_accepted",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=100),
                name="catalog_releasematch_confidence_valid",
            ),
        )
        indexes = (
            models.Index(
                fields=["state", "-confidence", "video", "-id"],
                name="catalog_releasematch_list",
            ),
        )

    def __str__(self) -> str:
        return f"{self.video}: {self.release} ({self.confidence} %)"
