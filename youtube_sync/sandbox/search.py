"""search.list and videos:batchGetStats, each on a bucket of its own.

Search is not fit for sync, and shows it: titles are HTML-escaped, descriptions
cut, tags and categories missing, and it ends after 500 results.
"""

from __future__ import annotations

from html import escape

from youtube_sync.sandbox import access, errors
from youtube_sync.sandbox.access import Caller
from youtube_sync.sandbox.catalogue import Catalogue
from youtube_sync.sandbox.lists import (
    PAGE_LIMIT,
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
from youtube_sync.sandbox.state import Doc
from youtube_sync.sandbox.video_view import video_item, with_etag

SEARCH_PARTS = frozenset({"id", "snippet"})
STATS_PARTS = frozenset({"id", "snippet", "contentDetails", "statistics"})
MOST_RESULTS, SHOWN_CHARACTERS = 500, 160
ORDERS = {"date", "rating", "relevance", "title", "videoCount", "viewCount"}
TYPES = {"video", "channel", "playlist"}
COUNTS = ("viewCount", "likeCount", "commentCount")


class SearchApi:
    """Answers from the sandbox's videos; knows no channels and no playlists."""

    def __init__(
        self, catalogue: Catalogue, admission: Admission, quota: Quota
    ) -> None:
        self._catalogue = catalogue
        self._admission, self._quota = admission, quota

    def search(self, request: Request) -> Reply:
        caller, parts = self._admission.admit(request, access.READ_SCOPES, SEARCH_PARTS)
        self._quota.charge_bucket("search")
        _check_enums(request)
        found = self._matching(request, caller)[:MOST_RESULTS]
        offset, limit = page_of(request)
        items = [
            self._result(doc, parts, request.origin)
            for doc in found[offset : offset + limit]
        ]
        extra = {"regionCode": "US"} | paging(offset, limit, len(found))
        return list_reply(request, "searchListResponse", items, extra)

    def _matching(self, request: Request, caller: Caller) -> list[Doc]:
        is_own = request.parameter("forContentOwner") == "true"
        if is_own and request.parameter("type") != "video":
            raise incompatible({"forContentOwner", "type"})
        text = request.parameter("q").casefold()
        channel_id = request.parameter("channelId")
        wants_own = is_own or request.parameter("forMine") == "true"
        videos = self._catalogue.store.all("video").values()
        found = [
            doc
            for doc in videos
            if text in doc["snippet"]["title"].casefold()
            and channel_id in ("", doc["snippet"]["channelId"])
            and self._is_shown(doc, caller, wants_own=wants_own)
        ]
        return sorted(found, key=lambda d: d["snippet"]["publishedAt"], reverse=True)

    def _is_shown(self, doc: Doc, caller: Caller, *, wants_own: bool) -> bool:
        if wants_own:
            return caller.owns(self._catalogue.channel(doc["snippet"]["channelId"]))
        return bool(doc["status"]["privacyStatus"] == "public")

    def _result(self, doc: Doc, parts: list[str], origin: str) -> Json:
        key = {"kind": "youtube#video", "videoId": doc["id"]}
        result: Json = {"kind": "youtube#searchResult", "id": key}
        if "snippet" in parts:
            channel = self._catalogue.channel(doc["snippet"]["channelId"])
            item = video_item(doc, channel, ["snippet"], origin, is_owner=False)
            result["snippet"] = _search_snippet(item["snippet"])
        return with_etag(result)

    def get_stats(self, request: Request) -> Reply:
        """videos:batchGetStats: counters of up to 50 videos."""
        caller, parts = self._admission.admit(request, access.READ_SCOPES, STATS_PARTS)
        self._quota.charge_bucket("stats")
        ids = request.comma_list("id")
        if not ids:
            raise no_filter("id")
        if len(ids) > PAGE_LIMIT:
            raise invalid_filters()
        docs = (self._catalogue.video_as_read(key) for key in dict.fromkeys(ids))
        items = [
            _stats_item(doc, parts)
            for doc in docs
            if doc and self._is_visible(doc, caller)
        ]
        body = with_etag({"kind": "youtube#batchGetStatsResponse", "items": items})
        return json_reply(body, headers={"ETag": body["etag"]})

    def _is_visible(self, doc: Doc, caller: Caller) -> bool:
        is_private = doc["status"]["privacyStatus"] == "private"
        channel = self._catalogue.channel(doc["snippet"]["channelId"])
        return not is_private or caller.owns(channel)


def _check_enums(request: Request) -> None:
    for name, allowed in (("order", ORDERS), ("type", TYPES)):
        unknown = set(request.comma_list(name)) - allowed
        if unknown:
            raise errors.bad_value(f"Invalid value at '{name}': {min(unknown)}")


def _search_snippet(snippet: Json) -> Json:
    names = (
        "publishedAt", "channelId", "thumbnails", "channelTitle",
        "liveBroadcastContent",
    )  # fmt: skip
    return {name: snippet[name] for name in names} | {
        "title": escape(snippet["title"]),
        "description": snippet["description"][:SHOWN_CHARACTERS],
    }


def _stats_item(doc: Doc, parts: list[str]) -> Json:
    counts = {k: doc["statistics"][k] for k in COUNTS if k in doc["statistics"]}
    made: Json = {
        "snippet": {"publishTime": doc["snippet"]["publishedAt"]},
        "contentDetails": {"duration": doc["contentDetails"]["duration"]},
        "statistics": counts,
    }
    item: Json = {"kind": "youtube#videoStat", "id": doc["id"]}
    return with_etag(item | {part: made[part] for part in parts if part in made})
