"""Shorts and what is none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from catalog.querysets.visibility import ScopeView, VisibleMixin

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        NonYouTubeShorts,
        ShortsVerdict,
        YouTubeShorts,
    )


class ShortsVerdictQuerySet(VisibleMixin, models.QuerySet["ShortsVerdict"]):
    """Shorts verdicts."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the videos in the scope."""
        return self.filter(scope.video("video__"))

    def for_list(self) -> Self:
        return self.select_related("video__channel", "video__statistics", "decided_by")

    def undecided(self) -> Self:
        """What may be a Short, newest first, in the order of the index."""
        return self.filter(verdict="unknown").order_by("-pk")

    def before(self, key: int) -> Self:
        """The rows that follow a video in the order of the review."""
        return self.filter(pk__lt=key)

    def to_probe(self, *, published_before: datetime, asked_before: datetime) -> Self:
        """Undecided public videos that are old enough and were not asked lately."""
        not_lately = Q(probed_at=None) | Q(probed_at__lt=asked_before)
        return self.undecided().filter(
            not_lately,
            method="rule",
            video__privacy_status="public",
            video__not_found_at=None,
            video__published_at__lt=published_before,
        )


class YouTubeShortsManager(models.Manager["YouTubeShorts"]):
    """Only the videos that are Shorts."""

    def get_queryset(self) -> ShortsVerdictQuerySet:  # type: ignore[override]
        return ShortsVerdictQuerySet(self.model, using=self._db).filter(verdict="yes")


class NonYouTubeShortsManager(models.Manager["NonYouTubeShorts"]):
    """Only the videos that are certainly no Shorts."""

    def get_queryset(self) -> ShortsVerdictQuerySet:  # type: ignore[override]
        return ShortsVerdictQuerySet(self.model, using=self._db).filter(verdict="no")
