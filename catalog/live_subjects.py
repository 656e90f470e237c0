"""Which videos, channels, assets and change sets a person may hear of."""

from collections.abc import Iterable, Sequence
from typing import Any

from catalog.models import Asset, ChangeSet, Channel, Observation, Video
from catalog.querysets import is_scoped
from ytmanager.realtime.subjects import finder, scope_told_by

scope_told_by(is_scoped)


@finder("video_id")
def videos(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = Video.objects.visible_to(user).filter(video_id__in=keys)
    return seen.order_by().values_list("video_id", flat=True)


@finder("channel_id")
def channels(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = Channel.objects.visible_to(user).filter(channel_id__in=keys)
    return seen.order_by().values_list("channel_id", flat=True)


@finder("asset_id")
def assets(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = Asset.objects.visible_to(user).filter(asset_id__in=keys)
    return seen.order_by().values_list("asset_id", flat=True)


@finder("change_set")
def change_sets(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = ChangeSet.objects.visible_to(user).filter(pk__in=keys)
    return seen.order_by().values_list("pk", flat=True)


@finder("observation")
def observations(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    seen = Observation.objects.visible_to(user).filter(pk__in=keys)
    return seen.order_by().values_list("pk", flat=True)
