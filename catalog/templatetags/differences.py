"""What is different about a value, marked for eyes and for screen readers."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.fields import EDITABLE
from catalog.services.conflicts import seen_now
from catalog.templatetags.catalog_values import described

register = template.Library()

SHOWN_WORDS = 8  # of what is equal, on each side of a difference
MOST_WORDS = 2_000  # comparing costs the square of it
LONGEST_PLAIN = 300  # characters
LEAST_ALIKE = 0.4  # else marks only hide that it is another text
Piece = tuple[str, str]  # how (equal, added, removed) and the text

register.simple_tag(seen_now, name="conflicts_seen")


@register.simple_tag
def differing(value: Any, base: Any, name: str) -> SafeString:
    """The value with its additions and removals against `base` marked."""
    if base is None or not _is_text(name) or not value or not base:
        return plain(value, name)
    pieces = pieces_of(_parts(base), _parts(value))
    marked = format_html_join("", "{}", ((_html(*piece),) for piece in pieces))
    return format_html('<span class="ytm-value">{}</span>', marked)


def plain(value: Any, name: str) -> SafeString:
    """The value in words; of a long text its beginning."""
    text = described(value, name)
    shown = text if len(text) <= LONGEST_PLAIN else f"{text[:LONGEST_PLAIN]} …"
    return format_html('<span class="ytm-value">{}</span>', shown)


def _is_text(name: str) -> bool:
    """Whether parts of a value can differ: a flag or a category is another one."""
    field = EDITABLE.get(name)
    return field is not None and name not in _WHOLE and field.empty is not None


_WHOLE = {
    "category_id", "privacy_status", "license", "publish_at", "upc", "isrc",
    "default_language", "default_audio_language",
}  # fmt: skip
_MARKS = {
    "added": ("ins", "added:"),
    "removed": ("del", "removed:"),
}


def _html(how: str, text: str) -> SafeString | str:
    if how == "equal":
        return text
    tag, spoken = _MARKS[how]
    return format_html(
        '<{0} class="ytm-diff"><span class="sr-only">({1} </span>{2}'
        '<span class="sr-only">)</span></{0}>',
        tag,
        spoken,
        text,
    )


def _parts(value: Any) -> list[str]:
    """Items of a list; words, and what lies between them, of a text."""
    if isinstance(value, list):
        return re.split(r"( \| )", described(value))
    return re.findall(r"\w+|\s+|[^\w\s]", str(value))


def pieces_of(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    """Equal, removed and added pieces in order; long equal ones are shortened."""
    if max(len(before), len(after)) > MOST_WORDS:
        yield "equal", "".join(after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        yield "equal", "".join(after)
        return
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield "equal", _shortened(after[new_start:new_end])
            continue
        if end > start:
            yield "removed", "".join(before[start:end])
        if new_end > new_start:
            yield "added", "".join(after[new_start:new_end])


def _shortened(words: Sequence[str]) -> str:
    if len(words) <= 4 * SHOWN_WORDS:
        return "".join(words)
    first, last = words[: 2 * SHOWN_WORDS], words[-2 * SHOWN_WORDS :]
    return f"{''.join(first)} … {''.join(last)}"
