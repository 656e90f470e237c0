"""What live events say, who hears them, and what one must be allowed to hear them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict


class VideoChanged(TypedDict):
    """`video.changed`: one video, or with `count` a batch of them."""

    video_id: NotRequired[str]
    fields: NotRequired[list[str]]
    pending_fields: NotRequired[list[str]]
    change_set: NotRequired[int]
    observation: NotRequired[int]
    count: NotRequired[int]


class ChannelChanged(TypedDict):
    """`channel.changed`: somebody edited one, or a batch was read or edited."""

    channel_id: NotRequired[str]
    fields: NotRequired[list[str]]
    observation: NotRequired[int]
    change_set: NotRequired[int]
    count: NotRequired[int]


class ReportProgress(TypedDict):
    """`report.progress`: how far the import of one report file is."""

    report: int
    state: str
    rows_read: NotRequired[int]
    rows_per_second: NotRequired[float]
    percent: NotRequired[float | None]
    seconds_left: NotRequired[float | None]
    error: NotRequired[str]


class SyncStatus(TypedDict):
    """`sync.status`: how far one push plan is, or how one video's push ended."""

    plan: NotRequired[int]
    video_id: NotRequired[str]
    state: str
    item_count: NotRequired[int]
    done_count: NotRequired[int]
    failed_count: NotRequired[int]
    quota_units: NotRequired[int]
    message: NotRequired[str]


class RefreshProgress(TypedDict):
    """`refresh.progress`: how far one refresh from YouTube is."""

    refresh: int
    state: str
    step: NotRequired[str]
    total_count: NotRequired[int]
    read_count: NotRequired[int]
    changed_count: NotRequired[int]
    new_count: NotRequired[int]
    call_count: NotRequired[int]
    message: NotRequired[str]


class BulkProgress(TypedDict):
    """`bulk.progress`: how far one change set is."""

    change_set: int
    state: str
    planned_count: NotRequired[int]
    applied_count: NotRequired[int]
    skipped_count: NotRequired[int]
    row_count: NotRequired[int]
    percent: NotRequired[float | None]


class ConflictOpened(TypedDict):
    """`conflict.opened`: YouTube and the office changed the same field."""

    video_id: NotRequired[str]
    field: NotRequired[str]
    observation: NotRequired[int]
    count: NotRequired[int]


class Notification(TypedDict):
    """`notification`: a short message for people, shown as a toast."""

    notification: NotRequired[int]
    kind: NotRequired[str]
    level: str
    title: str
    message: NotRequired[str]
    url: NotRequired[str]


Payload = (
    VideoChanged
    | ChannelChanged
    | ReportProgress
    | SyncStatus
    | RefreshProgress
    | BulkProgress
    | ConflictOpened
    | Notification
    | Mapping[str, Any]
)

# The permission that a listener needs for each type; None: being signed in.
REQUIRED_PERMISSIONS: dict[str, str | None] = {
    "video.changed": "catalog.view_video",
    "channel.changed": "catalog.view_channel",
    "report.progress": "reports.view_report",
    "sync.status": "youtube_sync.view_pushplan",
    "refresh.progress": "youtube_sync.view_refreshrun",
    "bulk.progress": "catalog.view_changeset",
    "conflict.opened": "catalog.view_conflict",
    "notification": None,
}

# The permission that one needs to see who is on a page, and to be seen there.
ROOM_PERMISSIONS: dict[str, str] = {
    "asset": "catalog.view_asset",
    "changeset": "catalog.view_changeset",
    "channel": "catalog.view_channel",
    "plan": "youtube_sync.view_pushplan",
    "refresh": "youtube_sync.view_refreshrun",
    "report": "reports.view_report",
    "video": "catalog.view_video",
}

# The permission that one needs to be told of each kind; None: one's own jobs.
NOTICE_PERMISSIONS: dict[str, str | None] = {
    "job": None,
    "conflict": "catalog.view_conflict",
    "reconnect": "youtube_sync.view_youtubeaccount",
    "quota": "youtube_sync.view_quotaentry",
    "alarm": "catalog.view_changeset",
    "system": "webhooks.view_webhookendpoint",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, before it is written down."""

    type: str
    payload: Payload
    scope: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.type not in REQUIRED_PERMISSIONS:
            raise ValueError(f"Unknown live event type: {self.type}")


EVERYONE = "everyone"
SUBSCRIBABLE = re.compile(
    r"everyone|(?:report|changeset|plan|refresh)\.[1-9][0-9]{0,17}"
    r"|video\.[A-Za-z0-9_-]{1,20}|(?:channel|asset)\.[A-Za-z0-9_-]{1,40}",
    re.ASCII,
)
_PERSONAL = re.compile(r"user\.[1-9][0-9]{0,17}|notice\.[a-z]{1,10}", re.ASCII)


def report_group(pk: int) -> str:
    return f"report.{pk}"


def change_set_group(pk: int) -> str:
    return f"changeset.{pk}"


def plan_group(pk: int) -> str:
    return f"plan.{pk}"


def refresh_group(pk: int) -> str:
    return f"refresh.{pk}"


def video_group(video_id: str) -> str:
    return f"video.{video_id}"


def channel_group(channel_id: str) -> str:
    return f"channel.{channel_id}"


def asset_group(asset_id: str) -> str:
    return f"asset.{asset_id}"


def user_group(pk: int) -> str:
    """One person's connections; joined by the server, never by request."""
    return f"user.{pk}"


def notice_group(kind: str) -> str:
    """Who may be told of a kind of notification; joined by the server only."""
    return f"notice.{kind}"


def is_subscribable(group: object) -> bool:
    """Whether a client may ask for this group."""
    return isinstance(group, str) and bool(SUBSCRIBABLE.fullmatch(group))


def is_group(group: str) -> bool:
    return is_subscribable(group) or bool(_PERSONAL.fullmatch(group))
