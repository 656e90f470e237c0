"""The sandbox itself: routes calls, injects faults, keeps the log of calls."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from youtube_sync.sandbox import errors, faults
from youtube_sync.sandbox.catalogue import Catalogue
from youtube_sync.sandbox.clock import Clock, as_text
from youtube_sync.sandbox.content_id import ContentIdApi
from youtube_sync.sandbox.control import Control
from youtube_sync.sandbox.data_api import UPDATE_COST, DataApi
from youtube_sync.sandbox.faults import ConnectionDroppedError, Fault, Faults
from youtube_sync.sandbox.lists import READ_COST, Admission
from youtube_sync.sandbox.lookups import LookupApi
from youtube_sync.sandbox.messages import Json, Reply, Request, error_reply
from youtube_sync.sandbox.oauth import Client, OAuth
from youtube_sync.sandbox.partial import partly
from youtube_sync.sandbox.quota import Quota
from youtube_sync.sandbox.search import SearchApi
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Store
from youtube_sync.sandbox.thumbnails import ThumbnailApi

View = Callable[[Request], Reply]
Route = tuple[str, re.Pattern[str], str, View]
LOG_LENGTH = 20_000
BUCKET_OPERATIONS = {"search.list", "videos.batchGetStats"}
# Every request costs at least a unit, an invalid one too. Whether a refused write
# costs less than a successful one is not published: the dearer reading is safe.
FAILURE_COSTS = {"videos.update": UPDATE_COST, "thumbnails.set": UPDATE_COST}
DATA_API, PARTNER_API = "/youtube/v3/", "/youtube/partner/v1/"


class Sandbox:
    """All parts of the sandbox on one store; `handle` is thread-safe."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        client: Client | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.store = Store(path)
        self.clock = Clock(self.store, now)
        self.settings = Settings(self.store)
        self.quota = Quota(self.store, self.clock, self.settings)
        self.oauth = OAuth(self.store, self.clock, client or Client(), self.settings)
        self.catalogue = Catalogue(self.store, self.clock)
        self.faults = Faults()
        self.log: deque[Json] = deque(maxlen=LOG_LENGTH)
        self._routes = self._oauth_routes() + self._api_routes()
        self._routes += self._partner_routes() + self._control_routes()

    def _oauth_routes(self) -> list[Route]:
        return [
            _route("GET", "/o/oauth2/v2/auth", "oauth.show", self.oauth.show_consent),
            _route("POST", "/o/oauth2/v2/auth", "oauth.decide", self.oauth.decide),
            _route("POST", "/token", "oauth.token", self.oauth.give_token),
            _route("POST", "/revoke", "oauth.revoke", self.oauth.revoke),
        ]

    def _api_routes(self) -> list[Route]:
        admission = Admission(self.store, self.oauth)
        data = DataApi(self.catalogue, admission, self.quota, self.settings, self.clock)
        lookups = LookupApi(admission, self.quota)
        search = SearchApi(self.catalogue, admission, self.quota)
        pictures = ThumbnailApi(self.catalogue, admission, self.quota)
        uploads = "/upload" + DATA_API
        return [
            _read("videos", data.list_videos),
            _route("PUT", DATA_API + "videos", "videos.update", data.update_video),
            _read("channels", data.list_channels),
            _read("playlistItems", data.list_playlist_items),
            _read("videoCategories", lookups.list_categories),
            _read("i18nLanguages", lookups.list_languages),
            _read("i18nRegions", lookups.list_regions),
            _read("search", search.search),
            _route(
                "GET",
                DATA_API + "videos:batchGetStats",
                "videos.batchGetStats",
                search.get_stats,
            ),
            _route(
                "POST", uploads + "thumbnails/set", "thumbnails.set",
                pictures.set_picture,
            ),
            _route("GET", "/thumbs/<name>.svg", "sandbox.thumb", pictures.show),
        ]  # fmt: skip

    def _partner_routes(self) -> list[Route]:
        partner = ContentIdApi(self.catalogue, self.oauth, self.settings)
        base, asset = PARTNER_API, PARTNER_API + "assets/<asset_id>"
        owners = partner.list_content_owners
        return [
            _route("GET", base + "assets", "assets.list", partner.list_assets),
            _route("GET", asset, "assets.get", partner.get_asset),
            _route("PUT", asset, "assets.update", partner.update_asset),
            _route("PATCH", asset, "assets.patch", partner.patch_asset),
            _route(
                "GET", base + "claimSearch", "claimSearch.list", partner.search_claims
            ),
            _route("GET", base + "contentOwners", "contentOwners.list", owners),
        ]

    def _control_routes(self) -> list[Route]:
        control = Control(
            self.catalogue,
            self.oauth,
            self.quota,
            self.settings,
            self.clock,
            self.faults,
            self.log,
        )
        video = "/sandbox/videos/<video_id>"
        return [
            _route("GET", "/sandbox/health", "sandbox.health", control.health),
            _route("GET", "/sandbox/state", "sandbox.state", control.state),
            _route("GET", "/sandbox/requests", "sandbox.requests", control.requests),
            _route("POST", "/sandbox/seed", "sandbox.seed", control.seed),
            _route("POST", video, "sandbox.edit", control.edit_video),
            _route("DELETE", video, "sandbox.remove", control.remove_video),
            _route("POST", "/sandbox/faults", "sandbox.fault", control.add_fault),
            _route("DELETE", "/sandbox/faults", "sandbox.clear", control.clear_faults),
            _route(
                "POST", "/sandbox/settings", "sandbox.settings", control.change_settings
            ),
            _route("POST", "/sandbox/clock", "sandbox.clock", control.advance_clock),
            _route("POST", "/sandbox/revoke", "sandbox.revoke", control.revoke_grants),
            _route("POST", video + "/stale", "sandbox.stale", control.keep_stale),
            _route("POST", "/sandbox/expire", "sandbox.expire", control.expire_tokens),
        ]

    def handle(self, request: Request) -> Reply:
        """Answer one call; raise ConnectionDroppedError to hang up instead."""
        try:
            view = self._view_for(request)
        except errors.ApiError as error:
            return error_reply(error)
        fault = self._fault_for(request)
        try:
            reply = self._answer(request, view, fault)
        except ConnectionDroppedError:
            self._remember(request, 0)
            raise
        self._remember(request, reply.status)
        if fault:
            faults.after_commit(fault)
        return reply

    def _view_for(self, request: Request) -> View:
        for method, pattern, operation, view in self._routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                request.operation = operation
                request.path_parameters = match.groupdict()
                return view
        raise errors.not_found()

    def _fault_for(self, request: Request) -> Fault | None:
        if request.operation.startswith("sandbox."):
            return None
        return self.faults.take(request.operation)

    def _answer(self, request: Request, view: View, fault: Fault | None) -> Reply:
        try:
            replacement = faults.reply_instead(fault) if fault else None
            if replacement:
                self._charge_failure(request)
                return replacement
            with self.store.lock:
                return partly(request, view(request))
        except errors.ApiError as error:
            if error.is_charged:
                self._charge_failure(request)
            return error_reply(error)

    def _charge_failure(self, request: Request) -> None:
        is_priced = request.path.removeprefix("/upload").startswith(DATA_API)
        if is_priced and request.operation not in BUCKET_OPERATIONS:
            with self.store.lock:
                price = FAILURE_COSTS.get(request.operation, READ_COST)
                self.quota.charge_failed(request, price)

    def _remember(self, request: Request, status: int) -> None:
        if request.operation.startswith("sandbox."):
            return
        shown = {name: ",".join(values) for name, values in request.query.items()}
        self.log.append(
            {
                "method": request.method,
                "path": request.path,
                "operation": request.operation,
                "status": status,
                "units": request.units,
                "query": {} if request.operation.startswith("oauth.") else shown,
                "at": as_text(self.clock.now()),
            }
        )


def _read(noun: str, view: View) -> Route:
    return _route("GET", DATA_API + noun, f"{noun}.list", view)


def _route(method: str, path: str, operation: str, view: View) -> Route:
    pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path.replace(".", r"\."))
    return method, re.compile(pattern), operation, view
