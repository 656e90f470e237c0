"""The YouTube Data API: lists and the update."""

from __future__ import annotations

import base64
import time

from youtube_sync.sandbox import access, errors
from youtube_sync.sandbox.access import Caller
from youtube_sync.sandbox.catalogue import Catalogue
from youtube_sync.sandbox.clock import Clock
from youtube_sync.sandbox.messages import Json, Reply, Request, json_reply
from youtube_sync.sandbox.oauth import OAuth
from youtube_sync.sandbox.quota import Quota
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Doc
from youtube_sync.sandbox.video_rules import CATEGORY_TITLES, UNASSIGNABLE
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
    playlist_item,
    uploads_of,
    video_item,
    with_etag,
)

READ_COST, UPDATE_COST, PAGE_LIMIT = 1, 50, 50
PLAYLIST_PARTS = frozenset({"id", "snippet", "contentDetails", "status"})
CATEGORY_PARTS = frozenset({"id", "snippet"})
GLOBAL_PARAMETERS = frozenset(
    {
        "alt", "fields", "key", "prettyPrint", "quotaUser", "$.xgafv", "part",
        "onBehalfOfContentOwner", "access_token", "oauth_token", "callback",
    }
)  # fmt: skip
PARAMETERS = {
    "videos.list": {"id", "hl", "maxWidth", "maxHeight", "pageToken", "maxResults"},
    "videos.update": set[str](),
    "channels.list": {
        "id", "mine", "managedByMe", "forHandle", "hl", "maxResults", "pageToken",
    },
    "playlistItems.list": {"playlistId", "maxResults", "pageToken", "videoId"},
    "videoCategories.list": {"id", "regionCode", "hl"},
}  # fmt: skip


