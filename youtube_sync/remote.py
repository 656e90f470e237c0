"""What the APIs say about a video, an asset, a channel: frozen values, no queries.

A part that was not read gives no value: a missing name in `values()` means
unknown, while '' and [] mean that YouTube shows nothing.
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from catalog import fields
from youtube_sync.exceptions import IncompletePartError, InvalidMetadataError

Json = Mapping[str, Any]
Changes = Mapping[str, Any]

VIDEO_KEYS = {
    "title": ("snippet", "title"),
    "description": ("snippet", "description"),
    "tags": ("snippet", "tags"),
    "category_id": ("snippet", "categoryId"),
    "default_language": ("snippet", "defaultLanguage"),
    "default_audio_language": ("snippet", "defaultAudioLanguage"),
    "privacy_status": ("status", "privacyStatus"),
    "publish_at": ("status", "publishAt"),
    "embeddable": ("status", "embeddable"),
    "license": ("status", "license"),
    "public_stats_viewable": ("status", "publicStatsViewable"),
    "made_for_kids": ("status", "selfDeclaredMadeForKids"),
}
ASSET_KEYS = {
    "artist": "artist", "genre": "genre", "label": "label", "album": "album",
    "upc": "upc", "isrc": "isrc", "custom_id": "customId",
}  # fmt: skip
# Everything that an update must send again, because it replaces the whole part.
WRITABLE_KEYS = {
    "snippet": (
        "title", "description", "categoryId", "tags", "defaultLanguage",
        "defaultAudioLanguage",
    ),
    "status": (
        "privacyStatus", "license", "embeddable", "publicStatsViewable",
        "selfDeclaredMadeForKids", "containsSyntheticMedia", "publishAt",
    ),
}  # fmt: skip
# Present in every complete read; one that is missing shows a partial one.
SURE_KEYS = {
    "snippet": ("title", "description", "categoryId"),
    "status": (
        "privacyStatus", "license", "embeddable", "publicStatsViewable",
        "selfDeclaredMadeForKids",
    ),
}  # fmt: skip
NEEDS_ARTIST = frozenset({"music_video", "sound_recording"})


@dataclass(frozen=True, slots=True)
class RemoteVideo:
    """A video as one read showed it."""

    video_id: str
    etag: str
    parts: Mapping[str, Json]

    @classmethod
    def from_api(cls, item: Json, parts: Iterable[str] = ()) -> Self:
        """Take an item of a reply; `parts` are the ones that were asked for.

        YouTube leaves an empty part out, so only the caller knows that it was
        read and is empty.
        """
        read: dict[str, Json] = {name: {} for name in parts if name != "id"}
        shown = {name: item[name] for name in item if isinstance(item[name], dict)}
        return cls(item["id"], item.get("etag", ""), deepcopy(read | shown))

    def values(self) -> dict[str, Any]:
        """Pushable fields by our names, in the catalogue's normal form."""
        found: dict[str, Any] = {}
        for name, (part, key) in VIDEO_KEYS.items():
            if part in self.parts and self._is_known(name, key):
                found |= _normal(name, self.parts[part].get(key))
        if "publish_at" in found and found.get("privacy_status") != "private":
            found["publish_at"] = ""  # may linger on a video that is out already
        if "localizations" in self.parts:
            found["localizations"] = deepcopy(dict(self.parts["localizations"]))
        return found

    def _is_known(self, name: str, key: str) -> bool:
        """Only the owner is shown the schedule and the declaration for children."""
        part = VIDEO_KEYS[name][0]
        if name == "publish_at":
            return "selfDeclaredMadeForKids" in self.parts["status"]
        if key in SURE_KEYS[part]:
            return key in self.parts[part]
        return bool(self.parts[part])

    def writable_parts_with(
        self, changes: Changes, *, now: datetime | None = None
    ) -> dict[str, Any]:
        """Build the body of an update: whole parts, only those that change.

        Raises IncompletePartError if the read did not show a part completely.
        """
        body: dict[str, Any] = {"id": self.video_id}
        for name, value in changes.items():
            if name == "localizations":
                body["localizations"] = deepcopy(dict(value))
                continue
            part, key = VIDEO_KEYS[name]
            if part not in body:
                body[part] = self._writable(part)
            _lay_over(body[part], key, value)
        if "status" in body and "publish_at" not in changes:
            _drop_spent_schedule(body["status"], now or datetime.now(UTC))
        return body

    def _writable(self, part: str) -> dict[str, Any]:
        self._check_complete(part)
        live = self.parts[part]
        return {key: deepcopy(live[key]) for key in WRITABLE_KEYS[part] if key in live}

    def _check_complete(self, part: str) -> None:
        live = self.parts.get(part, {})
        missing = [key for key in SURE_KEYS[part] if key not in live]
        status = self.parts.get("status")
        if status and "selfDeclaredMadeForKids" not in status:
            missing.append("status.selfDeclaredMadeForKids")  # not the owner's view
        if missing:
            raise IncompletePartError(video_id=self.video_id, part=part, keys=missing)

    # Facts that are only observed

    @property
    def channel_id(self) -> str:
        return str(self._fact("snippet", "channelId") or "")

    @property
    def channel_title(self) -> str:
        return str(self._fact("snippet", "channelTitle") or "")

    @property
    def published_at(self) -> datetime | None:
        return moment(self._fact("snippet", "publishedAt"))

    @property
    def thumbnail_url(self) -> str:
        return best_thumbnail(self._fact("snippet", "thumbnails") or {})

    @property
    def is_live_stream(self) -> bool | None:
        """Live or announced now; a past stream shows its details instead."""
        state = self._fact("snippet", "liveBroadcastContent")
        if self.parts.get("liveStreamingDetails"):
            return True
        return None if state is None else state in {"live", "upcoming"}

    @property
    def upload_status(self) -> str:
        return str(self._fact("status", "uploadStatus") or "")

    @property
    def length_seconds(self) -> int | None:
        return seconds(self._fact("contentDetails", "duration"))

    @property
    def view_count(self) -> int | None:
        return count(self._fact("statistics", "viewCount"))

    @property
    def like_count(self) -> int | None:
        return count(self._fact("statistics", "likeCount"))

    @property
    def comment_count(self) -> int | None:
        return count(self._fact("statistics", "commentCount"))

    def _fact(self, part: str, key: str) -> Any:
        return self.parts.get(part, {}).get(key)


