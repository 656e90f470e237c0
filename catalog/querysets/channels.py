"""Content owners and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Q

from catalog.exceptions import ChannelNotFoundError
from catalog.querysets.visibility import ScopeView, VisibleMixin

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Channel,
        ContentOwner,
    )


class ContentOwnerQuerySet(VisibleMixin, models.QuerySet["ContentOwner"]):
    """Content owners."""

    def within(self, scope: ScopeView) -> Self:
        """Those that the scope names: a channel is not yet its owner."""
        return self.filter(scope.owner("pk"))


class ChannelQuerySet(VisibleMixin, models.QuerySet["Channel"]):
    """Channels."""

    def within(self, scope: ScopeView) -> Self:
        """Those that the scope names, and those of its content owners."""
        return self.filter(scope.channel())

    def get_by_channel_id(self, channel_id: str) -> Channel:
        """Return one channel; raises ChannelNotFoundError."""
        try:
            return self.get(channel_id=channel_id)
        except self.model.DoesNotExist as exc:
            raise ChannelNotFoundError(channel_id=channel_id) from exc

    def keys_sql(self) -> tuple[str, tuple[Any, ...]]:
        """The primary keys as a subquery for set-based SQL, with its parameters."""
        try:
            return self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # Django knows that nothing can match
            return "SELECT NULL::bigint AS id WHERE false", ()

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
