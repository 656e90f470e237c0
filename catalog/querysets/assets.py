"""Assets, claims and conflicts of ownership."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q

from catalog.querysets.visibility import ScopeView, VisibleMixin

MOST_WORDS = 50  # of a pasted list

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Asset,
        Claim,
        Observation,
        OwnershipConflict,
        Video,
    )


class ImportedRowsMixin(models.QuerySet[Any]):
    """Rows that imports insert and end; both moments are those of the import."""

    def new_in(self, observation: Observation) -> Self:
        """Rows that this observation brought into the catalogue."""
        return self.filter(
            content_owner=observation.content_owner_id,
            created_at=observation.created_at,
        )

    def ended_in(self, observation: Observation) -> Self:
        """Rows that this list left out, and no later one named again."""
        return self.filter(
            content_owner=observation.content_owner_id, ended_at=observation.as_of
        )


class AssetQuerySet(VisibleMixin, ImportedRowsMixin, models.QuerySet["Asset"]):
    """Assets."""

    def within(self, scope: ScopeView) -> Self:
        """Of a content owner in the scope, or the metadata of a video in it."""
        feeds_video = scope.has_video(primary_asset=OuterRef("pk"))
        return self.filter(scope.owner() | Q(feeds_video))

    def listed(self) -> Self:
        """Assets that neither ended nor were merged into another one."""
        return self.filter(ended_at=None, merged_into=None)

    def missing(self, field: str) -> Self:
        """Assets that lack this identifier or name, observed empty or never."""
        lookup = "len__gt" if field == "artist" else "gt"
        least: int | str = 0 if field == "artist" else ""
        return self.exclude(**{f"{field}__{lookup}": least})

    def search(self, text: str) -> Self:
        """Assets with these identifiers; else those with every word in their title.

        Identifiers are looked up first: titles have no index, and going through all
        of them for a pasted ISRC would be in vain.
        """
        words = text.split()[:MOST_WORDS]
        codes = [word.replace("-", "").upper() for word in words]
        named = self.filter(
            Q(asset_id__in=codes)
            | (Q(isrc__in=codes) & ~Q(isrc=""))
            | (Q(upc__in=codes) & ~Q(upc=""))
        )
        if named.exists():
            return named
        titled = self
        for word in words:
            titled = titled.filter(title__icontains=word)
        return titled

    def with_constituents(self) -> Self:
        """Assets that others were merged into, by what their reports say."""
        return self.filter(constituent_asset_ids__isnull=False).exclude(
            constituent_asset_ids=[]
        )


class OwnershipConflictQuerySet(
    VisibleMixin, ImportedRowsMixin, models.QuerySet["OwnershipConflict"]
):
    """Conflicts of ownership."""

    def within(self, scope: ScopeView) -> Self:
        """As the assets that they are about."""
        of_video = scope.has_video(primary_asset=OuterRef("asset"))
        return self.filter(scope.owner() | Q(of_video))

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def open_first(self) -> Self:
        return self.order_by(F("ended_at").desc(nulls_first=True), "-pk")


class ClaimQuerySet(VisibleMixin, ImportedRowsMixin, models.QuerySet["Claim"]):
    """Claims."""

    def within(self, scope: ScopeView) -> Self:
        """Of a content owner in the scope, or on a video in it."""
        on_video = scope.has_video(video_id=OuterRef("video_id"))
        return self.filter(scope.owner() | Q(on_video))

    def active(self) -> Self:
        """Claims that are still listed and not closed."""
        return self.filter(ended_at=None).exclude(status__iexact="inactive")

    def search(self, text: str) -> Self:
        """Claims with one of these claim, video or asset IDs.

        Each has an index; a join with the assets would leave all three unused.
        """
        assets, found = apps.get_model("catalog", "Asset").objects, Q()
        for word in text.split()[:MOST_WORDS]:
            asset = assets.filter(asset_id=word.upper()).values("pk")[:1]
            found |= Q(claim_id=word) & ~Q(claim_id="")
            found |= Q(video_id=word) | Q(asset=asset)
        return self.filter(found)

    def for_video(self, video: Video) -> Self:
        """The claims on one video with their assets."""
        return self.filter(video_id=video.video_id).select_related("asset")
