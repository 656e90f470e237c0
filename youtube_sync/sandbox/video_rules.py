"""What YouTube accepts in an update: known keys, types, limits, schedule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.clock import as_moment
from youtube_sync.sandbox.languages import is_supported
from youtube_sync.sandbox.state import Doc

TITLE_UNITS, DESCRIPTION_BYTES, TAG_CHARACTERS = 100, 5000, 500
CATEGORY_TITLES = {
    "1": "Film & Animation", "2": "Autos & Vehicles", "10": "Music",
    "15": "Pets & Animals", "17": "Sports", "18": "Short Movies",
    "19": "Travel & Events", "20": "Gaming", "21": "Videoblogging",
    "22": "People & Blogs", "23": "Comedy", "24": "Entertainment",
    "25": "News & Politics", "26": "Howto & Style", "27": "Education",
    "28": "Science & Technology", "29": "Nonprofits & Activism", "30": "Movies",
}  # fmt: skip
UNASSIGNABLE = frozenset({"18", "21"} | {str(number) for number in range(30, 45)})
ENUMS = {
    "privacyStatus": {"public", "unlisted", "private"},
    "license": {"youtube", "creativeCommon"},
}
WRITABLE: dict[str, dict[str, type]] = {
    "snippet": {
        "title": str, "description": str, "tags": list, "categoryId": str,
        "defaultLanguage": str, "defaultAudioLanguage": str,
    },
    "status": {
        "privacyStatus": str, "publishAt": str, "license": str, "embeddable": bool,
        "publicStatsViewable": bool, "selfDeclaredMadeForKids": bool,
        "containsSyntheticMedia": bool,
    },
    "recordingDetails": {
        "recordingDate": str, "location": dict, "locationDescription": str,
    },
}  # fmt: skip
READ_ONLY: dict[str, set[str]] = {
    "snippet": {
        "publishedAt", "channelId", "channelTitle", "localized", "thumbnails",
        "liveBroadcastContent",
    },
    "status": {"uploadStatus", "failureReason", "rejectionReason", "madeForKids"},
    "recordingDetails": set(),
}  # fmt: skip


# Shape: keys and types, checked while the body is parsed


def check_shape(part: str, values: Any) -> None:
    """Refuse what the API's schema does not know."""
    if not isinstance(values, dict):
        raise errors.bad_value(f"Invalid value at 'video.{part}'")
    if part == "localizations":
        _check_localization_shape(values)
    for key, value in values.items() if part in WRITABLE else ():
        if key not in READ_ONLY[part]:
            _check_key(part, key, value)


def _check_key(part: str, key: str, value: Any) -> None:
    kind = WRITABLE[part].get(key)
    if kind is None:
        raise errors.bad_value(
            f"Invalid JSON payload received. Unknown name \"{key}\" at 'video.{part}': "
            "Cannot find field."
        )
    if value is not None and not isinstance(value, kind):
        raise errors.bad_value(f"Invalid value at 'video.{part}.{key}'")
    items = value if isinstance(value, list) else []
    if not all(isinstance(item, str) for item in items):
        raise errors.bad_value(f"Invalid value at 'video.{part}.{key}'")


def _check_localization_shape(values: Mapping[str, Any]) -> None:
    for code, entry in values.items():
        texts = entry.values() if isinstance(entry, dict) else [None]
        known = isinstance(entry, dict) and set(entry) <= {"title", "description"}
        if not known or not all(isinstance(text, str) for text in texts):
            raise errors.bad_value(f"Invalid value at 'video.localizations.{code}'")


# Limits: first failing field wins


def check_snippet(snippet: Mapping[str, Any]) -> None:
    _check_title(snippet.get("title"))
    if not snippet.get("categoryId"):
        raise errors.invalid_video("invalidVideoMetadata")
    check_description(snippet.get("description") or "", "invalidDescription")
    _check_tags(snippet.get("tags") or [])
    category = snippet["categoryId"]
    if category not in CATEGORY_TITLES or category in UNASSIGNABLE:
        raise errors.invalid_video("invalidCategoryId", "body.snippet.categoryId")
    for key in ("defaultLanguage", "defaultAudioLanguage"):
        if snippet.get(key) and not is_supported(snippet[key]):
            raise errors.invalid_video("invalidVideoMetadata")


def _check_title(title: str | None) -> None:
    if title is None:
        raise errors.invalid_video("invalidVideoMetadata")
    length = len(title.encode("utf-16-le", "surrogatepass")) // 2
    if not title.strip() or length > TITLE_UNITS or _has_brackets(title):
        raise errors.invalid_video("invalidTitle", "body.snippet.title")


def check_description(text: str, reason: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > DESCRIPTION_BYTES or _has_brackets(text):
        raise errors.invalid_video(reason, "body.snippet.description")


def _check_tags(tags: list[str]) -> None:
    quoted = sum(len(tag) + (2 if " " in tag else 0) for tag in tags)
    total = quoted + max(len(tags) - 1, 0)
    if total > TAG_CHARACTERS or any(map(_has_brackets, tags)):
        raise errors.invalid_video("invalidTags", "body.snippet.tags")


def _has_brackets(text: str) -> bool:
    return "<" in text or ">" in text


def check_status(status: Mapping[str, Any]) -> None:
    for key, allowed in ENUMS.items():
        if status.get(key) is not None and status[key] not in allowed:
            raise errors.invalid_video("invalidVideoMetadata", f"body.status.{key}")


def check_recording(recording: Mapping[str, Any]) -> None:
    try:
        if recording.get("recordingDate"):
            as_moment(recording["recordingDate"])
    except ValueError as exc:
        raise errors.invalid_video("invalidRecordingDetails") from exc


def check_schedule(stored: Doc, status: Mapping[str, Any]) -> datetime | None:
    """The asked publishing time; only a never published private video has one."""
    if not status.get("publishAt"):
        return None
    stays_private = status.get("privacyStatus") == "private"
    was_private = stored["status"]["privacyStatus"] == "private"
    if not (stays_private and was_private) or stored["ever_published"]:
        raise _invalid_publish_at()
    try:
        return as_moment(status["publishAt"])
    except ValueError as exc:
        raise _invalid_publish_at() from exc


def _invalid_publish_at() -> errors.ApiError:
    return errors.invalid_video("invalidPublishAt", "body.status.publishAt")


def check_localizations(
    localizations: Mapping[str, Any], snippet: Mapping[str, Any], *, is_sent: bool
) -> None:
    """`snippet` is the one that will stand; `is_sent`: it came with this call."""
    default = snippet.get("defaultLanguage")
    if localizations and not default:
        raise errors.invalid_video("defaultLanguageNotSet")
    for code, entry in localizations.items():
        title = entry.get("title", "")
        length = len(title.encode("utf-16-le", "surrogatepass")) // 2
        has_title = title.strip() and length <= TITLE_UNITS
        if not is_supported(code) or not has_title or _has_brackets(title):
            raise errors.invalid_video("invalidVideoMetadata")
        check_description(entry.get("description", ""), "invalidVideoMetadata")
        mirrors = is_sent and code.lower() == (default or "").lower()
        if mirrors and title != snippet["title"]:
            raise errors.invalid_video("invalidVideoMetadata")
