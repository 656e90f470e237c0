"""One highlight in the words of its kind, ready to be read."""

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime

from catalog.models import Highlight, HighlightKind
from catalog.templatetags.catalog_values import described, field_label
from catalog.view_methods import TEXTS
from ytmanager.templatetags.figures import thousands

TONES = {
    HighlightKind.THIRD_PARTY_CLAIM: "bad",
    HighlightKind.MONETIZATION_LOST: "bad",
    HighlightKind.OWNERSHIP_LOST: "bad",
    HighlightKind.OWNERSHIP_CONFLICT: "bad",
    HighlightKind.CONFLICT: "warn",
    HighlightKind.VIDEO_MISSING: "warn",
    HighlightKind.VIEWS_DOWN: "warn",
    HighlightKind.VIEWS_UP: "good",
    HighlightKind.VIDEO_NEW: "good",
    HighlightKind.VIDEO_BACK: "good",
}
# What each of the two values is called.
SIDES = {
    HighlightKind.CONFLICT: ("Ours", "YouTube"),
    HighlightKind.OWNERSHIP_CONFLICT: ("", "Also claimed by"),
    HighlightKind.VIDEO_MISSING: ("Last listed", ""),
    HighlightKind.VIDEO_BACK: ("Missing since", ""),
    HighlightKind.VIDEO_NEW: ("", "Views so far"),
}
# The kind or the values say it already.
UNNAMED = {
    "listed",
    "daily_views",
    "policy",
    "view_count",
    "other_owner",
    "other_owners_claiming",
}


@dataclass(frozen=True, slots=True)
class HighlightLine:
    """A row of the page; an empty text is not shown."""

    highlight: Highlight
    address: str
    name: str
    tone: str
    field: str
    before: tuple[str, str]
    now: tuple[str, str]
    note: str


def line_of(highlight: Highlight) -> HighlightLine:
    """The row of one highlight."""
    kind = HighlightKind(highlight.kind)
    before, now = SIDES.get(kind, ("Before", "Now"))
    row = highlight.video or highlight.asset
    return HighlightLine(
        highlight=highlight,
        address=page_of(highlight),
        name=str(row) if row else "",
        tone=TONES[kind],
        field=field_label(highlight.field).capitalize()
        if highlight.field not in UNNAMED
        else "",
        before=(before, shown(highlight, highlight.old) if before else ""),
        now=(now, shown(highlight, highlight.new) if now else ""),
        note=TEXTS.get(highlight.note, ""),
    )


def page_of(highlight: Highlight) -> str:
    """The page of the video, or of the asset where no video is known."""
    if highlight.video_id is not None:
        return reverse("admin:catalog_video_change", args=[highlight.video_id])
    if highlight.asset_id is not None:
        return reverse("admin:catalog_asset_change", args=[highlight.asset_id])
    return ""


def shown(highlight: Highlight, value: Any) -> str:
    """A stored value in words."""
    if highlight.field == "listed":
        moment = parse_datetime(str(value))
        return f"{moment:%Y-%m-%d}" if moment else "unknown"
    if highlight.field == "daily_views":
        return f"{thousands(value)} views a day"
    if highlight.field == "policy":
        return str(value).capitalize()
    if highlight.field == "other_owners_claiming":
        return ", ".join(re.split(r"\s*[|,;]\s*", value)) if value else "nobody"
    if isinstance(value, int) and not isinstance(value, bool):
        return thousands(value)
    return described(value, highlight.field)
