"""Assets, claims and conflicts of ownership."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q

from catalog.querysets.visibility import ScopeView, VisibleMixin

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

    def for_video(self, video: Video) -> Self:
        """The claims on one video with their assets."""
        return self.filter(video_id=video.video_id).select_related("asset")
