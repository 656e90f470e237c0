"""The distributor's releases, their lists, and the videos that they match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from catalog.querysets.search import search_condition
from catalog.querysets.visibility import ScopeView, VisibleMixin

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Release,
        ReleaseList,
        ReleaseMatch,
    )


class ReleaseListQuerySet(VisibleMixin, models.QuerySet["ReleaseList"]):
    """Lists of releases."""

    def within(self, scope: ScopeView) -> Self:
        """Of content owners in the scope, and a person's own."""
        return self.filter(scope.owner() | Q(actor=scope.user_pk))

    def for_list(self) -> Self:
        listed = self.select_related("actor", "content_owner")
        return listed.defer("samples", "findings")

    def unfinished(self) -> Self:
        """Lists that wait for a job, or whose job is at work."""
        return self.filter(state__in=self.model.UNFINISHED)


class ReleaseQuerySet(VisibleMixin, models.QuerySet["Release"]):
    """Releases: one recording on one product each."""

    def within(self, scope: ScopeView) -> Self:
        """Of content owners in the scope, and of a person's own lists."""
        return self.filter(scope.owner() | Q(release_list__actor=scope.user_pk))

    def search(self, text: str) -> Self:
        """Releases whose title, artist or identifiers hold every word."""
        found = self
        for word in text.lower().split():
            found = found.filter(search_text__contains=word)
        return found


class ReleaseMatchQuerySet(VisibleMixin, models.QuerySet["ReleaseMatch"]):
    """Videos and the releases that they seem to show."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the videos in the scope."""
        return self.filter(scope.video("video__"))

    def for_list(self) -> Self:
        """What a page shows beside each match, read for its rows only.

        Joins would be made for every row that is skipped or sorted.
        """
        return self.prefetch_related("video__channel", "release", "decided_by")

    def proposed(self) -> Self:
        return self.filter(state="proposed")

    def accepted(self) -> Self:
        return self.filter(state="accepted")

    def clear(self) -> Self:
        """Proposals without a rival for the same video."""
        return self.proposed().filter(is_ambiguous=False)

    def at_least(self, confidence: int) -> Self:
        return self.filter(confidence__gte=confidence)

    def search(self, text: str) -> Self:
        """Matches whose video or release holds every word."""
        found = self
        for word in text.split():
            found = found.filter(
                search_condition(word, "video__")
                | Q(release__search_text__contains=word.lower())
            )
        return found

    def listed_in(self, table: str) -> Self:
        """The matches whose keys stand in the column `pk` of a table of ours."""
        return self.filter(pk__in=RawSQL(f"SELECT pk FROM {table}", []))

    def videos_with_several(self) -> models.QuerySet[ReleaseMatch, Any]:
        """Keys of the videos for which several of these were chosen."""
        counted: Any = self.order_by("video").values("video").annotate(n=Count("pk"))
        found: models.QuerySet[ReleaseMatch, Any] = counted.filter(n__gt=1)
        return found.values_list("video", flat=True)

    def decide(self, state: str, actor: AbstractBaseUser) -> int:
        """Write a person's decision; returns how many rows took it."""
        values: dict[str, Any] = {"state": state, "decided_by": actor}
        return self.order_by().update(**values, decided_at=timezone.now())
