"""The fields of a video that people edit: one registry for every way in.

A pushable field exists twice, as the wanted value on `Video` and as the
observed value on `VideoSnapshot` (NULL there: never observed). Its `group` is
the unit of age: facts of one group carry one moment at which they were true.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from catalog import validators
from catalog.clean_text import clean_text
from catalog.value_types import UnmappableValueError as UnmappableValueError
from catalog.values import CATEGORIES, Category


class Group(StrEnum):
    """Fact groups; each has its own age on `VideoStatistics`."""

    SNIPPET = "snippet"
    STATUS = "status"
    LOCALIZATIONS = "localizations"
    ASSET = "asset"
    OFFICE = "office"


class Shape(StrEnum):
    """How a value is stored."""

    TEXT = "text"
    LIST = "text[]"
    FLAG = "boolean"
    PERSON = "person"  # a foreign key; its value is the username, '' for nobody


@dataclass(frozen=True, slots=True)
class Field:
    """One editable field of a video."""

    name: str
    label: str
    group: Group
    shape: Shape
    normalise: Callable[[Any], Any]
    check: Callable[[Any], list[str]] = validators.nothing_to_check

    @property
    def empty(self) -> Any:
        """The value that says: nothing was entered."""
        return {Shape.LIST: [], Shape.FLAG: None}.get(self.shape, "")

    @property
    def column(self) -> str:
        """The column that holds it."""
        return f"{self.name}_id" if self.shape is Shape.PERSON else self.name

    @property
    def sql_type(self) -> str:
        """The PostgreSQL type of its value, which for a person is a username."""
        return Shape.TEXT if self.shape is Shape.PERSON else self.shape

    @property
    def is_pushable(self) -> bool:
        return self.group is not Group.OFFICE

    @property
    def is_asset_part(self) -> bool:
        return self.group is Group.ASSET


def text(value: Any) -> str:
    """Normal form of a text: '' for none, composed and trimmed."""
    return clean_text(str(value or ""))


def identifier(value: Any) -> str:
    """Normal form of ISRC and UPC: upper case, no blanks, no hyphens."""
    return re.sub(r"[\s-]", "", text(value)).upper()


def text_list(value: Any) -> list[str]:
    """Normal form of a list: cleaned items in order, empty ones dropped."""
    return [item for item in map(text, value or []) if item]


def tags(value: Any) -> list[str]:
    """Tags without case-insensitive duplicates, as YouTube keeps them."""
    seen: dict[str, str] = {}
    for tag in text_list(value):
        seen.setdefault(tag.casefold(), tag)
    return list(seen.values())


def flag(value: Any) -> bool | None:
    """True, False or None for unknown."""
    return None if value is None else bool(value)


def category(value: Any) -> str:
    """YouTube's numeric category id; raises UnmappableValueError."""
    return Category.normalise(str(value or "")) or ""


def language(value: Any) -> str:
    """BCP-47 in its usual case: pt-br becomes pt-BR, zh-hant zh-Hant."""
    first, *rest = text(value).replace("_", "-").split("-")
    cased = [
        part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part
        for part in rest
    ]
    return "-".join([first.lower(), *cased])


def moment(value: Any) -> str:
    """A moment as `YYYY-MM-DDTHH:MM:SSZ` in UTC; '' for none."""
    if not value:
        return ""
    written = value.strip() if isinstance(value, str) else value.isoformat()
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        return str(written)
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return f"{aware.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


PRIVACY = ("public", "unlisted", "private")
LICENSES = ("", "youtube", "creativeCommon")
NO_CATEGORY = "This is not a category."
NO_PRIVACY = "Choose public, unlisted or private."
NO_LICENSE = "Choose youtube or creativeCommon."
NO_ANSWER = "This is either yes or no; it cannot be cleared."
NO_PIN = "Only fields that are sent to YouTube can be pinned."


def _check_category(value: str) -> list[str]:
    """YouTube refuses a video without a category."""
    return [] if value in CATEGORIES else [NO_CATEGORY]


def _check_privacy(value: str) -> list[str]:
    """None at all would leave to YouTube who sees the video."""
    return [] if value in PRIVACY else [NO_PRIVACY]


def _check_license(value: str) -> list[str]:
    return [] if value in LICENSES else [NO_LICENSE]


