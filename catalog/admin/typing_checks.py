"""What a form tells its script, so that limits show while somebody types."""

import json

from catalog import validators


def _attributes(check: str, limit: int, unit: str, **texts: str) -> dict[str, str]:
    attributes = {"data-check": check, "data-texts": json.dumps(texts)}
    if limit:
        attributes |= {"data-limit": str(limit), "data-unit": unit}
    return attributes


_TEXT = _attributes(
    "bytes", validators.ASSET_TEXT_LIMIT, "bytes", long=validators.ASSET_TEXT_LONG
)
_LANGUAGE = _attributes("language", 0, "", pattern=validators.LANGUAGE_WRONG)
TYPING_CHECKS = {
    "title": _attributes(
        "title",
        validators.TITLE_LIMIT,
        "characters",
        brackets=validators.BRACKETS,
        missing=validators.TITLE_MISSING,
        long=validators.TITLE_LONG,
    ),
    "description": _attributes(
        "description",
        validators.DESCRIPTION_LIMIT,
        "bytes",
        brackets=validators.BRACKETS,
        long=validators.DESCRIPTION_LONG,
    ),
    "tags": _attributes(
        "tags",
        validators.TAGS_LIMIT,
        "characters as YouTube counts",
        brackets=validators.BRACKETS,
        comma=validators.TAG_COMMA,
        long=validators.TAGS_LONG,
    ),
    "isrc": _attributes("isrc", 0, "", pattern=validators.ISRC_WRONG),
    "upc": _attributes(
        "upc",
        0,
        "",
        short=validators.UPC_SHORT,
        pattern=validators.UPC_WRONG,
        digit=validators.UPC_CHECK_DIGIT,
    ),
    "custom_id": _attributes(
        "custom_id",
        validators.CUSTOM_ID_LIMIT,
        "characters",
        pattern=validators.CUSTOM_ID_WRONG,
        long=validators.CUSTOM_ID_LONG,
    ),
    "default_language": _LANGUAGE,
    "default_audio_language": _LANGUAGE,
    "artist": _TEXT,
    "genre": _TEXT,
    "label": _TEXT,
    "album": _TEXT,
}
