"""Whether a video is a YouTube Short: one verdict per video."""

from datetime import datetime

from django.conf import settings
from django.db import models

from catalog.models.video import Video
from catalog.querysets import (
    NonYouTubeShortsManager,
    ShortsVerdictQuerySet,
    YouTubeShortsManager,
)


class ShortsVerdict(models.Model):
    """Yes, no or unknown, with how it was reached; a person's verdict wins."""

    class Verdict(models.TextChoices):
        """YouTube's API has no such flag: unknown is an honest answer."""

        YES = "yes", "Short"
        NO = "no", "Not a Short"
        UNKNOWN = "unknown", "May be a Short"

    class Method(models.TextChoices):
        """How a verdict was reached, strongest last."""

        RULE = "rule", "Length and upload date"
        REPORT = "report", "Report"
        PROBE = "probe", "Probe"
        MANUAL = "manual", "Person"

    # Without a constraint: docs/indexes.md says why.
    video = models.OneToOneField(
        Video,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="short",
    )
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    evidence = models.TextField(blank=True)
    rule_version = models.PositiveSmallIntegerField(default=1)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    decided_at = models.DateTimeField()
    overruled = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="What stood here before a person decided; comes back when that "
        "decision is taken back.",
    )
    probed_at = models.DateTimeField("YouTube asked", null=True, blank=True)
    probe_note = models.TextField(
        blank=True, default="", db_default="", help_text="What YouTube answered."
    )

    objects = ShortsVerdictQuerySet.as_manager()

    class Meta:
        # The only list of this model itself; the proxies below have their own names.
        verbose_name = "Short to review"
        verbose_name_plural = "Shorts to review"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(verdict__in=["yes", "no", "unknown"]),
                name="catalog_shortsverdict_verdict_valid",
            ),
        )
        indexes = (
            models.Index(fields=["verdict", "video"], name="catalog_short_verdict"),
        )

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.evidence}"


class YouTubeShorts(ShortsVerdict):
    """The videos that are Shorts."""

    objects = YouTubeShortsManager()  # type: ignore[misc,assignment]

    class Meta:
        proxy = True
        verbose_name = "YouTube Short"
        verbose_name_plural = "YouTube Shorts"

    @property
    def detected_at(self) -> datetime:
        return self.decided_at


class NonYouTubeShorts(ShortsVerdict):
    """The videos that are certainly no Shorts."""

    objects = NonYouTubeShortsManager()  # type: ignore[misc,assignment]

    class Meta:
        proxy = True
        verbose_name = "Not a Short"
        verbose_name_plural = "Not Shorts"

    @property
    def verified_at(self) -> datetime:
        return self.decided_at