def _check_answer(value: bool | None) -> list[str]:
    return [NO_ANSWER] if value is None else []


def _check_pins(names: list[str]) -> list[str]:
    return [] if set(names) <= set(PUSHABLE) else [NO_PIN]


def _check_artists(artists: list[str]) -> list[str]:
    """The longest one speaks for the list."""
    longest = max(artists, key=lambda artist: len(artist.encode()), default="")
    return validators.check_asset_text(longest)


S, T = Group.SNIPPET, Group.STATUS
_FIELDS = (
    Field("title", "title", S, Shape.TEXT, text, validators.check_title),
    Field(
        "description",
        "description",
        S,
        Shape.TEXT,
        text,
        validators.check_description,
    ),
    Field("tags", "tags", S, Shape.LIST, tags, validators.check_tags),
    Field("category_id", "category", S, Shape.TEXT, category, _check_category),
    Field(
        "default_language",
        "language",
        S,
        Shape.TEXT,
        language,
        validators.check_language,
    ),
    Field(
        "default_audio_language",
        "audio language",
        S,
        Shape.TEXT,
        language,
        validators.check_language,
    ),
    Field("privacy_status", "privacy", T, Shape.TEXT, text, _check_privacy),
    Field(
        "publish_at", "publish at", T, Shape.TEXT, moment, validators.check_publish_at
    ),
    Field("embeddable", "embedding allowed", T, Shape.FLAG, flag),
    Field("license", "licence", T, Shape.TEXT, text, _check_license),
    Field("public_stats_viewable", "public statistics", T, Shape.FLAG, flag),
    Field("made_for_kids", "made for kids", T, Shape.FLAG, flag),
    Field("artist", "artist", Group.ASSET, Shape.LIST, text_list, _check_artists),
    Field("genre", "genre", Group.ASSET, Shape.LIST, text_list, _check_artists),
    Field(
        "label",
        "label",
        Group.ASSET,
        Shape.TEXT,
        text,
        validators.check_asset_text,
    ),
    Field("album", "album", Group.ASSET, Shape.TEXT, text, validators.check_asset_text),
    Field("upc", "UPC", Group.ASSET, Shape.TEXT, identifier, validators.check_upc),
    Field("isrc", "ISRC", Group.ASSET, Shape.TEXT, identifier, validators.check_isrc),
    Field(
        "custom_id",
        "custom ID",
        Group.ASSET,
        Shape.TEXT,
        text,
        validators.check_custom_id,
    ),
    Field("notes", "notes", Group.OFFICE, Shape.TEXT, text),
    Field("assignee", "assignee", Group.OFFICE, Shape.PERSON, text),
    Field(
        "is_administered",
        "administered",
        Group.OFFICE,
        Shape.FLAG,
        flag,
        _check_answer,
    ),
    Field("is_hidden", "hidden", Group.OFFICE, Shape.FLAG, flag, _check_answer),
    Field(
        "pinned_fields",
        "pinned fields",
        Group.OFFICE,
        Shape.LIST,
        text_list,
        _check_pins,
    ),
)

EDITABLE = {field.name: field for field in _FIELDS}
# As people see the fields: on the form of a video, and in previews.
FORM_ORDER = (
    "title",
    "description",
    "tags",
    "category_id",
    "privacy_status",
    "publish_at",
    "license",
    "default_language",
    "default_audio_language",
    "made_for_kids",
    "embeddable",
    "public_stats_viewable",
    "artist",
    "genre",
    "isrc",
    "upc",
    "label",
    "album",
    "custom_id",
    "notes",
    "assignee",
    "is_administered",
    "is_hidden",
    "pinned_fields",
)
OF_CHANNEL = {
    field.name: field
    for field in (
        Field(
            "partner_custom_id",
            "partner custom ID",
            Group.OFFICE,
            Shape.TEXT,
            text,
            validators.check_custom_id,
        ),
        Field("partner_name", "office name", Group.OFFICE, Shape.TEXT, text),
        Field("is_hidden", "hidden", Group.OFFICE, Shape.FLAG, flag),
    )
}
PUSHABLE = {name: field for name, field in EDITABLE.items() if field.is_pushable}
VIDEO_PART = tuple(n for n, f in PUSHABLE.items() if not f.is_asset_part)
ASSET_PART = tuple(n for n, f in PUSHABLE.items() if f.is_asset_part)