class DataApi:
    def __init__(
        self,
        catalogue: Catalogue,
        oauth: OAuth,
        quota: Quota,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._catalogue, self._oauth = catalogue, oauth
        self._quota, self._settings, self._clock = quota, settings, clock
        self._stale: dict[str, tuple[float, Doc]] = {}

    # videos

    def list_videos(self, request: Request) -> Reply:
        caller, parts = self._admit(request, access.READ_SCOPES, KNOWN_PARTS)
        ids = request.comma_list("id")
        self._quota.charge(request, READ_COST)
        if not ids:
            raise _no_filter("chart, id, myRating")
        if len(ids) > PAGE_LIMIT or "maxResults" in request.query:
            raise _invalid_filters()
        items = []
        for video_id in dict.fromkeys(ids):
            item = self._visible_video(video_id, caller, parts, request.origin)
            items.extend([item] if item else [])
        page = {"totalResults": len(items), "resultsPerPage": len(items)}
        return _list_reply(request, "video", items, {"pageInfo": page})

    def _visible_video(
        self, video_id: str, caller: Caller, parts: list[str], origin: str
    ) -> Json | None:
        doc = self._video_as_read(video_id)
        if doc is None:
            return None
        channel = self._catalogue.channel(doc["snippet"]["channelId"])
        is_owner = caller.owns(channel)
        if doc["status"]["privacyStatus"] == "private" and not is_owner:
            return None
        return video_item(doc, channel, parts, origin, is_owner=is_owner)

    def _video_as_read(self, video_id: str) -> Doc | None:
        until, old = self._stale.get(video_id, (0.0, None))
        if old is not None and time.monotonic() < until:
            return old
        return self._catalogue.video(video_id)

    def update_video(self, request: Request) -> Reply:
        caller, parts = self._admit(request, access.WRITE_SCOPES, KNOWN_PARTS)
        body = read_body(request, parts)
        self._quota.charge(request, UPDATE_COST)
        stored = self._own_video(body.get("id"), caller)
        publish_at = check_fields(stored, parts, body)
        self._remember_stale(stored)
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

    def _remember_stale(self, stored: Doc) -> None:
        seconds = self._settings["stale_read_seconds"]
        if seconds:
            old = self._catalogue.video(stored["id"])
            if old is not None:
                self._stale[stored["id"]] = (time.monotonic() + seconds, old)

    # channels, uploads, categories

    def list_channels(self, request: Request) -> Reply:
        caller, parts = self._admit(request, access.READ_SCOPES, CHANNEL_PARTS)
        self._quota.charge(request, READ_COST)
        channels = self._selected_channels(request, caller)
        offset, limit = _page_of(request)
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
        extra = _paging(offset, limit, len(channels))
        return _list_reply(request, "channel", items, extra)

    def _selected_channels(self, request: Request, caller: Caller) -> list[Doc]:
        filters = {"id", "mine", "managedByMe", "forHandle"} & set(request.query)
        if len(filters) != 1:
            names = "forHandle, id, managedByMe, mine"
            raise _no_filter(names) if not filters else _incompatible(filters)
        known = self._catalogue.store.all("channel")
        if "id" in filters:
            ids = dict.fromkeys(request.comma_list("id"))
            if len(ids) > PAGE_LIMIT:
                raise _invalid_filters()
            return [known[key] for key in ids if key in known]
        if "managedByMe" in filters:
            if not caller.content_owner:
                raise _incompatible({"managedByMe", "onBehalfOfContentOwner"})
            return [doc for doc in known.values() if caller.owns(doc)]
        if "mine" in filters:
            return [doc for doc in known.values() if doc["mine"]]
        handle = request.parameter("forHandle").lstrip("@").lower()
        handles = (
            (doc["custom_url"].lstrip("@").lower(), doc) for doc in known.values()
        )
        return [doc for name, doc in handles if name == handle]

    def list_playlist_items(self, request: Request) -> Reply:
        caller, parts = self._admit(request, access.READ_SCOPES, PLAYLIST_PARTS)
        self._quota.charge(request, READ_COST)
        playlist = request.parameter("playlistId")
        if not playlist:
            raise _no_filter("id, playlistId")
        channel = self._catalogue.store.get("channel", "UC" + playlist[2:])
        if channel is None or playlist != uploads_of(channel["id"]):
            raise errors.playlist_not_found()
        offset, limit = _page_of(request)
        repeated = 1 if offset and self._settings["duplicate_page_items"] else 0
        docs, total = self._catalogue.store.page_of_children(
            "video", channel["id"], offset - repeated, limit
        )
        items = [
            playlist_item(doc, channel, offset - repeated + place, parts)
            for place, doc in enumerate(docs)
            if caller.owns(channel) or doc["status"]["privacyStatus"] == "public"
        ]
        extra = _paging(offset - repeated, limit, total)
        return _list_reply(request, "playlistItem", items, extra)

    def list_categories(self, request: Request) -> Reply:
        self._admit(request, access.READ_SCOPES, CATEGORY_PARTS)
        self._quota.charge(request, READ_COST)
        wanted = request.comma_list("id")
        if not wanted and not request.parameter("regionCode"):
            raise _no_filter("id, regionCode")
        shown = [key for key in CATEGORY_TITLES if not wanted or key in wanted]
        items = [_category_item(key) for key in shown]
        return _list_reply(request, "videoCategory", items, {})

    # What every call checks first

    def _admit(
        self, request: Request, scopes: frozenset[str], known: frozenset[str]
    ) -> tuple[Caller, list[str]]:
        caller = access.identify(request, self._oauth, self._catalogue.store, scopes)
        unknown = set(request.query) - GLOBAL_PARAMETERS - PARAMETERS[request.operation]
        if unknown:
            name = min(unknown)
            raise errors.parameter_error("unexpectedParameter", f"'{name}'", name)
        parts = list(dict.fromkeys(request.comma_list("part")))
        bad = [part for part in parts if part not in known]
        if bad or not parts:
            raise errors.unknown_part(bad[0] if bad else "")
        return caller, parts


def _writable(parts: list[str]) -> list[str]:
    return [part for part in parts if part in WRITABLE_PARTS]


def _category_item(key: str) -> Json:
    snippet = {
        "title": CATEGORY_TITLES[key], "assignable": key not in UNASSIGNABLE,
        "channelId": "UCBR8-60-B28hp2BmDPdntcQ",
    }  # fmt: skip
    return with_etag({"kind": "youtube#videoCategory", "id": key, "snippet": snippet})


def _list_reply(request: Request, noun: str, items: list[Json], extra: Json) -> Reply:
    body = with_etag({"kind": f"youtube#{noun}ListResponse", "items": items} | extra)
    headers = {"ETag": body["etag"]}
    if request.headers.get("if-none-match") == body["etag"]:
        return Reply(304, headers=headers)
    return json_reply(body, headers=headers)


def _page_of(request: Request) -> tuple[int, int]:
    limit = request.parameter("maxResults", "5")
    if not limit.isdecimal() or int(limit) > PAGE_LIMIT:
        raise errors.bad_value("Invalid value for maxResults: 0 to 50.")
    return _offset_of(request.parameter("pageToken")), int(limit)


def _offset_of(token: str) -> int:
    try:
        kind, _, offset = base64.urlsafe_b64decode(token).decode().partition(":")
    except ValueError:
        kind, offset = "", ""
    if token and not (kind == "at" and offset.isdecimal()):
        message = "The request specifies an invalid page token."
        raise errors.parameter_error("invalidPageToken", message, "pageToken")
    return int(offset or 0)


def _paging(offset: int, limit: int, total: int) -> Json:
    extra: Json = {"pageInfo": {"totalResults": total, "resultsPerPage": limit}}
    if offset + limit < total and limit:
        extra["nextPageToken"] = _token(offset + limit)
    if offset > 0:
        extra["prevPageToken"] = _token(max(offset - limit, 0))
    return extra


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"at:{offset}".encode()).decode()


def _no_filter(names: str) -> errors.ApiError:
    message = f"No filter selected. Expected one of: {names}"
    return errors.parameter_error("missingRequiredParameter", message, "parameters")


def _incompatible(names: set[str]) -> errors.ApiError:
    message = "Incompatible parameters specified in the request: "
    message += ", ".join(sorted(names))
    return errors.parameter_error("incompatibleParameters", message, "parameters")


def _invalid_filters() -> errors.ApiError:
    message = "The request specifies an invalid filter parameter."
    return errors.parameter_error("invalidFilters", message, "parameters")
