"""What only a sandbox has: seeding, Studio edits, faults, inspection."""

from __future__ import annotations

from collections import deque

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.catalogue import KINDS, Catalogue
from youtube_sync.sandbox.clock import Clock, as_text
from youtube_sync.sandbox.faults import Faults
from youtube_sync.sandbox.messages import Json, Reply, Request, json_reply
from youtube_sync.sandbox.oauth import OAuth
from youtube_sync.sandbox.quota import Quota
from youtube_sync.sandbox.settings import Settings


class Control:
    def __init__(
        self,
        catalogue: Catalogue,
        oauth: OAuth,
        quota: Quota,
        settings: Settings,
        clock: Clock,
        faults: Faults,
        log: deque[Json],
    ) -> None:
        self._catalogue, self._oauth, self._quota = catalogue, oauth, quota
        self._settings, self._clock, self._faults = settings, clock, faults
        self._log = log

    def health(self, request: Request) -> Reply:
        return json_reply({"status": "ok", "service": "youtube-sandbox"})

    def state(self, request: Request) -> Reply:
        """Everything, or the kinds of `?kinds=video,asset`."""
        kinds = request.comma_list("kinds") or KINDS
        unknown = set(kinds) - set(KINDS)
        if unknown:
            raise errors.bad_value(f"Unknown kinds: {', '.join(sorted(unknown))}")
        dump: Json = {f"{kind}s": self._catalogue.store.all(kind) for kind in kinds}
        dump["units_spent"] = self._quota.spent_in_all()
        dump["units_spent_today"] = self._quota.spent_today()
        dump["now"] = as_text(self._clock.now())
        return json_reply(dump | {"settings": self._settings.all()})

    def seed(self, request: Request) -> Reply:
        """POST {content_owners, channels, videos, assets, claims}."""
        data = request.json()
        if data.pop("replace", False):
            self._catalogue.clear()
        try:
            return json_reply({"taken": self._catalogue.seed(data)})
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            raise errors.bad_value(f"Not a seed: {exc!r}") from exc

    def edit_video(self, request: Request) -> Reply:
        video_id = request.path_parameters["video_id"]
        return json_reply(self._catalogue.edit_video(video_id, **request.json()))

    def remove_video(self, request: Request) -> Reply:
        video_id = request.path_parameters["video_id"]
        return json_reply({"removed": self._catalogue.store.delete("video", video_id)})

    def add_fault(self, request: Request) -> Reply:
        """POST {kind, operation, count, skip, seconds, reason}."""
        self._faults.add_from(request.json())
        return json_reply({"status": "ok"})

    def clear_faults(self, request: Request) -> Reply:
        self._faults.clear()
        return json_reply({"status": "ok"})

    def change_settings(self, request: Request) -> Reply:
        self._settings.update(request.json())
        return json_reply(self._settings.all())

    def advance_clock(self, request: Request) -> Reply:
        try:
            self._clock.advance(float(request.json()["seconds"]))
        except (KeyError, TypeError, ValueError) as exc:
            raise errors.bad_value("POST {seconds}") from exc
        return json_reply({"now": as_text(self._clock.now())})

    def keep_stale(self, request: Request) -> Reply:
        """POST {seconds}: reads show the present state for so long."""
        video_id = request.path_parameters["video_id"]
        try:
            seconds = float(request.json()["seconds"])
        except (KeyError, TypeError, ValueError) as exc:
            raise errors.bad_value("POST {seconds}") from exc
        self._catalogue.keep_stale(video_id, seconds)
        return json_reply({"status": "ok"})

    def expire_tokens(self, request: Request) -> Reply:
        """POST {kind}: let all tokens of a kind end, as time would."""
        kind = request.json().get("kind")
        if kind not in {"access_token", "refresh_token"}:
            raise errors.bad_value("POST {kind}: access_token or refresh_token")
        self._oauth.expire(kind)
        return json_reply({"status": "ok"})

    def revoke_grants(self, request: Request) -> Reply:
        self._oauth.revoke_everything()
        return json_reply({"status": "ok"})

    def requests(self, request: Request) -> Reply:
        return json_reply({"requests": list(self._log)})
