"""Which videos, channels, assets and change sets a person may hear of."""

from catalog.models import Asset, ChangeSet, Channel, Observation, Video
from catalog.querysets import is_scoped
from ytmanager.realtime.subjects import scope_told_by, subject

scope_told_by(is_scoped)
subject("video_id", Video, "video_id")
subject("channel_id", Channel, "channel_id")
subject("asset_id", Asset, "asset_id")
subject("change_set", ChangeSet)
subject("observation", Observation)
