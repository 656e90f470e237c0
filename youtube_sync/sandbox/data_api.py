"""The YouTube Data API: lists and the update."""

from __future__ import annotations

from youtube_sync.sandbox import access, errors
from youtube_sync.sandbox.access import Caller
from youtube_sync.sandbox.catalogue import Catalogue
from youtube_sync.sandbox.clock import Clock
from youtube_sync.sandbox.lists import (
    PAGE_LIMIT,
    READ_COST,
    Admission,
    incompatible,
    invalid_filters,
    list_reply,
    no_filter,
    page_of,
    paging,
)
from youtube_sync.sandbox.messages import Json, Reply, Request, json_reply
from youtube_sync.sandbox.quota import Quota
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Doc
from youtube_sync.sandbox.video_update import (
    WRITABLE_PARTS,
    Replacement,
    check_fields,
    read_body,
)
from youtube_sync.sandbox.video_view import (
    CHANNEL_PARTS,
    KNOWN_PARTS,
    channel_item,
    localized,
    playlist_item,
    uploads_of,
    video_item,
)

UPDATE_COST = 50
CHANNEL_FILTERS = {"forHandle", "forUsername", "id", "managedByMe", "mine"}
PLAYLIST_PARTS = frozenset({"id", "snippet", "contentDetails", "status"})


class DataApi:
    def __init__(
        self,
        catalogue: Catalogue,
        admission: Admission,
        quota: Quota,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._catalogue, self._admission = catalogue, admission
        self._quota, self._settings, self._clock = quota, settings, clock

    # videos

    def list_videos(self, request: Request) -> Reply:
        caller, parts = self._admission.admit(request, access.READ_SCOPES, KNOWN_PARTS)
        ids = request.comma_list("id")
        self._quota.charge(request, READ_COST)
        if not ids:
            raise no_filter("chart, id, myRating")
        if len(ids) > PAGE_LIMIT or "maxResults" in request.query:
            raise invalid_filters()
        items = []
        for video_id in dict.fromkeys(ids):
            item = self._visible_video(video_id, caller, parts, request)
            items.extend([item] if item else [])
        page = {"totalResults": len(items), "resultsPerPage": len(items)}
        return list_reply(request, "videoListResponse", items, {"pageInfo": page})

    def _visible_video(
        self, video_id: str, caller: Caller, parts: list[str], request: Request
    ) -> Json | None:
        doc = self._catalogue.video_as_read(video_id)
        if doc is None:
            return None
        channel = self._catalogue.channel(doc["snippet"]["channelId"])
        is_owner = caller.owns(channel)
        if doc["status"]["privacyStatus"] == "private" and not is_owner:
            return None
        item = video_item(doc, channel, parts, request.origin, is_owner=is_owner)
        return localized(item, doc, request.parameter("hl"))

    def update_video(self, request: Request) -> Reply:
        caller, parts = self._admission.admit(request, access.WRITE_SCOPES, KNOWN_PARTS)
        body = read_body(request, parts)
        self._quota.charge(request, UPDATE_COST)
        stored = self._own_video(body.get("id"), caller)
        publish_at = check_fields(stored, parts, body)
        self._catalogue.keep_stale(stored["id"], self._settings["stale_read_seconds"])
        replacement = Replacement(stored, self._clock, self._settings)
        written = replacement.apply(_writable(parts), body, publish_at)
        self._catalogue.save_video(written)
        channel = self._catalogue.channel(written["snippet"]["channelId"])
        item = video_item(written, channel, parts, request.origin, is_owner=True)
        item.get("status", {}).pop("madeForKids", None)
        return json_reply(item, headers={"ETag": item["etag"]})

    def _own_video(self, video_id: object, caller: Caller) -> Doc:
        doc = self._catalogue.video(video_id) if isinstance(video_id, str) else None
        if doc is None:
            raise errors.video_not_found()
        if not caller.owns(self._catalogue.channel(doc["snippet"]["channelId"])):
            raise errors.forbidden()
        return doc

    # channels, uploads, categories

    def list_channels(self, request: Request) -> Reply:
        caller, parts = self._admission.admit(
            request, access.READ_SCOPES, CHANNEL_PARTS
        )
        self._quota.charge(request, READ_COST)
        channels = self._selected_channels(request, caller)
        offset, limit = page_of(request)
        store = self._catalogue.store
        items = []
        for doc in channels[offset : offset + limit]:
            _, count = store.page_of_children("video", doc["id"], 0, 0)
            items.append(
                channel_item(
                    doc,
                    parts,
                    request.origin,
                    video_count=count,
                    is_owner=caller.owns(doc),
                )
            )
        extra = paging(offset, limit, len(channels))
        return list_reply(request, "channelListResponse", items, extra)

    def _selected_channels(self, request: Request, caller: Caller) -> list[Doc]:
        filters = CHANNEL_FILTERS & set(request.query)
        if len(filters) != 1:
            names = ", ".join(sorted(CHANNEL_FILTERS))
            raise no_filter(names) if not filters else incompatible(filters)
        known = self._catalogue.store.all("channel")
        if "id" in filters:
            ids = dict.fromkeys(request.comma_list("id"))
            if len(ids) > PAGE_LIMIT:
                raise invalid_filters()
            return [known[key] for key in ids if key in known]
        if "managedByMe" in filters:
            if not caller.content_owner:
                raise incompatible({"managedByMe", "onBehalfOfContentOwner"})
            return [doc for doc in known.values() if caller.owns(doc)]
        if "mine" in filters:
            return [doc for doc in known.values() if doc["mine"]]
        if "forUsername" in filters:
            return []  # a name from before 2012, which no seed has
        handle = request.parameter("forHandle").lstrip("@").lower()
        handles = (
            (doc["custom_url"].lstrip("@").lower(), doc) for doc in known.values()
        )
        return [doc for name, doc in handles if name == handle]

    def list_playlist_items(self, request: Request) -> Reply:
        caller, parts = self._admission.admit(
            request, access.READ_SCOPES, PLAYLIST_PARTS
        )
        self._quota.charge(request, READ_COST)
        playlist = request.parameter("playlistId")
        if not playlist:
            raise no_filter("id, playlistId")
        channel = self._catalogue.store.get("channel", "UC" + playlist[2:])
        if channel is None or playlist != uploads_of(channel["id"]):
            raise errors.playlist_not_found()
        offset, limit = page_of(request)
        repeated = 1 if offset and self._settings["duplicate_page_items"] else 0
        start = offset - repeated
        docs, total = self._uploads(request, channel, start, limit)
        items = [
            playlist_item(doc, channel, start + place, parts)
            for place, doc in enumerate(docs)
            if caller.owns(channel) or doc["status"]["privacyStatus"] == "public"
        ]
        extra = paging(start, limit, total)
        return list_reply(request, "playlistItemListResponse", items, extra)

    def _uploads(
        self, request: Request, channel: Doc, start: int, limit: int
    ) -> tuple[list[Doc], int]:
        store, wanted = self._catalogue.store, request.parameter("videoId")
        if not wanted:
            return store.page_of_children("video", channel["id"], start, limit)
        docs = store.children("video", channel["id"])
        found = [doc for doc in docs if doc["id"] == wanted]
        return found[start : start + limit], len(found)


def _writable(parts: list[str]) -> list[str]:
    return [part for part in parts if part in WRITABLE_PARTS]
