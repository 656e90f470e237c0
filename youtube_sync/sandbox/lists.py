"""What all lists of the Data API share: admission, pages, envelopes, refusals."""

from __future__ import annotations

import base64

from youtube_sync.sandbox import access, errors
from youtube_sync.sandbox.access import Caller
from youtube_sync.sandbox.messages import Json, Reply, Request, json_reply
from youtube_sync.sandbox.oauth import OAuth
from youtube_sync.sandbox.state import Store
from youtube_sync.sandbox.video_view import with_etag

READ_COST, PAGE_LIMIT = 1, 50
GLOBAL_PARAMETERS = frozenset(
    {
        "alt", "fields", "key", "prettyPrint", "quotaUser", "$.xgafv", "part",
        "onBehalfOfContentOwner", "access_token", "oauth_token", "callback",
    }
)  # fmt: skip
PARAMETERS = {
    "videos.list": {"id", "hl", "maxWidth", "maxHeight", "pageToken", "maxResults"},
    "videos.update": set[str](),
    "videos.batchGetStats": {"id"},
    "channels.list": {
        "id", "mine", "managedByMe", "forHandle", "forUsername", "hl", "maxResults",
        "pageToken",
    },
    "playlistItems.list": {"playlistId", "maxResults", "pageToken", "videoId"},
    "videoCategories.list": {"id", "regionCode", "hl"},
    "i18nLanguages.list": {"hl"},
    "i18nRegions.list": {"hl"},
    "search.list": {
        "channelId", "forContentOwner", "forMine", "maxResults", "order", "pageToken",
        "publishedAfter", "publishedBefore", "q", "regionCode", "relevanceLanguage",
        "safeSearch", "type",
    },
    "thumbnails.set": {"videoId", "uploadType"},
}  # fmt: skip


class Admission:
    """What every call checks first: token, scope, parameters, parts."""

    def __init__(self, store: Store, oauth: OAuth) -> None:
        self._store, self._oauth = store, oauth

    def caller(self, request: Request, scopes: frozenset[str]) -> Caller:
        caller = access.identify(request, self._oauth, self._store, scopes)
        unknown = set(request.query) - GLOBAL_PARAMETERS - PARAMETERS[request.operation]
        if unknown:
            name = min(unknown)
            raise errors.parameter_error("unexpectedParameter", f"'{name}'", name)
        return caller

    def admit(
        self, request: Request, scopes: frozenset[str], known: frozenset[str]
    ) -> tuple[Caller, list[str]]:
        caller = self.caller(request, scopes)
        parts = list(dict.fromkeys(request.comma_list("part")))
        bad = [part for part in parts if part not in known]
        if bad or not parts:
            raise errors.unknown_part(bad[0] if bad else "")
        return caller, parts


def list_reply(request: Request, kind: str, items: list[Json], extra: Json) -> Reply:
    """The envelope of a list, or 304 when the caller knows this content already."""
    body = with_etag({"kind": f"youtube#{kind}", "items": items} | extra)
    headers = {"ETag": body["etag"]}
    if request.headers.get("if-none-match") == body["etag"]:
        return Reply(304, headers=headers)
    return json_reply(body, headers=headers)


def page_of(request: Request) -> tuple[int, int]:
    """Offset and size of the asked page."""
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


def paging(offset: int, limit: int, total: int) -> Json:
    """Totals and the tokens of the pages before and after this one."""
    extra: Json = {"pageInfo": {"totalResults": total, "resultsPerPage": limit}}
    if offset + limit < total and limit:
        extra["nextPageToken"] = _token(offset + limit)
    if offset > 0:
        extra["prevPageToken"] = _token(max(offset - limit, 0))
    return extra


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"at:{offset}".encode()).decode()


def no_filter(names: str) -> errors.ApiError:
    message = f"No filter selected. Expected one of: {names}"
    return errors.parameter_error("missingRequiredParameter", message, "parameters")


def incompatible(names: set[str]) -> errors.ApiError:
    message = "Incompatible parameters specified in the request: "
    message += ", ".join(sorted(names))
    return errors.parameter_error("incompatibleParameters", message, "parameters")


def invalid_filters() -> errors.ApiError:
    message = "The request specifies an invalid filter parameter."
    return errors.parameter_error("invalidFilters", message, "parameters")
