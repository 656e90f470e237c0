"""Two values side by side: what goes is struck out, what comes is underlined.

The marks are `del` and `ins`, so that nobody has to tell colours apart.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST = 1_500  # words; beyond that the whole text counts as changed
KEPT = 60  # characters of an unchanged stretch that stay at each side

Part = tuple[str, str]  # tag ("" for what stays) and text


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both values as HTML with their differences marked, word by word."""
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) > LONGEST:
        return _html([("del", old)]), _html([("ins", new)])
    left: list[Part] = []
    right: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if kind == "equal":
            left.append(("", gone))
            right.append(("", come))
        else:
            left.append(("del", gone))
            right.append(("ins", come))
    return _html(left), _html(right)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _html(parts: list[Part]) -> SafeString:
    shown = [part for part in parts if part[1]]
    return format_html_join("", "{}", ((one,) for one in _pieces(shown)))


def _pieces(parts: list[Part]) -> Iterator[SafeString]:
    for place, (tag, text) in enumerate(parts):
        if tag:
            yield format_html("<{0}>{1}</{0}>", tag, text)
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