@dataclass(frozen=True, slots=True)
class RemoteAsset:
    """A Content ID asset: what we provided, and what YouTube chose to show."""

    asset_id: str
    asset_type: str
    provided: Json | None
    displayed: Json | None
    alias_ids: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, item: Json) -> Self:
        return cls(
            item["id"],
            item.get("type", ""),
            deepcopy(item.get("metadataMine")),
            deepcopy(item.get("metadataEffective")),
            tuple(item.get("aliasId", ())),
        )

    def values(self) -> dict[str, Any]:
        """Provided metadata by our names; nothing when it was not read."""
        return asset_values(self.provided)

    def displayed_values(self) -> dict[str, Any]:
        return asset_values(self.displayed)

    def writable_metadata_with(self, changes: Changes) -> dict[str, Any]:
        """Build the complete provided metadata: a PUT drops what is left out.

        Raises IncompletePartError if it was not read, InvalidMetadataError
        without an artist, which Content ID asks for in every call.
        """
        if self.provided is None:
            raise IncompletePartError(asset_id=self.asset_id, part="metadataMine")
        metadata = deepcopy(dict(self.provided))
        for name, value in changes.items():
            _lay_over(metadata, ASSET_KEYS[name], value)
        if self.asset_type in NEEDS_ARTIST and not metadata.get("artist"):
            message = "Content ID needs an artist on this asset."
            raise InvalidMetadataError(message, field="artist", asset_id=self.asset_id)
        return metadata


