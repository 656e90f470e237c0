"""Shorts and what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from catalog.querysets.visibility import VisibleMixin

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        NonYouTubeShorts,
        ShortsVerdict,
        YouTubeShorts,
    )


class ShortsVerdictQuerySet(VisibleMixin, models.QuerySet["ShortsVerdict"]):
    """Shorts verdicts."""

    def for_list(self) -> Self:
        return self.select_related("video__channel", "video__statistics", "decided_by")


class YouTubeShortsManager(models.Manager["YouTubeShorts"]):
    """Only the videos that are Shorts."""

    def get_queryset(self) -> ShortsVerdictQuerySet:  # type: ignore[override]
        return ShortsVerdictQuerySet(self.model, using=self._db).filter(verdict="yes")


class NonYouTubeShortsManager(models.Manager["NonYouTubeShorts"]):
    """Only the videos that are certainly no Shorts."""

    def get_queryset(self) -> ShortsVerdictQuerySet:  # type: ignore[override]
        return ShortsVerdictQuerySet(self.model, using=self._db).filter(verdict="no")
