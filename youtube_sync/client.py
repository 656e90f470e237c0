"""The doors to the YouTube Data API and to Content ID.

The libraries behind them take some 40 MB, so they are imported where a client is
built or used: web processes that only enqueue jobs stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

from youtube_sync.exceptions import RetryableAPIError, YouTubeAPIError
from youtube_sync.prices import IDS_PER_CALL
from youtube_sync.remote import (
    Changes,
    RemoteAsset,
    RemoteChannel,
    RemoteClaim,
    RemoteContentOwner,
    RemoteVideo,
)

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from googleapiclient.discovery import Resource
    from googleapiclient.http import HttpRequest

Paid = Callable[[], AbstractContextManager[Any]]  # around each call of several

NOT_MODIFIED = 304
CHANNEL_PARTS = ("snippet", "contentDetails", "statistics", "contentOwnerDetails")
VIDEO_PARTS = ("snippet", "status", "localizations", "contentDetails", "statistics")
LIVE_PARTS = ("snippet", "status", "localizations")
REFRESH_PARTS = (*LIVE_PARTS, "contentDetails", "liveStreamingDetails")
# All that a refresh takes from each part; a page of 50 is a third of a whole one.
REFRESH_FIELDS = (
    "etag,items(id,snippet(publishedAt,channelId,channelTitle,title,description,"
    "thumbnails(default/url,medium/url,high/url),tags,categoryId,"
    "liveBroadcastContent,defaultLanguage,defaultAudioLanguage),"
    "status(uploadStatus,privacyStatus,publishAt,license,embeddable,"
    "publicStatsViewable,selfDeclaredMadeForKids),localizations,"
    "contentDetails/duration,liveStreamingDetails/actualStartTime,"
    "statistics(viewCount,likeCount,commentCount))"
)
CLAIM_STATUSES = ("active",)


@dataclass(frozen=True, slots=True)
class VideoRead:
    """One call of a refresh: what was shown, and YouTube's mark of this content."""

    videos: dict[str, RemoteVideo]
    etag: str


@dataclass(frozen=True, slots=True)
class UploadsPage:
    """Ids of one page of a channel's uploads, and the token of the next page."""

    video_ids: list[str]
    next_token: str


