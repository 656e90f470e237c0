"""Channels, videos, assets and claims as the sandbox keeps them.

Seeds may be written flat (`title="Old", tags=["live"]`) or as the API shows
them (`snippet={"title": "Old"}`); everything left out gets a likely value.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.clock import Clock, as_moment, as_text
from youtube_sync.sandbox.state import Doc, Store

DEFAULT_OWNER = "SandboxOwner"
DEFAULT_CHANNEL = "UCsandboxsandboxsandbox0"
VIDEO_FIELDS = {
    "title": ("snippet", "title"),
    "description": ("snippet", "description"),
    "tags": ("snippet", "tags"),
    "category_id": ("snippet", "categoryId"),
    "default_language": ("snippet", "defaultLanguage"),
    "default_audio_language": ("snippet", "defaultAudioLanguage"),
    "channel_id": ("snippet", "channelId"),
    "published_at": ("snippet", "publishedAt"),
    "live_broadcast_content": ("snippet", "liveBroadcastContent"),
    "privacy_status": ("status", "privacyStatus"),
    "publish_at": ("status", "publishAt"),
    "license": ("status", "license"),
    "embeddable": ("status", "embeddable"),
    "public_stats_viewable": ("status", "publicStatsViewable"),
    "made_for_kids": ("status", "selfDeclaredMadeForKids"),
    "recording_date": ("recordingDetails", "recordingDate"),
    "duration": ("contentDetails", "duration"),
    "view_count": ("statistics", "viewCount"),
    "like_count": ("statistics", "likeCount"),
    "comment_count": ("statistics", "commentCount"),
}
VIDEO_PARTS = (
    "snippet", "status", "contentDetails", "statistics", "recordingDetails",
    "localizations", "liveStreamingDetails", "paidProductPlacementDetails",
)  # fmt: skip
KINDS = ("content_owner", "channel", "video", "asset", "claim")


def _video_defaults(now: str) -> Doc:
    return {
        "snippet": {
            "publishedAt": now, "channelId": DEFAULT_CHANNEL, "title": "Untitled",
            "description": "", "categoryId": "10", "liveBroadcastContent": "none",
        },
        "status": {
            "uploadStatus": "processed", "privacyStatus": "public",
            "license": "youtube", "embeddable": True, "publicStatsViewable": True,
            "selfDeclaredMadeForKids": False,
        },
        "contentDetails": {
            "duration": "PT3M21S", "dimension": "2d", "definition": "hd",
            "caption": "false", "licensedContent": True, "contentRating": {},
            "projection": "rectangular",
        },
        "statistics": {"viewCount": "0", "likeCount": "0", "favoriteCount": "0",
                       "commentCount": "0"},
        "localizations": {}, "recordingDetails": {},
    }  # fmt: skip


class Catalogue:
    """What the sandbox knows of YouTube, and the ways to fill and to edit it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self._clock = store, clock

    # Reading

    def video(self, video_id: str) -> Doc | None:
        """The stored video, published first when its time has come."""
        doc = self.store.get("video", video_id)
        if doc and _is_due(doc["status"], self._clock.now()):
            doc["status"]["privacyStatus"] = "public"
            doc["snippet"]["publishedAt"] = doc["status"]["publishAt"]
            doc["ever_published"] = True
            self.save_video(doc)
        return doc

    def video_as_read(self, video_id: str) -> Doc | None:
        """The video as reads show it: for a while that may be an older state."""
        kept = self.store.get("stale", video_id)
        if kept and self._clock.now() < as_moment(kept["until"]):
            return dict(kept["video"])
        return self.video(video_id)

    def keep_stale(self, video_id: str, seconds: float) -> None:
        """Let reads show the present state for some seconds, whatever is written."""
        doc = self.video(video_id)
        if doc is None:
            raise errors.not_found(f"No video {video_id}")
        if seconds:
            until = self._clock.now() + timedelta(seconds=seconds)
            kept = {"until": until.isoformat(), "video": doc}
            self.store.put("stale", video_id, kept)

    def asset(self, asset_id: str) -> Doc | None:
        """The asset, also by the id that it had before it was merged into another."""
        alias = self.store.get("asset_alias", asset_id)
        return self.store.get("asset", alias["asset_id"] if alias else asset_id)

    def channel(self, channel_id: str) -> Doc:
        return self.store.get("channel", channel_id) or self.add_channel(channel_id)

    # Filling

    def seed(self, data: Doc) -> dict[str, int]:
        """Add or replace everything in `data` at once; answer what was taken."""
        with self.store.transaction():
            for owner in data.get("content_owners", []):
                self.store.put("content_owner", owner["id"], owner)
            for channel in data.get("channels", []):
                self.add_channel(**_without_id(channel, "channel_id"))
            for video in data.get("videos", []):
                self.add_video(**_without_id(video, "video_id"))
            for asset in data.get("assets", []):
                self.add_asset(**_without_id(asset, "asset_id"))
            for claim in data.get("claims", []):
                self.add_claim(**_without_id(claim, "claim_id"))
        return {kind: len(items) for kind, items in data.items()}

    def clear(self) -> None:
        self.store.clear((*KINDS, "stale", "asset_alias", "thumbnail"))

    def add_channel(self, channel_id: str, **fields: Any) -> Doc:
        owner = fields.get("content_owner", DEFAULT_OWNER)
        known = channel_id == DEFAULT_CHANNEL
        doc: Doc = {
            "id": channel_id, "title": "Sandbox channel", "description": "",
            "content_owner": owner, "mine": known or not owner, "country": "US",
            "published_at": "2015-01-01T00:00:00Z", "subscriber_count": 1000,
            "view_count": 100_000, "video_count": None, "custom_url": "",
        } | fields  # fmt: skip
        self.store.put("channel", channel_id, doc, parent=owner)
        self.add_content_owner(owner)
        return doc

    def add_content_owner(self, owner: str) -> None:
        """Make sure that a content owner is known; '' is none."""
        if owner and self.store.get("content_owner", owner) is None:
            self.store.put("content_owner", owner, {"id": owner, "name": owner})

    def add_video(self, video_id: str, **fields: Any) -> Doc:
        doc = _video_defaults(as_text(self._clock.now()))
        _overlay(doc, fields)
        doc["id"] = video_id
        doc["ever_published"] = doc["status"]["privacyStatus"] == "public"
        self.channel(doc["snippet"]["channelId"])
        self.save_video(doc)
        return doc

    def edit_video(self, video_id: str, **fields: Any) -> Doc:
        """Change a video behind the client's back, as in YouTube Studio."""
        doc = self.video(video_id)
        if doc is None:
            raise errors.not_found(f"No video {video_id}")
        _overlay(doc, fields)
        doc["ever_published"] |= doc["status"]["privacyStatus"] == "public"
        self.save_video(doc)
        return doc

    def save_video(self, doc: Doc) -> None:
        snippet = doc["snippet"]
        _mirror_default_language(doc)
        self.store.put(
            "video", doc["id"], doc,
            parent=snippet["channelId"], sort=snippet["publishedAt"],
        )  # fmt: skip

    def add_asset(self, asset_id: str, **fields: Any) -> Doc:
        doc: Doc = {
            "id": asset_id, "type": "sound_recording", "status": "active",
            "timeCreated": "2025-03-01T09:00:00Z", "label": [], "aliasId": [],
            "content_owner": DEFAULT_OWNER, "metadataMine": {},
        } | fields  # fmt: skip
        doc.setdefault("metadataEffective", dict(doc["metadataMine"]))
        self.store.put("asset", asset_id, doc, parent=doc["content_owner"])
        for alias in doc["aliasId"]:
            self.store.put("asset_alias", alias, {"asset_id": asset_id})
        self.add_content_owner(doc["content_owner"])
        return doc

    def add_claim(self, claim_id: str, **fields: Any) -> Doc:
        doc: Doc = {
            "id": claim_id, "status": "active", "contentType": "audiovisual",
            "isPartnerUploaded": True, "thirdPartyClaim": False,
            "origin": {"source": "dmi"}, "timeCreated": "2025-03-01T09:05:00Z",
            "content_owner": DEFAULT_OWNER,
        } | fields  # fmt: skip
        self.store.put("claim", claim_id, doc, parent=doc["videoId"])
        self.add_content_owner(doc["content_owner"])
        return doc


