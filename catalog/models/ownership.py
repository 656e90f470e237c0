"""Conflicts of ownership: somebody else says that an asset of ours is theirs."""

from django.db import models

from catalog.models.asset import Asset, observed_texts
from catalog.models.owner import ContentOwner
from catalog.models.snapshot import Observation
from catalog.querysets import OwnershipConflictQuerySet
from ytmanager.models import TimestampedModel


class OwnershipConflict(TimestampedModel):
    """One other owner of one asset, and the countries that both claim to own."""

    content_owner = models.ForeignKey(
        ContentOwner, models.PROTECT, related_name="ownership_conflicts"
    )
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="ownership_conflicts")
    other_owner = models.TextField(blank=True)
    countries = observed_texts()
    owned_since = models.DateTimeField("our ownership changed", null=True, blank=True)
    origination = models.TextField("our ownership came from", blank=True)
    other_owned_since = models.DateTimeField(
        "their ownership changed", null=True, blank=True
    )
    other_origination = models.TextField("their ownership came from", blank=True)
    other_title = models.TextField("their title", blank=True)
    other_artist = observed_texts()
    other_isrc = models.TextField("their ISRC", blank=True)
    daily_views = models.BigIntegerField(null=True, blank=True)
    engaged_views_in_conflict = models.BigIntegerField(null=True, blank=True)
    lifetime_views = models.BigIntegerField(
        "lifetime views in conflict", null=True, blank=True
    )
    lifetime_engaged_views = models.BigIntegerField(
        "lifetime engaged views in conflict", null=True, blank=True
    )
    observation = models.ForeignKey(
        Observation,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="The report that first listed it, or listed it again.",
    )
    as_of = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when complete conflict reports leave it out.",
    )

    objects = OwnershipConflictQuerySet.as_manager()

    class Meta:
        verbose_name = "conflict of ownership"
        verbose_name_plural = "conflicts of ownership"
        ordering = (models.F("daily_views").desc(nulls_last=True), "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["asset", "other_owner"], name="catalog_ownershipconflict_owner"
            ),
        )
        indexes = (
            models.Index(
                models.F("daily_views").desc(nulls_last=True),
                models.F("id").desc(),
                name="catalog_ownership_views",
            ),
        )

    def __str__(self) -> str:
        return f"{self.other_owner or 'an unnamed owner'}: {self.asset}"
