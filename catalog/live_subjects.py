"""Which videos, channels, assets and change sets a person may hear of."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from catalog.models import Asset, ChangeSet, Channel, Observation, Video
from catalog.querysets import is_scoped
from ytmanager.realtime.subjects import concerned, scope_told_by, subject

scope_told_by(is_scoped)
subject("video_id", Video, "video_id")
subject("channel_id", Channel, "channel_id")
subject("asset_id", Asset, "asset_id")
subject("change_set", ChangeSet)
subject("observation", Observation)


@concerned("observation")
def observations_around(user: Any, keys: Sequence[str]) -> Iterable[Any]:
    """Batches of content owners of which a person sees some videos."""
    seen = Video.objects.visible_to(user).order_by()
    some = seen.filter(channel__content_owner=OuterRef("content_owner"))
    around = Observation.objects.filter(Exists(some), pk__in=keys)
    return around.order_by().values_list("pk", flat=True)
