"""Content owners and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from catalog.exceptions import ChannelNotFoundError
from catalog.querysets.visibility import VisibleMixin

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Channel,
        ContentOwner,
    )


class ContentOwnerQuerySet(VisibleMixin, models.QuerySet["ContentOwner"]):
    """Content owners."""


class ChannelQuerySet(VisibleMixin, models.QuerySet["Channel"]):
    """Channels."""

    def get_by_channel_id(self, channel_id: str) -> Channel:
        """Return one channel; raises ChannelNotFoundError."""
        try:
            return self.get(channel_id=channel_id)
        except self.model.DoesNotExist as exc:
            raise ChannelNotFoundError(channel_id=channel_id) from exc

    def shown(self) -> Self:
        """Channels that nobody hid."""
        return self.filter(is_hidden=False)

    def search(self, text: str) -> Self:
        """Channels whose name, office name or ID holds the text."""
        return self.filter(
            Q(name__icontains=text)
            | Q(partner_name__icontains=text)
            | Q(channel_id__icontains=text)
        )
