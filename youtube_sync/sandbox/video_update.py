"""videos.update: every named writable part is replaced as a whole.

Order of checks: parts, body, quota, existence, owner, fields, schedule,
localizations. What a named part leaves out is reset to its default.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from youtube_sync.sandbox import errors, video_rules
from youtube_sync.sandbox.clock import Clock, as_text
from youtube_sync.sandbox.languages import usual_case
from youtube_sync.sandbox.messages import Json, Request
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Doc
from youtube_sync.sandbox.video_view import KNOWN_PARTS

WRITABLE_PARTS = ("snippet", "status", "localizations", "recordingDetails")


def read_body(request: Request, parts: list[str]) -> Json:
    """The body, once its parts, keys and types are known ones."""
    body = request.json()
    for name, value in body.items():
        if name in {"id", "kind", "etag"}:
            continue
        if name not in KNOWN_PARTS:
            raise errors.bad_value(f"Unknown name \"{name}\" at 'video'")
        if name not in parts:
            raise errors.parameter_error(
                "unexpectedPart", f"'{name}'", "part", "youtube.part"
            )
        video_rules.check_shape(name, value)
    return body


def check_fields(stored: Doc, parts: list[str], body: Json) -> datetime | None:
    """All checks that need the stored video; answers the publishing time."""
    publish_at = None
    if "snippet" in parts:
        video_rules.check_snippet(body.get("snippet", {}))
    if "status" in parts:
        video_rules.check_status(body.get("status", {}))
    if "recordingDetails" in parts:
        video_rules.check_recording(body.get("recordingDetails", {}))
    if "status" in parts:
        publish_at = video_rules.check_schedule(stored, body.get("status", {}))
    if "localizations" in parts:
        is_sent = "snippet" in parts
        snippet = body["snippet"] if is_sent else stored["snippet"]
        sent = body.get("localizations", {})
        video_rules.check_localizations(sent, snippet, is_sent=is_sent)
    return publish_at


class Replacement:
    """Replaces the named parts of one stored video."""

    def __init__(self, stored: Doc, clock: Clock, settings: Settings) -> None:
        self._doc, self._clock, self._settings = stored, clock, settings

    def apply(self, parts: list[str], body: Json, publish_at: datetime | None) -> Doc:
        if "snippet" in parts:
            self._replace_snippet(body["snippet"])
        if "status" in parts:
            self._replace_status(body.get("status", {}), publish_at)
        if "localizations" in parts:
            entries = body.get("localizations", {})
            self._doc["localizations"] = {
                usual_case(code): {"title": "", "description": ""} | entry
                for code, entry in entries.items()
            }
        if "recordingDetails" in parts:
            self._replace("recordingDetails", body.get("recordingDetails", {}), {})
        return self._doc

    def _replace_snippet(self, sent: Json) -> None:
        sent = dict(sent)
        sent["tags"] = _split_tags(sent.get("tags") or [])
        for key in ("defaultLanguage", "defaultAudioLanguage"):
            if sent.get(key):
                sent[key] = usual_case(sent[key])
        defaults: Json = {"description": ""}
        if not self._settings["audio_language_wiped"]:
            kept = self._doc["snippet"].get("defaultAudioLanguage")
            defaults["defaultAudioLanguage"] = kept
        self._replace("snippet", sent, defaults)

    def _replace_status(self, sent: Json, publish_at: datetime | None) -> None:
        was_public = self._doc["status"]["privacyStatus"] == "public"
        sent = dict(sent)
        if publish_at:
            sent["publishAt"] = as_text(publish_at)
        defaults = {
            "privacyStatus": self._settings["default_privacy"], "license": "youtube",
            "embeddable": True, "publicStatsViewable": True,
            "selfDeclaredMadeForKids": False,
        }  # fmt: skip
        self._replace("status", sent, defaults)
        if publish_at and publish_at <= self._clock.now():
            self._doc["status"]["privacyStatus"] = "public"
        if self._doc["status"]["privacyStatus"] == "public" and not was_public:
            self._publish()

    def _publish(self) -> None:
        if not self._doc["ever_published"]:
            self._doc["snippet"]["publishedAt"] = as_text(self._clock.now())
        self._doc["ever_published"] = True

    def _replace(self, part: str, sent: Json, defaults: Json) -> None:
        """Keep read-only properties, reset the others, lay what was sent over."""
        stored = self._doc.get(part, {})
        kept = {k: v for k, v in stored.items() if k in video_rules.READ_ONLY[part]}
        mutable = {k: v for k, v in sent.items() if k in video_rules.WRITABLE[part]}
        values = kept | defaults | {k: v for k, v in mutable.items() if v is not None}
        self._doc[part] = {k: v for k, v in values.items() if _is_set(k, v)}


def _is_set(key: str, value: Any) -> bool:
    return key == "description" or value not in (None, "", [])


def _split_tags(tags: list[str]) -> list[str]:
    """A tag with commas comes back as several."""
    pieces = (piece.strip() for tag in tags for piece in tag.split(","))
    return [piece for piece in pieces if piece]
