"""Template filters for numbers, lengths and signed differences."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def thousands(value: Any) -> str:
    """1234567 as 1,234,567; a dash for nothing known."""
    return "–" if value is None or value == "" else f"{int(value):,}"


@register.filter
def clock(seconds: int | None) -> str:
    """Seconds as m:ss, or h:mm:ss from an hour on."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def duration(seconds: float) -> str:
    """Seconds as people say it, in the largest unit: 40 s, 12 min, 5 h, 3 days."""
    for size, unit in ((172_800, "days"), (7_200, "h"), (120, "min")):
        if seconds >= size:
            return f"{seconds // (size // 2):.0f} {unit}"
    return f"{seconds:.0f} s"


@register.filter
def signed(value: int | None) -> str:
    """A difference with its sign, typed as people read it."""
    if value is None:
        return ""
    return f"+{value:,}" if value > 0 else f"−{-value:,}" if value else "±0"
