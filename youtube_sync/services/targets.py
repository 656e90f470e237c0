"""What a push reads and writes: a video by the Data API, an asset by Content ID."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from catalog.observations.staging import VIDEO_FACTS
from youtube_sync.client import LIVE_PARTS, ContentIdClient, YouTubeClient
from youtube_sync.models import PlanItem
from youtube_sync.prices import VIDEOS_LIST, VIDEOS_UPDATE
from youtube_sync.remote import RemoteAsset, RemoteVideo

Live = RemoteVideo | RemoteAsset
Facts = dict[str, Any]


class Target(Protocol):
    """One kind of target and the calls that concern it."""

    kind: PlanItem.TargetKind
    read_call: str
    read_units: int
    update_call: str
    update_units: int

    def read(self, target_ids: Sequence[str]) -> Mapping[str, Any]:
        """What is on YouTube now, by target id; what is not there is missing."""

    def update(self, live: Any, changes: Mapping[str, Any]) -> Any:
        """Write the changes over what was read; returns the reply."""

    def facts(self, target_id: str, live: Any) -> Facts:
        """The facts of a read or a reply, for the observation."""

    def image(self, live: Any) -> dict[str, Any]:
        """Everything that an update replaces, to be kept before it."""


class VideoTarget:
    """Videos: 1 unit for a read of 50, 50 units for an update."""

    kind = PlanItem.TargetKind.VIDEO
    read_call, read_units = "videos.list", VIDEOS_LIST
    update_call, update_units = "videos.update", VIDEOS_UPDATE

    def __init__(self, client: YouTubeClient) -> None:
        self._client = client

    def read(self, target_ids: Sequence[str]) -> dict[str, RemoteVideo]:
        return self._client.get_videos(target_ids, LIVE_PARTS)

    def update(self, live: RemoteVideo, changes: Mapping[str, Any]) -> RemoteVideo:
        return self._client.update_video(live, changes)

    def facts(self, target_id: str, live: RemoteVideo) -> Facts:
        values = live.values()
        known = {name: values[name] for name in VIDEO_FACTS if name in values}
        return {"video_id": target_id, **known}

    def image(self, live: RemoteVideo) -> dict[str, Any]:
        return {name: dict(part) for name, part in live.parts.items()}


class AssetTarget:
    """Assets; Content ID publishes no prices, so the ledger counts none."""

    kind = PlanItem.TargetKind.ASSET
    read_call, read_units = "assets.list", 0
    update_call, update_units = "assets.update", 0

    def __init__(self, client: ContentIdClient) -> None:
        self._client = client

    def read(self, target_ids: Sequence[str]) -> dict[str, RemoteAsset]:
        return self._client.get_assets(target_ids)

    def update(self, live: RemoteAsset, changes: Mapping[str, Any]) -> RemoteAsset:
        return self._client.update_asset(live, changes)

    def facts(self, target_id: str, live: RemoteAsset) -> Facts:
        return {"asset_id": target_id, **live.values()}

    def image(self, live: RemoteAsset) -> dict[str, Any]:
        return {"metadataMine": dict(live.provided or {})}
