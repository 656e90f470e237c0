"""What a sheet about videos or channels can hold, column by column; pure.

A column with a field can be edited in the sheet; one with a key can tell which
row is meant; every other one is there to be read.
"""

from dataclasses import dataclass
from enum import StrEnum

from catalog import field_sql, fields, values
from catalog.clean_text import sql_quote
from catalog.fields import Field
from catalog.spreadsheets.cells import sql_cell, sql_text_cell
from catalog.value_types import ValueType

ROW_VERSION = "row_version"


class Target(StrEnum):
    """What the rows of a sheet are about."""

    VIDEOS = "videos"
    CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, its cell in SQL, and what other sheets call it."""

    name: str
    header: str
    sql: str = ""
    field: Field | None = None
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A column by which rows are found; `match` is its SQL on the catalogue."""

    name: str
    label: str
    value_type: ValueType
    match: str


KEYS = {
    Target.VIDEOS: {
        key.name: key
        for key in (
            Key("video_id", "Video ID", values.VideoId, "v.video_id"),
            Key("asset_id", "Asset ID", values.AssetId, "a.asset_id"),
            Key("custom_id", "Custom ID", values.Text, "v.custom_id"),
            Key("isrc", "ISRC", values.Isrc, "v.isrc"),
        )
    },
    Target.CHANNELS: {
        "channel_id": Key("channel_id", "Channel ID", values.ChannelId, "v.channel_id")
    },
}

# Fields that sheets may hold, in this order, and what other sheets call them.
_SYNONYMS = {
    "title": ("video title", "video name", "track title", "track name", "song title"),
    "description": ("video description", "text"),
    "tags": ("keywords", "video tags", "tag"),
    "category_id": ("video category", "category id"),
    "default_language": ("default language", "title language", "metadata language"),
    "default_audio_language": ("default audio language", "spoken language"),
    "privacy_status": ("privacy status", "visibility", "video privacy status"),
    "publish_at": ("publish time", "scheduled for", "release time"),
    "embeddable": ("embeddable", "embedding"),
    "license": ("license", "video license"),
    "public_stats_viewable": ("public stats viewable", "public stats"),
    "made_for_kids": ("self declared made for kids", "for kids", "kids"),
    "artist": ("artists", "artist name", "artist names", "main artist", "performer"),
    "genre": ("genres", "main genre", "primary genre"),
    "label": ("label name", "record label", "imprint"),
    "album": ("album title", "release title", "release", "product title"),
    "upc": ("ean", "upc ean", "upc code", "barcode", "album upc", "gtin", "upc/ean"),
    "isrc": ("isrc code", "track isrc", "recording isrc"),
    "custom_id": ("customid", "asset custom id", "client id", "internal id"),
    "assignee": ("assigned to",),
    "notes": ("note", "comment", "remarks"),
    "is_administered": ("done",),
    "is_hidden": (),
}
_KEY_SYNONYMS = {
    "video_id": ("youtube id", "yt id", "youtube video id", "video", "video url"),
    "asset_id": ("content id asset", "youtube asset id", "asset"),
    "channel_id": ("youtube channel id", "channel url", "uc id"),
}


def header_of(field: Field) -> str:
    return field.label[:1].upper() + field.label[1:]


def _video_field(field: Field) -> Column:
    sql = sql_cell(field, field_sql.value(field, "v"))
    return Column(field.name, header_of(field), sql, field, _SYNONYMS[field.name])


def _text(name: str, header: str, expression: str) -> Column:
    synonyms = _KEY_SYNONYMS.get(name, ())
    return Column(name, header, sql_text_cell(expression), synonyms=synonyms)


def _plain(name: str, header: str, expression: str) -> Column:
    return Column(name, header, f"coalesce(({expression})::text, '')")


def _moment(name: str, header: str, expression: str) -> Column:
    written = f"to_char({expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    return _plain(name, header, written)


_EDITABLE = tuple(_video_field(fields.EDITABLE[name]) for name in _SYNONYMS)
VIDEO_COLUMNS = {
    column.name: column
    for column in (
        _text("video_id", "Video ID", "v.video_id"),
        _plain(ROW_VERSION, "Row version", "v.row_version"),
        *_EDITABLE,
        _text("channel_name", "Channel", "c.name"),
        _text("channel_id", "Channel ID", "c.channel_id"),
        _text("asset_id", "Asset ID", "coalesce(a.asset_id, '')"),
        _plain("length_seconds", "Length in seconds", "v.length_seconds"),
        _moment("published_at", "Published (UTC)", "v.published_at"),
        _plain("view_count", "Views", "st.view_count"),
        _text("policy", "Policy", "v.policy"),
        _plain("link", "Address", "'https://youtu.be/' || v.video_id"),
    )
}

_CHANNEL_SYNONYMS = {
    "partner_custom_id": ("customid", "custom id", "partner id"),
    "partner_name": ("displayname", "display name", "partner", "partner name"),
    "is_hidden": (),
}
CHANNEL_COLUMNS = {
    column.name: column
    for column in (
        _text("channel_id", "Channel ID", "v.channel_id"),
        _plain(ROW_VERSION, "Row version", "v.row_version"),
        _text("name", "Channel", "v.name"),
        *(
            Column(
                field.name,
                header_of(field),
                sql_cell(field, f"v.{field.name}"),
                field,
                _CHANNEL_SYNONYMS[field.name],
            )
            for field in fields.OF_CHANNEL.values()
        ),
        _plain("subscriber_count", "Subscribers", "v.subscriber_count"),
        _plain("video_count", "Videos", "v.video_count"),
    )
}
COLUMNS = {Target.VIDEOS: VIDEO_COLUMNS, Target.CHANNELS: CHANNEL_COLUMNS}


def fields_of(target: Target) -> dict[str, Field]:
    """The fields that a sheet may change, by name."""
    return {n: c.field for n, c in COLUMNS[target].items() if c.field is not None}


def sql_key(key: Key, raw: str) -> str:
    """SQL of the identifier in a cell: guarded, or inside an address on YouTube."""
    plain = f"regexp_replace({raw}, E'^\\'(\\'*[=+@-])', E'\\\\1')"
    value = f"({key.value_type.sql(plain)})"
    if key.name == "video_id":
        address = "(?:youtu[.]be/|[?&]v=|/shorts/|/video/)([A-Za-z0-9_-]{11})"
        return f"coalesce({value}, substring({raw} from {sql_quote(address)}))"
    if key.name == "channel_id":
        address = "/channel/(UC[A-Za-z0-9_-]{22})"
        return f"coalesce({value}, substring({raw} from {sql_quote(address)}))"
    return value