class _ApiClient:
    """What both APIs share: the resource, the content owner, closing."""

    def __init__(self, resource: Resource, content_owner: str = "") -> None:
        self._api = resource
        owner = content_owner
        self._owner = {"onBehalfOfContentOwner": owner} if owner else {}

    def close(self) -> None:
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class YouTubeClient(_ApiClient):
    """The only door to the YouTube Data API."""

    def get_channels(self, channel_ids: Sequence[str]) -> dict[str, RemoteChannel]:
        """Read up to 50 channels (1 unit); unknown ones are missing."""
        _check_count(channel_ids)
        if not channel_ids:
            return {}
        request = self._api.channels().list(
            part=",".join(CHANNEL_PARTS),
            id=",".join(channel_ids),
            maxResults=IDS_PER_CALL,
            **self._owner,
        )
        items = _execute(request, "channels.list").get("items", [])
        return {item["id"]: RemoteChannel.from_api(item) for item in items}

    def list_own_channels(self, paid: Paid = nullcontext) -> list[RemoteChannel]:
        """Channels of the connected person (1 unit a page, each in `paid`)."""
        return list(self._pages_of_channels({"mine": True}, paid))

    def list_managed_channels(
        self, content_owner: str, paid: Paid = nullcontext
    ) -> list[RemoteChannel]:
        """Every channel linked to a content owner (1 unit for 50, each in `paid`)."""
        selection = {"managedByMe": True, "onBehalfOfContentOwner": content_owner}
        return list(self._pages_of_channels(selection, paid))

    def _pages_of_channels(
        self, selection: dict[str, Any], paid: Paid
    ) -> Iterator[RemoteChannel]:
        token, seen = "", set[str]()
        while True:
            paging = {"pageToken": token} if token else {}
            request = self._api.channels().list(
                part=",".join(CHANNEL_PARTS), maxResults=50, **selection, **paging
            )
            with paid():
                page = _execute(request, "channels.list")
            for item in _new_ones(page, seen):
                yield RemoteChannel.from_api(item)
            token = page.get("nextPageToken", "")
            if not token or not page.get("items"):
                return

    def get_videos(
        self, video_ids: Sequence[str], parts: Sequence[str] = VIDEO_PARTS
    ) -> dict[str, RemoteVideo]:
        """Read up to 50 videos (1 unit); ids that YouTube left out are missing."""
        _check_count(video_ids)
        if not video_ids:
            return {}
        request = self._api.videos().list(
            part=",".join(parts), id=",".join(video_ids), **self._owner
        )
        items = _execute(request, "videos.list").get("items", [])
        return {item["id"]: RemoteVideo.from_api(item, parts) for item in items}

    def read_videos(
        self, video_ids: Sequence[str], *, with_counters: bool, etag: str = ""
    ) -> VideoRead | None:
        """Read up to 50 videos for a refresh (1 unit); None: the same as `etag` was.

        The reply is cut to what a refresh needs: never build an update from it.
        """
        _check_count(video_ids)
        counters = ("statistics",) if with_counters else ()
        parts = (*REFRESH_PARTS, *counters)
        request = self._api.videos().list(
            part=",".join(parts),
            id=",".join(video_ids),
            fields=REFRESH_FIELDS,
            **self._owner,
        )
        page = _execute_unless_same(request, "videos.list", etag)
        if page is None:
            return None
        items = page.get("items", [])
        videos = {item["id"]: RemoteVideo.from_api(item, parts) for item in items}
        return VideoRead(videos, page.get("etag", ""))

    def list_uploads(self, playlist_id: str, page_token: str = "") -> UploadsPage:
        """One page of a channel's uploads, the newest first (1 unit).

        Raises RemoteNotFoundError for a channel without such a list.
        """
        request = self._api.playlistItems().list(
            part="contentDetails",
            playlistId=playlist_id,
            maxResults=IDS_PER_CALL,
            fields="nextPageToken,items/contentDetails/videoId",
            **({"pageToken": page_token} if page_token else {}),
            **self._owner,
        )
        page = _execute(request, "playlistItems.list")
        ids = [item["contentDetails"]["videoId"] for item in page.get("items", [])]
        is_over = not ids  # an empty page ends the list, whatever it says of a next
        return UploadsPage(
            list(dict.fromkeys(ids)), "" if is_over else page.get("nextPageToken", "")
        )

    def update_video(self, live: RemoteVideo, changes: Changes) -> RemoteVideo:
        """Replace the parts that `changes` touches (50 quota units, one call).

        Raises IncompletePartError before sending, UncertainOutcomeError when the
        connection breaks after it. The reply shows the touched parts only.
        """
        body = live.writable_parts_with(changes)
        parts = [name for name in body if name != "id"]
        request = self._api.videos().update(
            part=",".join(parts), body=body, **self._owner
        )
        return RemoteVideo.from_api(_execute(request, "videos.update"), parts)


