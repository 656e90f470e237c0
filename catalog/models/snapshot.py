"""Snapshots: what YouTube last said about the pushable fields, and when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.choices import Source
from catalog.models.owner import ContentOwner
from catalog.models.video import Video
from catalog.querysets import ObservationQuerySet


class Observation(models.Model):
    """One batch of facts: a report file, a refresh, or the replies of a push."""

    content_owner = models.ForeignKey(
        ContentOwner, models.PROTECT, related_name="observations"
    )
    source = models.CharField(max_length=20, choices=Source.choices)
    as_of = models.DateTimeField(help_text="The moment at which the facts were true.")
    counts = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values),
                name="catalog_observation_source_valid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_source_display()} of {self.as_of:%Y-%m-%d %H:%M}"


def observed_list() -> "ArrayField[list[str] | None, list[str] | None]":
    return ArrayField(models.TextField(), null=True)


class VideoSnapshot(models.Model):
    """The observed value of every pushable field; NULL: never observed."""

    # Without a constraint: docs/indexes.md says why.
    video = models.OneToOneField(
        Video,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="snapshot",
    )
    title = models.TextField(null=True)  # noqa: DJ001 - NULL means never observed
    description = models.TextField(null=True)  # noqa: DJ001
    tags = observed_list()
    category_id = models.TextField(null=True)  # noqa: DJ001
    privacy_status = models.TextField(null=True)  # noqa: DJ001
    publish_at = models.TextField(null=True)  # noqa: DJ001
    embeddable = models.BooleanField(null=True)
    license = models.TextField(null=True)  # noqa: DJ001
    public_stats_viewable = models.BooleanField(null=True)
    made_for_kids = models.BooleanField(null=True)
    default_language = models.TextField(null=True)  # noqa: DJ001
    default_audio_language = models.TextField(null=True)  # noqa: DJ001
    artist = observed_list()
    genre = observed_list()
    label = models.TextField(null=True)  # noqa: DJ001
    album = models.TextField(null=True)  # noqa: DJ001
    upc = models.TextField(null=True)  # noqa: DJ001
    isrc = models.TextField(null=True)  # noqa: DJ001
    custom_id = models.TextField(null=True)  # noqa: DJ001

    def __str__(self) -> str:
        return f"snapshot of video {self.pk}"


class PushedValue(models.Model):
    """The value that a confirmed push replaced, kept for the grace period.

    A read from the API may be stale for a while after a write: a reply that
    still shows `before` says nothing then.
    """

    video = models.ForeignKey(Video, models.CASCADE, related_name="pushed_values")
    field = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    pushed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["video", "field"], name="catalog_pushedvalue_field"
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} of video {self.video_id} before {self.pushed_at}"
