"""Pictures of the start page as inline SVG, with their words beside them; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ytmanager.templatetags.figures import signed, thousands

WIDTH, HEIGHT, BOTTOM, LEFT, TOP = 640, 150, 20, 72, 10


def growth_chart(days: Sequence[tuple[date, int]]) -> SafeString | None:
    """An area over the days with its lowest and highest figure; None for under 2.

    The axis begins near the lowest figure: growth of a large catalogue would be a
    flat line otherwise.
    """
    if len(days) < 2:
        return None
    counts = [count for _, count in days]
    low, high = min(counts), max(counts)
    line = _line(days, low, high)
    first, last = days[0], days[-1]
    words = (
        f"{thousands(first[1])} on {first[0]}, {thousands(last[1])} on {last[0]} "
        f"({signed(last[1] - first[1])})"
    )
    floor = HEIGHT - BOTTOM
    return format_html(
        '<figure class="ytm-chart"><svg role="img" viewBox="0 0 {} {}" '
        'preserveAspectRatio="xMidYMid meet"><title>Videos: {}</title>'
        '<polygon points="{},{} {} {},{}"></polygon><polyline points="{}"></polyline>'
        "{}</svg><figcaption>{}</figcaption></figure>",
        WIDTH,
        HEIGHT,
        words,
        LEFT,
        floor,
        line,
        WIDTH - 2,
        floor,
        line,
        _labels(first[0], last[0], low, high),
        words,
    )


def _line(days: Sequence[tuple[date, int]], low: int, high: int) -> str:
    """The points, placed by date: a day without a figure leaves no jump."""
    start = days[0][0]
    length = max((days[-1][0] - start).days, 1)
    room, span = HEIGHT - BOTTOM - TOP, high - low
    return " ".join(
        f"{LEFT + (WIDTH - 2 - LEFT) * (day - start).days / length:.1f},"
        f"{TOP + (room * (high - count) / span if span else room / 2):.1f}"
        for day, count in days
    )


def _labels(first: date, last: date, low: int, high: int) -> SafeString:
    base = HEIGHT - BOTTOM
    texts = [
        (LEFT, HEIGHT - 5, "start", str(first)),
        (WIDTH - 2, HEIGHT - 5, "end", str(last)),
        (LEFT - 6, TOP + 8, "end", thousands(high)),
    ]
    if low != high:
        texts.append((LEFT - 6, base, "end", thousands(low)))
    return format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', texts)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bar: its name, which is also its class, and its amount."""

    name: str
    label: str
    amount: int


def share_bar(shares: Sequence[Share], whole: int, unit: str) -> SafeString:
    """One bar with its parts from the left; what is more than the whole is cut."""
    words = ", ".join(f"{share.label} {thousands(share.amount)}" for share in shares)
    parts, at = [], 0.0
    for share in shares:
        width = min(WIDTH * share.amount / whole if whole else 0.0, WIDTH - at)
        parts.append((share.name, f"{at:.1f}", f"{width:.1f}"))
        at += width
    return format_html(
        '<svg class="ytm-bar" role="img" viewBox="0 0 {} 12" '
        'preserveAspectRatio="none"><title>{} of {} {}</title>'
        '<rect class="ytm-bar-rest" width="{}" height="12"></rect>{}</svg>',
        WIDTH,
        words,
        thousands(whole),
        unit,
        WIDTH,
        format_html_join(
            "", '<rect class="ytm-bar-{}" x="{}" width="{}" height="12"></rect>', parts
        ),
    )
