"""What a report changed that people act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q

from catalog.querysets.search import search_condition
from catalog.querysets.visibility import ScopeView, VisibleMixin

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Highlight,
        HighlightCount,
    )


class HighlightQuerySet(VisibleMixin, models.QuerySet["Highlight"]):
    """Highlights, in the order of their daily views."""

    def within(self, scope: ScopeView) -> Self:
        """Of content owners, channels, videos and assets in the scope."""
        return self.filter(
            scope.owner("observation__content_owner")
            | scope.channel("channel__")
            | Q(scope.has_video(pk=OuterRef("video")))
            | Q(scope.has_video(primary_asset=OuterRef("asset")))
        )

    def for_list(self) -> Self:
        """With what a line of a list names."""
        return self.select_related("video", "channel", "asset").defer(
            "video__description",
            "video__localizations",
            "video__search_text",
            "video__notes",
            "channel__description",
        )

    def search(self, text: str) -> Self:
        """Highlights of videos that hold every word; see `search_condition`."""
        return self.filter(search_condition(text, "video__"))

    def after(self, last: Highlight) -> Self:
        """What stands behind this one in the order of the list."""
        same = Q(pk__gt=last.pk)
        if last.daily_views is None:
            return self.filter(same, daily_views=None)
        behind = Q(daily_views__lt=last.daily_views) | Q(daily_views=None)
        return self.filter(behind | (same & Q(daily_views=last.daily_views)))


class HighlightCountQuerySet(VisibleMixin, models.QuerySet["HighlightCount"]):
    """Exact counts of highlights by kind and channel."""

    def within(self, scope: ScopeView) -> Self:
        """Of content owners and channels in the scope."""
        owned = scope.owner("observation__content_owner")
        return self.filter(owned | scope.channel("channel__"))
