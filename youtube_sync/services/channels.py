"""Refresh of channels: their names, pictures and counters as YouTube shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import structlog
from django.urls import reverse
from django.utils import timezone

from catalog.models import Channel
from catalog.observations.channels import ChannelCounts, observe_channels
from youtube_sync.client import Paid, YouTubeClient
from youtube_sync.exceptions import ReconnectRequiredError
from youtube_sync.models import QuotaEntry, YouTubeAccount
from youtube_sync.prices import CHANNELS_LIST, IDS_PER_CALL
from youtube_sync.remote import RemoteChannel
from youtube_sync.services import quota
from youtube_sync.services.accounts import PARTNER_SCOPE, mark_needs_reconnect
from youtube_sync.services.attempts import with_patience
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.notifications.notify import Kind, notify

logger = structlog.get_logger(__name__)

Found = dict[str, RemoteChannel]


def refresh_channels(
    *,
    account: YouTubeAccount,
    youtube: YouTubeClient,
    payer: quota.Payer = quota.NOBODY,
) -> ChannelCounts:
    """Read every channel of an account's content owner (1 unit for 50).

    Raises what the calls raise; a permission that is gone also stops the account.
    """
    as_of = timezone.now()
    try:
        paid = partial(_paid, payer)
        found = _list_channels(account, youtube, paid)
        found |= _read_missing(account, youtube, found, paid)
    except ReconnectRequiredError:
        mark_needs_reconnect(account=account)
        raise
    return observe_channels(
        content_owner=account.content_owner,
        as_of=as_of,
        facts=map(facts_of, found.values()),
    )


def _list_channels(
    account: YouTubeAccount, youtube: YouTubeClient, paid: Paid
) -> Found:
    """The channels linked to the content owner, else the connected person's."""
    owner = account.content_owner.content_owner_id
    if owner and PARTNER_SCOPE in account.granted_scopes:
        call = partial(youtube.list_managed_channels, owner, paid=paid)
    else:
        call = partial(youtube.list_own_channels, paid=paid)
    return {channel.channel_id: channel for channel in with_patience(call)}


def _read_missing(
    account: YouTubeAccount, youtube: YouTubeClient, found: Found, paid: Paid
) -> Found:
    """Channels that only the catalogue knows, 50 ids a call."""
    read: Found = {}
    for ids in _batches(account, found):
        read |= with_patience(partial(_read, youtube, ids, paid))
    return read


def _batches(account: YouTubeAccount, found: Found) -> Iterator[list[str]]:
    own = Channel.objects.filter(content_owner=account.content_owner)
    known = own.order_by("pk").values_list("channel_id", flat=True)
    missing = [channel_id for channel_id in known if channel_id not in found]
    for start in range(0, len(missing), IDS_PER_CALL):
        yield missing[start : start + IDS_PER_CALL]


def _read(youtube: YouTubeClient, ids: list[str], paid: Paid) -> Found:
    with paid():
        return youtube.get_channels(ids)


def _paid(payer: quota.Payer) -> AbstractContextManager[QuotaEntry]:
    return quota.spending(units=CHANNELS_LIST, call="channels.list", payer=payer)


def facts_of(channel: RemoteChannel) -> dict[str, Any]:
    """What a read says; without statistics it says nothing of the counters."""
    counters = {
        "subscriber_count": channel.subscriber_count,
        "video_count": channel.video_count,
        "view_count": channel.view_count,
    }
    has_counters = any(count is not None for count in counters.values())
    return {
        "channel_id": channel.channel_id,
        "name": channel.title,
        "image_url": channel.thumbnail_url,
        "description": channel.description,
        "country": channel.country,
        **(counters if has_counters else {}),
    }


def tell_failure(*, account: YouTubeAccount, error: YouTubeCMSError) -> None:
    """Say why the figures of channels stay as they are."""
    logger.warning(
        "channels_not_refreshed", account_pk=account.pk, error_type=error.error_type
    )
    notify(
        kind=Kind.ALARM,
        level="warning",
        title=f"Channels of {account.content_owner} were not refreshed",
        message=error.message,
        url=reverse("admin:catalog_channel_changelist"),
    )
