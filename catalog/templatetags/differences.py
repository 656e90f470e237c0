"""What is different between two values, marked for eyes and for screen readers.

The marks are `del` and `ins`, so that nobody has to tell colours apart.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.fields import EDITABLE
from catalog.services.conflicts import seen_now
from catalog.templatetags.catalog_values import described

register = template.Library()

LONGEST = 1_500  # words, since comparing costs the square of it
LONGEST_PLAIN = 300  # characters of a value without marks
KEPT = 60  # characters of an unchanged stretch that stay at each side
ITEMS = " | "  # between the items of a list
LEAST_ALIKE = 0.4  # else marks only hide that it is another text
SPOKEN = {"ins": "added:", "del": "removed:"}
WHOLE = {
    "category_id", "privacy_status", "license", "publish_at", "upc", "isrc",
    "default_language", "default_audio_language",
}  # fmt: skip

Part = tuple[str, str]  # tag ("" for what stays) and text

register.simple_tag(seen_now, name="conflicts_seen")


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Two values side by side: what goes is struck out, what comes underlined."""
    before, after = _words(old), _words(new)
    if _are_long(before, after):
        return _html([("del", old)]), _html([("ins", new)])
    parts = list(_parts(_matcher(before, after), before, after))
    left = [part for part in parts if part[0] != "ins"]
    right = [part for part in parts if part[0] != "del"]
    return _html(left), _html(right)


@register.simple_tag(name="differing")
def marked_in_one(value: Any, base: Any, name: str) -> SafeString:
    """A value of a field in which both what `base` lost and what it got is marked."""
    if base is None or not _has_parts(name) or not value or not base:
        return plain(value, name)
    are_items = isinstance(value, list)
    before, after = (base, value) if are_items else (_words(base), _words(value))
    if _are_long(before, after):
        return plain(value, name)
    matcher = _matcher(before, after)
    if matcher.ratio() < LEAST_ALIKE:
        return plain(value, name)
    joint = ITEMS if are_items else ""
    shown = _html(_parts(matcher, before, after, joint), joint)
    return format_html('<span class="ytm-value">{}</span>', shown)


def plain(value: Any, name: str) -> SafeString:
    """A value of a field in words; of a long text its beginning."""
    text = described(value, name)
    shown = text if len(text) <= LONGEST_PLAIN else f"{text[:LONGEST_PLAIN]} …"
    return format_html('<span class="ytm-value">{}</span>', shown)


def mark(tag: str, text: str) -> SafeString:
    """One difference: `ins` or `del`, with the word for it read out."""
    return format_html(
        '<{0} class="ytm-diff"><span class="sr-only">({1} </span>{2}'
        '<span class="sr-only">)</span></{0}>',
        tag,
        SPOKEN[tag],
        text,
    )


def _has_parts(name: str) -> bool:
    """Whether parts of a value can differ: a flag or a category is another one."""
    field = EDITABLE.get(name)
    return field is not None and name not in WHOLE and field.empty is not None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _are_long(before: Sequence[str], after: Sequence[str]) -> bool:
    return max(len(before), len(after)) > LONGEST


def _matcher(before: list[str], after: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, before, after, autojunk=False)


def _parts(
    matcher: SequenceMatcher[str],
    before: Sequence[str],
    after: Sequence[str],
    joint: str = "",
) -> Iterator[Part]:
    """What stays, goes and comes, in order."""
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        gone = joint.join(before[start:end])
        if kind == "equal":
            yield "", gone
            continue
        yield "del", gone
        yield "ins", joint.join(after[new_start:new_end])


def _html(parts: Iterable[Part], joint: str = "") -> SafeString:
    shown = [part for part in parts if part[1]]
    return format_html_join(joint, "{}", ((piece,) for piece in _pieces(shown)))


def _pieces(parts: list[Part]) -> Iterator[SafeString]:
    for place, (tag, text) in enumerate(parts):
        if tag:
            yield mark(tag, text)
        else:
            is_first, is_last = place == 0, place == len(parts) - 1
            yield format_html("{}", _shortened(text, is_first, is_last))


def _shortened(text: str, is_first: bool, is_last: bool) -> str:
    """An unchanged stretch without its middle, or without its outer side."""
    if is_first and is_last:
        return text if len(text) <= 4 * KEPT else f"{text[: 4 * KEPT]} …"
    if len(text) <= 2 * KEPT + 5:
        return text
    head = "" if is_first else f"{text[:KEPT]} "
    tail = "" if is_last else f" {text[-KEPT:]}"
    return f"{head}…{tail}"
