"""How pushes are shown to people, on every page alike."""

from __future__ import annotations

from typing import Any

from django import template

from catalog.models import Video
from youtube_sync.models import MetadataSync

register = template.Library()

TONES = {
    "connected": "good",
    "needs_reconnect": "bad",
    "waiting_quota": "warn",
    "completed": "good",
    "completed_with_errors": "warn",
    "failed": "bad",
    "blocked": "warn",
    "success": "good",
    "already_there": "good",
    "conflict": "bad",
    "moved": "warn",
    "uncertain": "warn",
    "paused": "warn",
    "left_out": "",
    "spent": "",
    "closed": "bad",
}
SYNCS_SHOWN = 5


@register.filter
def tone(state: str) -> str:
    """The class of a state's badge."""
    return f"ytm-badge--{TONES[state]}" if TONES.get(state) else ""


@register.filter
def units(price: int | None) -> str:
    """A price in quota units; Content ID publishes none."""
    return "unknown" if price is None else f"{price:,} units"


@register.simple_tag
def recent_syncs(video: Video) -> list[MetadataSync]:
    """The last attempts to push a video."""
    return list(MetadataSync.objects.for_video(video).for_list()[:SYNCS_SHOWN])


@register.filter
def entries_of(fields: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The fields of an item, as pairs of name and values."""
    return list(fields.items())
