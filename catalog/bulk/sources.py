"""Where templates and copies of a bulk edit take their texts from; pure."""

import re
from typing import Any

from catalog import fields
from catalog.fields import Shape

CHANNEL_SOURCES = {
    "channel.name": ("channel name", "c.name"),
    "channel.partner_custom_id": ("channel's custom ID", "c.partner_custom_id"),
    "channel.partner_name": ("channel's office name", "c.partner_name"),
}
VIDEO_ID = "video_id"
_PART = re.compile(r"\{([^{}]*)\}")


def parts_of(template: Any) -> list[str]:
    """The names in the braces of a template."""
    return [name.strip() for name in _PART.findall(str(template or ""))]


def is_source(name: str) -> bool:
    """Whether templates and copies can take a text from there."""
    field = fields.EDITABLE.get(name)
    is_text = field is not None and field.shape in {Shape.TEXT, Shape.LIST}
    return is_text or name == VIDEO_ID or name in CHANNEL_SOURCES


def split_template(template: str) -> list[str]:
    """Text, name, text, name and so on; a text may be empty."""
    return _PART.split(template)
