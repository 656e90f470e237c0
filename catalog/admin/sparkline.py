"""A small line of figures as inline SVG, with its words for screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ytmanager.templatetags.figures import signed, thousands

WIDTH, HEIGHT, MARGIN = 120, 28, 2


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on a day, the day in words."""

    day: str
    count: int


def coordinates(points: Sequence[Point]) -> str:
    """The points of the line, scaled into the picture."""
    counts = [point.count for point in points]
    low, span = min(counts), max(counts) - min(counts)
    step = (WIDTH - 2 * MARGIN) / (len(counts) - 1)
    room = HEIGHT - 2 * MARGIN
    return " ".join(
        f"{MARGIN + index * step:.1f},"
        f"{HEIGHT - MARGIN - (room * (count - low) / span if span else room / 2):.1f}"
        for index, count in enumerate(counts)
    )


def in_words(points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    return (
        f"From {thousands(first.count)} on {first.day} to {thousands(last.count)} on "
        f"{last.day} ({signed(last.count - first.count)})"
    )


def sparkline(points: Sequence[Point]) -> SafeString | None:
    """The picture, oldest point first; None for fewer than two points."""
    if len(points) < 2:
        return None
    return format_html(
        '<svg class="ytm-spark" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<title>{}</title><polyline points="{}"></polyline></svg>',
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        in_words(points),
        coordinates(points),
    )