def _is_due(status: Doc, now: datetime) -> bool:
    publish_at = status.get("publishAt")
    is_private = status["privacyStatus"] == "private"
    return bool(is_private and publish_at and as_moment(publish_at) <= now)


def _without_id(item: Doc, name: str) -> Doc:
    """`id` may be written as the API does or by its full name."""
    item = dict(item)
    if "id" in item:
        item[name] = item.pop("id")
    if name not in item:
        raise errors.bad_value(f"A seed without {name}: {sorted(item)}")
    return item


def _overlay(doc: Doc, fields: Doc) -> None:
    for name, value in fields.items():
        if name == "localizations":
            doc["localizations"] = value
        elif name in VIDEO_PARTS:
            doc[name] = doc.get(name, {}) | value
        elif name == "length_seconds":
            doc["contentDetails"]["duration"] = f"PT{int(value)}S"
        elif name in VIDEO_FIELDS:
            part, key = VIDEO_FIELDS[name]
            doc[part][key] = value
        elif name not in {"etag", "kind", "ever_published"}:
            raise errors.bad_value(f"Unknown video field: {name}")
    _drop_empty(doc)


def _drop_empty(doc: Doc) -> None:
    """YouTube has no key for an unset value, and counts are texts."""
    for part in ("snippet", "status", "recordingDetails"):
        doc[part] = {k: v for k, v in doc[part].items() if v not in (None, [], "")}
    for name in ("title", "description"):
        doc["snippet"].setdefault(name, "")
    counts = {k: str(v) for k, v in doc["statistics"].items() if v is not None}
    doc["statistics"] = counts


def _mirror_default_language(doc: Doc) -> None:
    """The default language's translation repeats title and description."""
    snippet = doc["snippet"]
    entry = doc["localizations"].get(snippet.get("defaultLanguage"))
    if entry is not None:
        entry |= {"title": snippet["title"], "description": snippet["description"]}