@dataclass(frozen=True, slots=True)
class RemoteChannel:
    """A channel as one read showed it; a hidden or unread count is None."""

    channel_id: str
    title: str
    description: str
    custom_url: str
    country: str
    thumbnail_url: str
    published_at: datetime | None
    subscriber_count: int | None
    view_count: int | None
    video_count: int | None
    uploads_playlist_id: str
    content_owner_id: str

    @classmethod
    def from_api(cls, item: Json) -> Self:
        snippet = item.get("snippet", {})
        statistics = item.get("statistics", {})
        playlists = item.get("contentDetails", {}).get("relatedPlaylists", {})
        is_hidden = statistics.get("hiddenSubscriberCount", False)
        subscribers = None if is_hidden else statistics.get("subscriberCount")
        return cls(
            channel_id=item["id"],
            title=fields.text(snippet.get("title")),
            description=fields.text(snippet.get("description")),
            custom_url=snippet.get("customUrl", ""),
            country=snippet.get("country", ""),
            thumbnail_url=best_thumbnail(snippet.get("thumbnails", {})),
            published_at=moment(snippet.get("publishedAt")),
            subscriber_count=count(subscribers),
            view_count=count(statistics.get("viewCount")),
            video_count=count(statistics.get("videoCount")),
            uploads_playlist_id=playlists.get("uploads", ""),
            content_owner_id=item.get("contentOwnerDetails", {}).get(
                "contentOwner", ""
            ),
        )


@dataclass(frozen=True, slots=True)
class RemoteClaim:
    """A claim on a video, as claimSearch shows it."""

    claim_id: str
    asset_id: str
    video_id: str
    status: str
    content_type: str
    is_partner_uploaded: bool | None
    is_third_party: bool | None
    origin: str

    @classmethod
    def from_api(cls, item: Json) -> Self:
        return cls(
            claim_id=item["id"],
            asset_id=item.get("assetId", ""),
            video_id=item.get("videoId", ""),
            status=item.get("status", ""),
            content_type=item.get("contentType", ""),
            is_partner_uploaded=item.get("isPartnerUploaded"),
            is_third_party=item.get("thirdPartyClaim"),
            origin=item.get("origin", {}).get("source", ""),
        )


@dataclass(frozen=True, slots=True)
class RemoteContentOwner:
    """A content owner that the connected account may act for."""

    content_owner_id: str
    name: str

    @classmethod
    def from_api(cls, item: Json) -> Self:
        return cls(item["id"], item.get("displayName", item["id"]))


def asset_values(metadata: Json | None) -> dict[str, Any]:
    """Metadata of Content ID by our names, in normal form."""
    found: dict[str, Any] = {}
    for name, key in ASSET_KEYS.items() if metadata is not None else ():
        found |= _normal(name, (metadata or {}).get(key))
    return found


def _normal(name: str, raw: Any) -> dict[str, Any]:
    """One value in normal form; one that has none says nothing."""
    try:
        value = fields.PUSHABLE[name].normalise(raw)
    except fields.UnmappableValueError:
        return {}
    return {} if value is None else {name: value}


def _lay_over(target: dict[str, Any], key: str, value: Any) -> None:
    """Set a value; YouTube's way of clearing one is to leave its key out."""
    if value in ("", []) and key != "description":
        target.pop(key, None)
    else:
        target[key] = list(value) if isinstance(value, (list, tuple)) else value


def _drop_spent_schedule(status: dict[str, Any], now: datetime) -> None:
    """A past time, or one on a public video, must not be sent back."""
    planned = moment(status.get("publishAt"))
    is_waiting = planned is not None and planned > now
    if not is_waiting or status["privacyStatus"] != "private":
        status.pop("publishAt", None)


def best_thumbnail(thumbnails: Json) -> str:
    """A picture fit for lists: medium where there is one."""
    for size in ("medium", "high", "default"):
        if size in thumbnails:
            return str(thumbnails[size].get("url", ""))
    return ""


def moment(raw: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(raw).astimezone(UTC) if raw else None
    except ValueError:
        return None


def count(raw: str | int | None) -> int | None:
    """The APIs write counts as texts."""
    return int(raw) if raw is not None and str(raw).isdecimal() else None


_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def seconds(duration: str | None) -> int | None:
    """Read an ISO 8601 duration such as PT3M21S."""
    match = _DURATION.fullmatch(duration or "")
    if not match:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest
