"""Content Manager's templates: how wanted values are written in them; pure.

A blank cell means "unchanged", so a value cannot be cleared this way, and a list
replaces the whole list. Values stand as they are: no guard characters.
Column names: YouTube's help on spreadsheet templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.values import CATEGORIES

LIST_SEPARATOR = "|"
NO_COLUMN = "Content Manager's template has no column for this."
NO_CLEARING = "A spreadsheet cannot clear a value: blank means unchanged."
NO_SEPARATOR = "A spreadsheet parts lists at “|”, which stands in this value."
NO_TEMPLATE = "There is no template for assets of this type."


def _text(value: Any) -> str:
    return str(value)


def _list(value: Any) -> str:
    return LIST_SEPARATOR.join(value)


def _flag(value: Any) -> str:
    return "yes" if value else "no"


def _category(value: Any) -> str:
    return CATEGORIES[value][0] if value in CATEGORIES else str(value)


Writer = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of file: its key column, then a column for each of our fields."""

    name: str
    label: str
    key: str
    columns: Mapping[str, tuple[str, Writer]] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        return [self.key, *(column for column, _ in self.columns.values())]

    def problem(self, name: str, value: Any) -> str:
        """Why a wanted value cannot be written; '' when it can."""
        if name not in self.columns:
            return NO_COLUMN
        if value in (None, "", []):
            return NO_CLEARING
        if isinstance(value, list) and any(LIST_SEPARATOR in item for item in value):
            return NO_SEPARATOR
        return ""

    def row(self, target_id: str, wanted: Mapping[str, Any]) -> list[str]:
        """The cells of one item; what is not wanted stays blank."""
        cells = [
            write(wanted[name]) if name in wanted else ""
            for name, (_, write) in self.columns.items()
        ]
        return [target_id, *cells]


WEB_VIDEO_UPDATE = Template(
    "web_video_update",
    "Web Video - Update",
    "video_id",
    {
        "title": ("title", _text),
        "description": ("description", _text),
        "tags": ("keywords", _list),
        "default_audio_language": ("spoken_language", _text),
        "category_id": ("category", _category),
        "privacy_status": ("privacy", _text),
        "publish_at": ("start_time", _text),
        "made_for_kids": ("is_made_for_kids", _flag),
    },
)
SOUND_RECORDING = Template(
    "sound_recording",
    "Audio - Sound Recording",
    "asset_id",
    {
        "custom_id": ("custom_id", _text),
        "isrc": ("isrc", _text),
        "upc": ("upc", _text),
        "artist": ("artist", _list),
        "album": ("album", _text),
        "genre": ("genre", _list),
        "label": ("label", _text),
    },
)
ASSET_UPDATE = Template(
    "asset_update", "Asset Update", "asset_id", {"custom_id": ("custom_id", _text)}
)
TEMPLATES = {t.name: t for t in (WEB_VIDEO_UPDATE, SOUND_RECORDING, ASSET_UPDATE)}


def template_of(
    *, is_asset: bool, asset_type: str, wanted: Mapping[str, Any]
) -> Template | None:
    """The file in which an item is written; None when there is none for it."""
    if not is_asset:
        return WEB_VIDEO_UPDATE
    if set(wanted) <= set(ASSET_UPDATE.columns):
        return ASSET_UPDATE
    is_recording = asset_type.lower().replace(" ", "_") == "sound_recording"
    return SOUND_RECORDING if is_recording else None
