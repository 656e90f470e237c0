"""Assets of YouTube's Content ID and the claims that tie them to videos."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models.owner import ContentOwner
from catalog.querysets import AssetQuerySet, ClaimQuerySet
from ytmanager.models import TimestampedModel


def observed_texts() -> "ArrayField[list[str] | None, list[str] | None]":
    return ArrayField(models.TextField(), null=True, blank=True)


class Asset(TimestampedModel):
    """A Content ID asset as the CMS shows it; NULL: never observed.

    The metadata columns are the *provided* ones (ours, "mine"); what YouTube
    chose to show among all providers is kept in `displayed`.
    """

    # Without a constraint: docs/indexes.md says why.
    content_owner = models.ForeignKey(
        ContentOwner,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="assets",
    )
    asset_id = models.CharField("asset ID", max_length=20)
    asset_type = models.TextField(blank=True)
    status = models.TextField(blank=True)
    title = models.TextField(null=True, blank=True)  # noqa: DJ001
    artist = observed_texts()
    genre = observed_texts()
    label = models.TextField(null=True, blank=True)  # noqa: DJ001
    album = models.TextField(null=True, blank=True)  # noqa: DJ001
    upc = models.TextField("UPC", null=True, blank=True)  # noqa: DJ001
    isrc = models.TextField("ISRC", null=True, blank=True)  # noqa: DJ001
    custom_id = models.TextField("custom ID", null=True, blank=True)  # noqa: DJ001
    displayed = models.JSONField(default=dict, blank=True)
    grid = models.TextField("GRid", blank=True)
    match_policy = models.TextField(blank=True)
    ownership = models.TextField(blank=True)
    metadata_origination = models.TextField(blank=True)
    is_merged = models.BooleanField("merged", null=True, blank=True)
    constituent_asset_ids = observed_texts()
    active_reference_ids = observed_texts()
    inactive_reference_ids = observed_texts()
    embedded_asset_ids = observed_texts()
    labels = observed_texts()
    conflicting_countries = observed_texts()
    active_claim_count = models.IntegerField("active claims", null=True, blank=True)
    approx_daily_views = models.BigIntegerField("daily views", null=True, blank=True)
    as_of = models.DateTimeField(null=True, blank=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ("asset_id",)
        constraints = (
            models.UniqueConstraint(fields=["asset_id"], name="catalog_asset_id"),
        )
        indexes = (
            models.Index(
                fields=["isrc"],
                condition=~models.Q(isrc=""),
                name="catalog_asset_isrc",
            ),
            models.Index(
                fields=["upc"], condition=~models.Q(upc=""), name="catalog_asset_upc"
            ),
            models.Index(
                fields=["custom_id"],
                condition=~models.Q(custom_id=""),
                name="catalog_asset_custom_id",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.asset_id})" if self.title else self.asset_id


class Claim(TimestampedModel):
    """A claim of an asset on a video, our own or somebody else's video."""

    # Without a constraint: docs/indexes.md says why.
    content_owner = models.ForeignKey(
        ContentOwner,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="claims",
    )
    claim_id = models.CharField(
        "claim ID",
        max_length=40,
        blank=True,
        help_text="Empty when the source names video and asset only.",
    )
    video_id = models.CharField("video ID", max_length=20)
    asset = models.ForeignKey(
        Asset, models.PROTECT, db_constraint=False, related_name="claims"
    )
    status = models.TextField(blank=True)
    origin = models.TextField(blank=True)
    content_type = models.TextField(blank=True)
    policy = models.TextField(blank=True)
    is_partner_provided = models.BooleanField(null=True, blank=True)
    as_of = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["claim_id", "asset"],
                condition=~models.Q(claim_id=""),
                name="catalog_claim_id",
            ),
            models.UniqueConstraint(
                fields=["video_id", "asset"],
                condition=models.Q(claim_id=""),
                name="catalog_claim_video_asset",
            ),
        )
        indexes = (models.Index(fields=["video_id"], name="catalog_claim_video"),)

    def __str__(self) -> str:
        return self.claim_id or f"{self.asset_id} on {self.video_id}"