class ContentIdClient(_ApiClient):
    """The only door to the Content ID API; its prices are not published."""

    def get_assets(self, asset_ids: Sequence[str]) -> dict[str, RemoteAsset]:
        """Read up to 50 assets; a merged one is found under each of its ids."""
        _check_count(asset_ids)
        if not asset_ids:
            return {}
        request = self._api.assets().list(
            id=",".join(asset_ids), fetchMetadata="mine,effective", **self._owner
        )
        items = _execute(request, "assets.list").get("items", [])
        assets = map(RemoteAsset.from_api, items)
        return {
            asset_id: asset
            for asset in assets
            for asset_id in (asset.asset_id, *asset.alias_ids)
        }

    def update_asset(self, live: RemoteAsset, changes: Changes) -> RemoteAsset:
        """Replace our metadata of an asset by the complete new one (one call)."""
        request = self._api.assets().update(
            assetId=live.asset_id,
            body={"metadataMine": live.writable_metadata_with(changes)},
            **self._owner,
        )
        return RemoteAsset.from_api(_execute(request, "assets.update"))

    def find_claims(
        self,
        video_ids: Sequence[str],
        statuses: Sequence[str] = CLAIM_STATUSES,
        paid: Paid = nullcontext,
    ) -> list[RemoteClaim]:
        """Claims on up to 50 videos, a call (in `paid`) for every 25 claims or so."""
        _check_count(video_ids)
        found, token, seen = list[RemoteClaim](), "", set[str]()
        while video_ids:
            with paid():
                page = self._page_of_claims(video_ids, statuses, token)
            found += [RemoteClaim.from_api(item) for item in _new_ones(page, seen)]
            token = page.get("nextPageToken", "")
            if not token or not page.get("items"):
                break
        return found

    def _page_of_claims(
        self, video_ids: Sequence[str], statuses: Sequence[str], token: str
    ) -> dict[str, Any]:
        request = self._api.claimSearch().list(
            videoId=",".join(video_ids),
            status=",".join(statuses),
            **({"pageToken": token} if token else {}),
            **self._owner,
        )
        return _execute(request, "claimSearch.list")

    def get_content_owners(self) -> list[RemoteContentOwner]:
        """Content owners for which the connected person may act (one call)."""
        request = self._api.contentOwners().list(fetchMine=True)
        items = _execute(request, "contentOwners.list").get("items", [])
        return [RemoteContentOwner.from_api(item) for item in items]


def build_youtube_client(
    credentials: Credentials, base: str, content_owner: str = ""
) -> YouTubeClient:
    """Make a client of the Data API at `base`; needs no network."""
    from googleapiclient.discovery import build

    from youtube_sync.transport import AuthorizedHttp

    resource = build(
        "youtube",
        "v3",
        http=AuthorizedHttp(credentials),
        client_options={"api_endpoint": _as_folder(base)},
        static_discovery=True,
    )
    return YouTubeClient(resource, content_owner)


def build_content_id_client(
    credentials: Credentials, base: str, content_owner: str = ""
) -> ContentIdClient:
    """Make a client of Content ID; Google's library ships no description of it."""
    from googleapiclient.discovery import build_from_document

    from youtube_sync.transport import AuthorizedHttp

    document = files("youtube_sync").joinpath("content_id_v1.json").read_text("utf-8")
    resource = build_from_document(
        document,
        http=AuthorizedHttp(credentials),
        client_options={"api_endpoint": _as_folder(base)},
    )
    return ContentIdClient(resource, content_owner)


def _as_folder(base: str) -> str:
    return base.rstrip("/") + "/"


def _execute(request: HttpRequest, operation: str) -> dict[str, Any]:
    with translated_errors(operation):
        reply = request.execute()
    if not isinstance(reply, dict):  # a page of a proxy in between
        raise RetryableAPIError(operation=operation)
    return reply


def _execute_unless_same(
    request: HttpRequest, operation: str, etag: str
) -> dict[str, Any] | None:
    """The reply; None when YouTube says that its content still has this etag."""
    if etag:
        request.headers["If-None-Match"] = etag
    try:
        return _execute(request, operation)
    except YouTubeAPIError as error:
        if etag and error.http_status == NOT_MODIFIED:
            return None
        raise


@contextmanager
def translated_errors(operation: str) -> Iterator[None]:
    """Turn errors of the libraries into ours."""
    from youtube_sync import transport

    with transport.translated_errors(operation):
        yield


def _check_count(identifiers: Sequence[str]) -> None:
    if len(identifiers) > IDS_PER_CALL:
        raise ValueError(f"At most {IDS_PER_CALL} ids a call: {len(identifiers)}")


def _new_ones(page: Mapping[str, Any], seen: set[str]) -> Iterable[Mapping[str, Any]]:
    """A page may repeat entries of the one before."""
    for item in page.get("items", []):
        if item["id"] not in seen:
            seen.add(item["id"])
            yield item
