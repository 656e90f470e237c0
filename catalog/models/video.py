"""Videos: what the office wants them to be, and what is only observed."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from catalog import fields
from catalog.choices import CATEGORY_CHOICES, License, Policy, PrivacyStatus
from catalog.models.asset import Asset
from catalog.models.channel import Channel
from catalog.querysets import VideoQuerySet
from ytmanager.models import TimestampedModel

GUARD = pgtrigger.Trigger(
    name="guard_pushable_columns",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
        *fields.PUSHABLE, "pending_fields"
    ),
    # SET LOCAL by catalog.doors; a statement trigger costs nothing per row.
    func="""
        IF coalesce(current_setting('ytmanager.door', true), '') = '' THEN
            RAISE EXCEPTION 'catalog_video: pushable columns change only through '
                'an observation or a change set'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
    """,
)


def text_list() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.TextField(), default=list, blank=True)


def three_valued(
    verbose_name: str | None = None,
) -> "models.BooleanField[bool | None, bool | None]":
    return models.BooleanField(verbose_name, null=True, blank=True)


class Video(TimestampedModel):
    """A YouTube video and the music metadata the office keeps for it.

    The pushable columns hold the wanted values; `pending_fields` names those
    that differ from the snapshot. Rows are never deleted.
    """

    # Unique by a constraint: unique=True would add a second index for LIKE.
    video_id = models.CharField("video ID", max_length=20)
    # Without constraints: docs/indexes.md says why.
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, related_name="videos"
    )
    primary_asset = models.ForeignKey(
        Asset,
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="primary_videos",
    )
    has_several_assets = models.BooleanField(default=False)
    is_asset_chosen = models.BooleanField(default=False)

    # Pushable, video part
    title = models.TextField(blank=True)
    description = models.TextField(blank=True)
    tags = text_list()
    category_id = models.TextField("category", blank=True, choices=CATEGORY_CHOICES)
    privacy_status = models.TextField(
        "privacy", blank=True, choices=PrivacyStatus.choices
    )
    publish_at = models.TextField(blank=True, help_text="UTC; empty: not scheduled.")
    embeddable = three_valued("embedding allowed")
    license = models.TextField("licence", blank=True, choices=License.choices)
    public_stats_viewable = three_valued("public statistics")
    made_for_kids = three_valued("made for kids")
    default_language = models.TextField("language", blank=True)
    default_audio_language = models.TextField("audio language", blank=True)
    # Pushable, asset part
    artist = text_list()
    genre = text_list()
    label = models.TextField(blank=True)
    album = models.TextField(blank=True)
    upc = models.TextField("UPC", blank=True)
    isrc = models.TextField("ISRC", blank=True)
    custom_id = models.TextField("custom ID", blank=True)
    # Carried whole
    localizations = models.JSONField(null=True, blank=True)

    # Observed only
    length_seconds = models.IntegerField("length", null=True, blank=True)
    uploaded_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField("published", null=True, blank=True)
    is_live_stream = three_valued("live stream")
    claimed_status = models.TextField(blank=True)
    claimed_by_this_owner = three_valued()
    claimed_by_another_owner = three_valued()
    other_owners_claiming = models.TextField(blank=True)
    effective_policy = models.TextField(blank=True)
    policy = models.TextField(blank=True, choices=Policy.choices)
    ratings_allowed = three_valued()
    comments_allowed = three_valued()
    third_party_ads_enabled = three_valued()
    display_ads_enabled = three_valued()
    sponsored_cards_enabled = three_valued()
    overlay_ads_enabled = three_valued()
    nonskippable_video_ads_enabled = three_valued()
    long_nonskippable_video_ads_enabled = three_valued()
    skippable_video_ads_enabled = three_valued()
    prerolls_enabled = three_valued()
    midrolls_enabled = three_valued()
    postrolls_enabled = three_valued()
    in_video_ads_enabled = three_valued()
    thumbnail_url = models.TextField(blank=True)
    sort_views = models.BigIntegerField("views", null=True, blank=True)
    not_found_at = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(
        "no longer listed since",
        null=True,
        blank=True,
        editable=False,
        help_text="Data date of the first video report that left the video out.",
    )

    # Office only
    notes = models.TextField(blank=True)
    is_administered = models.BooleanField("administered", default=False)
    administered_at = models.DateTimeField(null=True, blank=True)
    administered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    is_hidden = models.BooleanField("hidden", default=False)
    pinned_fields = text_list()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="assigned_videos",
    )

    # Kept by the two ways in
    pending_fields = text_list()
    search_text = models.TextField(blank=True, editable=False)
    row_version = models.BigIntegerField(default=1, editable=False)

    objects = VideoQuerySet.as_manager()

    class Meta:
        ordering = (F("published_at").desc(nulls_last=True), "-pk")
        triggers = (GUARD,)
        permissions = (
            ("push_video", "Can push videos to YouTube"),
            ("bulk_edit_video", "Can edit many videos at once"),
        )
        constraints = (
            models.UniqueConstraint(fields=["video_id"], name="catalog_video_id"),
            models.CheckConstraint(
                condition=Q(privacy_status__in=["", *PrivacyStatus.values]),
                name="catalog_video_privacy_status_valid",
            ),
            models.CheckConstraint(
                condition=Q(license__in=["", *License.values]),
                name="catalog_video_license_valid",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["", *Policy.values]),
                name="catalog_video_policy_valid",
            ),
        )
        indexes = (
            models.Index(
                F("published_at").desc(nulls_last=True),
                F("id").desc(),
                name="catalog_video_published",
            ),
            models.Index(
                F("sort_views").desc(nulls_last=True),
                F("id").desc(),
                name="catalog_video_views",
            ),
            models.Index(
                fields=["id"],
                condition=~Q(pending_fields=[]),
                name="catalog_video_pending",
            ),
            models.Index(
                fields=["id"],
                condition=~Q(missing_since=None),
                name="catalog_video_missing",
            ),
            *(
                models.Index(
                    fields=["id"],
                    condition=Q(**{field: empty}),
                    name=f"catalog_video_no_{field}",
                )
                for field, empty in (("isrc", ""), ("upc", ""), ("artist", []))
            ),
            models.Index(
                fields=["assignee", "id"],
                condition=~Q(assignee=None),
                name="catalog_video_assignee",
            ),
            models.Index(
                fields=["isrc"],
                condition=~Q(isrc=""),
                opclasses=["text_pattern_ops"],
                name="catalog_video_isrc",
            ),
            models.Index(
                fields=["upc"],
                condition=~Q(upc=""),
                opclasses=["text_pattern_ops"],
                name="catalog_video_upc",
            ),
            models.Index(
                fields=["custom_id"],
                condition=~Q(custom_id=""),
                name="catalog_video_custom_id",
            ),
            models.Index(
                fields=["primary_asset"],
                condition=Q(custom_id=F("video_id"), primary_asset__isnull=False),
                name="catalog_video_uncleaned",
            ),
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                name="catalog_video_search",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.video_id

    def value_of(self, name: str) -> Any:
        """A wanted value as change sets keep it: a person by username."""
        if fields.EDITABLE[name].shape is not fields.Shape.PERSON:
            return getattr(self, name)
        person = getattr(self, name)
        return person.get_username() if person else ""


class VideoStatistics(models.Model):
    """Counters of a video and the age of each group of its facts.

    Almost every row changes with every report, so the table is narrow, has no
    secondary index and half-filled pages (see the migration): updates stay
    inside their page.
    """

    # Without a constraint: docs/indexes.md says why.
    video = models.OneToOneField(
        Video,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="statistics",
    )
    view_count = models.BigIntegerField("views", null=True)
    comment_count = models.BigIntegerField("comments", null=True)
    like_count = models.BigIntegerField("likes", null=True)
    engaged_view_count = models.BigIntegerField("engaged views", null=True)
    previous_view_count = models.BigIntegerField(null=True)
    previous_as_of = models.DateTimeField(null=True)
    daily_views = models.BigIntegerField(
        null=True, help_text="Views a day between the last two counts."
    )
    previous_daily_views = models.BigIntegerField(
        null=True, help_text="The same one count earlier."
    )
    listed_as_of = models.DateTimeField(
        null=True, help_text="Data date of the newest video report that lists it."
    )
    snippet_as_of = models.DateTimeField(null=True)
    status_as_of = models.DateTimeField(null=True)
    localizations_as_of = models.DateTimeField(null=True)
    asset_as_of = models.DateTimeField(null=True)
    counters_as_of = models.DateTimeField(null=True)
    claims_as_of = models.DateTimeField(null=True)
    fingerprint = models.BigIntegerField(
        null=True,
        editable=False,
        help_text="Hash of the report row that was merged last; empty when anything "
        "that the row speaks of moved since.",
    )

    class Meta:
        verbose_name_plural = "video statistics"

    def __str__(self) -> str:
        return f"statistics of video {self.pk}"
