"""Days from which YouTube counts views in another way.

https://support.google.com/youtube/answer/2991785 and the notes of the Reporting
API: views of Shorts count every start since 31 March 2025; from 27 August 2026
views of all formats count at the first frame. A rate over such a day says nothing
about the audience, so it is never shown without a note.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ViewMethod:
    """A way of counting views, and since when it applies to what."""

    name: str
    since: date
    text: str
    is_for_shorts_only: bool = False


VIEW_METHODS = (
    ViewMethod(
        "shorts_starts",
        date(2025, 3, 31),
        "Views of Shorts are counted differently since 31 March 2025.",
        is_for_shorts_only=True,
    ),
    ViewMethod(
        "first_frame",
        date(2026, 8, 27),
        "Views are counted differently since 27 August 2026.",
    ),
)
TEXTS = {method.name: method.text for method in VIEW_METHODS}


def method_between(earlier: datetime, later: datetime) -> ViewMethod | None:
    """The method that began between two counts; the one for most videos wins."""
    began = [m for m in VIEW_METHODS if earlier.date() < m.since <= later.date()]
    return min(began, key=lambda method: method.is_for_shorts_only, default=None)
