"""Assets of YouTube's Content ID and the claims that tie them to videos."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
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
    provided_as_of = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When what we provided was last read as such; from then on what "
        "YouTube displays only stands beside it.",
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="merged_assets",
        help_text="The asset that YouTube merged this one into.",
    )
    ended_at = models.DateTimeField(
        "no longer listed since",
        null=True,
        blank=True,
        help_text="Since when complete asset reports leave it out.",
    )

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
            models.Index(
                fields=["id"],
                condition=models.Q(constituent_asset_ids__isnull=False)
                & ~models.Q(constituent_asset_ids=[]),
                name="catalog_asset_constituents",
            ),
            models.Index(
                fields=["merged_into"],
                condition=~models.Q(merged_into=None),
                name="catalog_asset_merged_into",
            ),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False),
                name="catalog_asset_ended",
            ),
            # Rows come in the order of time, and cost nothing to note.
            BrinIndex(fields=["created_at"], name="catalog_asset_created"),
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
    video_id = models.CharField(
        "video ID",
        max_length=20,
        blank=True,
        help_text="Empty: YouTube deleted the video and no longer names it.",
    )
    asset = models.ForeignKey(
        Asset, models.PROTECT, db_constraint=False, related_name="claims"
    )
    status = models.TextField(blank=True)
    status_detail = models.TextField(blank=True, default="", db_default="")
    claim_type = models.TextField("type", blank=True, default="", db_default="")
    claimed_at = models.DateTimeField("claimed", null=True, blank=True)
    origin = models.TextField(blank=True)
    content_type = models.TextField(blank=True)
    policy = models.TextField(blank=True)
    # Countries by action: of the claim itself, else of the asset's match policy.
    claim_policy_monetize = observed_texts()
    claim_policy_track = observed_texts()
    claim_policy_block = observed_texts()
    asset_policy_monetize = observed_texts()
    asset_policy_track = observed_texts()
    asset_policy_block = observed_texts()
    is_partner_provided = models.BooleanField(null=True, blank=True)
    is_shorts_eligible = models.BooleanField("may be a Short", null=True, blank=True)
    reference_id = models.TextField(
        "reference ID", blank=True, default="", db_default=""
    )
    # The video may be somebody else's: what the claim report says of it.
    video_title = models.TextField(blank=True, default="", db_default="")
    video_channel_id = models.TextField(
        "channel ID of the video", blank=True, default="", db_default=""
    )
    video_channel_title = models.TextField(
        "channel of the video", blank=True, default="", db_default=""
    )
    view_count = models.BigIntegerField("views", null=True, blank=True)
    engaged_view_count = models.BigIntegerField("engaged views", null=True, blank=True)
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
        indexes = (
            models.Index(fields=["video_id"], name="catalog_claim_video"),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False),
                name="catalog_claim_ended",
            ),
            BrinIndex(fields=["created_at"], name="catalog_claim_created"),
        )

    def __str__(self) -> str:
        return self.claim_id or f"{self.asset_id} on {self.video_id}"

    @property
    def countries_by_action(self) -> dict[str, list[str]]:
        """Where the claim monetizes, tracks or blocks; the asset's where it is mute."""
        for side in ("claim", "asset"):
            told = {
                action: getattr(self, f"{side}_policy_{action}") or []
                for action in ("monetize", "track", "block")
            }
            if any(told.values()):
                return {action: where for action, where in told.items() if where}
        return {}
