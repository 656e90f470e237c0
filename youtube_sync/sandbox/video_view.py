"""How stored documents look in replies of the Data API."""

from __future__ import annotations

import base64
import hashlib
import json

from youtube_sync.sandbox.messages import Json
from youtube_sync.sandbox.state import Doc

KNOWN_PARTS = frozenset(
    {
        "brandPartner", "contentDetails", "fileDetails", "id", "localizations",
        "liveStreamingDetails", "monetizationDetails", "paidProductPlacementDetails",
        "player", "processingDetails", "recordingDetails", "snippet", "statistics",
        "status", "suggestions", "topicDetails",
    }
)  # fmt: skip
CHANNEL_PARTS = frozenset(
    {
        "auditDetails", "brandingSettings", "contentDetails", "contentOwnerDetails",
        "id", "localizations", "snippet", "statistics", "status", "topicDetails",
    }
)  # fmt: skip
THUMBNAIL_SIZES = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
OWNER_ONLY_STATUS = {"selfDeclaredMadeForKids", "publishAt"}


def with_etag(value: Json) -> Json:
    """Add the hash of the rendered content: same content, same etag."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return {"etag": base64.urlsafe_b64encode(digest)[:27].decode()} | value


def video_item(
    doc: Doc, channel: Doc, parts: list[str], origin: str, *, is_owner: bool
) -> Json:
    item: Json = {"kind": "youtube#video", "id": doc["id"]}
    for part in parts:
        value = _video_part(doc, channel, part, origin, is_owner)
        if value:
            item[part] = value
    return with_etag(item)


def _video_part(
    doc: Doc, channel: Doc, part: str, origin: str, is_owner: bool
) -> Json | None:
    if part == "snippet":
        return _snippet(doc, channel, origin)
    if part == "status":
        return _status(doc, is_owner)
    if part in {"fileDetails", "paidProductPlacementDetails"} and not is_owner:
        return None
    return doc.get(part) if part != "id" else None


def _snippet(doc: Doc, channel: Doc, origin: str) -> Json:
    snippet = doc["snippet"]
    shown = {"title": snippet["title"], "description": snippet["description"]}
    address = f"{origin}/thumbs/{doc['id']}.svg"
    derived = {
        "thumbnails": thumbnails_at(address),
        "channelTitle": channel["title"],
        "localized": shown,
    }
    return {**snippet, **derived}


def localized(item: Json, doc: Doc, language: str) -> Json:
    """The item with its texts in the language of `hl`, where there are any."""
    texts = {code.lower(): entry for code, entry in doc["localizations"].items()}
    if "snippet" not in item or language.lower() not in texts:
        return item
    item["snippet"] = item["snippet"] | {"localized": texts[language.lower()]}
    return with_etag({key: value for key, value in item.items() if key != "etag"})


def thumbnails_at(address: str) -> Json:
    return {
        size: {"url": address, "width": width, "height": height}
        for size, (width, height) in THUMBNAIL_SIZES.items()
    }


def _status(doc: Doc, is_owner: bool) -> Json:
    status: Json = dict(doc["status"])
    status["madeForKids"] = status.get("selfDeclaredMadeForKids", False)
    if not is_owner:
        status = {k: v for k, v in status.items() if k not in OWNER_ONLY_STATUS}
    return status


def channel_item(
    doc: Doc, parts: list[str], origin: str, *, video_count: int, is_owner: bool
) -> Json:
    item: Json = {"kind": "youtube#channel", "id": doc["id"]}
    made = {
        "snippet": _channel_snippet(doc, origin),
        "contentDetails": {
            "relatedPlaylists": {"likes": "", "uploads": uploads_of(doc["id"])}
        },
        "statistics": {
            "viewCount": str(doc["view_count"]),
            "subscriberCount": str(doc["subscriber_count"]),
            "hiddenSubscriberCount": False,
            "videoCount": str(doc["video_count"] or video_count),
        },
        "status": {"privacyStatus": "public", "isLinked": True, "madeForKids": False},
    }
    if is_owner and doc["content_owner"]:
        made["contentOwnerDetails"] = {
            "contentOwner": doc["content_owner"], "timeLinked": doc["published_at"],
        }  # fmt: skip
    return with_etag(item | {part: made[part] for part in parts if part in made})


def _channel_snippet(doc: Doc, origin: str) -> Json:
    snippet = {
        "title": doc["title"], "description": doc["description"],
        "publishedAt": doc["published_at"], "country": doc["country"],
        "thumbnails": thumbnails_at(f"{origin}/thumbs/{doc['id']}.svg"),
        "localized": {"title": doc["title"], "description": doc["description"]},
    }  # fmt: skip
    return snippet | ({"customUrl": doc["custom_url"]} if doc["custom_url"] else {})


def uploads_of(channel_id: str) -> str:
    return "UU" + channel_id[2:]


def playlist_item(doc: Doc, channel: Doc, position: int, parts: list[str]) -> Json:
    snippet, playlist = doc["snippet"], uploads_of(channel["id"])
    made: Json = {
        "snippet": {
            "publishedAt": snippet["publishedAt"], "channelId": channel["id"],
            "title": snippet["title"], "description": snippet["description"],
            "channelTitle": channel["title"], "playlistId": playlist,
            "position": position, "videoOwnerChannelTitle": channel["title"],
            "resourceId": {"kind": "youtube#video", "videoId": doc["id"]},
            "videoOwnerChannelId": channel["id"],
        },
        "contentDetails": {
            "videoId": doc["id"], "videoPublishedAt": snippet["publishedAt"],
        },
        "status": {"privacyStatus": doc["status"]["privacyStatus"]},
    }  # fmt: skip
    key = base64.urlsafe_b64encode(f"{playlist}.{doc['id']}".encode()).decode()
    item: Json = {"kind": "youtube#playlistItem", "id": key}
    return with_etag(item | {part: made[part] for part in parts if part in made})
