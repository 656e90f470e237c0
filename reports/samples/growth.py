"""Invented history: how the sample's channels came to their figures of today."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

DAYS = 30
Doc = Mapping[str, Any]


def channel_history(seed: Doc) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """What YouTube said of every channel so many days ago, oldest first.

    `seed` is what the sandbox is loaded with; the last day shows its figures.
    """
    counts = Counter(doc["snippet"]["channelId"] for doc in seed["videos"])
    for days_ago in range(DAYS - 1, -1, -1):
        yield (
            days_ago,
            [
                _facts(doc, number, counts[doc["id"]], days_ago)
                for number, doc in enumerate(seed["channels"])
            ],
        )


def figures_history(
    today: Mapping[str, int],
) -> Iterator[tuple[int, dict[str, int]]]:
    """What the office counted so many days ago: fewer videos, more to be mended."""
    for days_ago in range(1, DAYS):
        earlier = {
            name: count + count * days_ago // (8 + 5 * number) + days_ago % 3
            for number, (name, count) in enumerate(today.items())
        }
        videos = today["videos"]
        earlier["videos"] = max(videos - videos * days_ago // 200 - days_ago // 4, 0)
        yield days_ago, earlier


def _facts(doc: Doc, number: int, videos: int, days_ago: int) -> dict[str, Any]:
    return {
        "channel_id": doc["id"],
        "name": doc["title"],
        "description": doc["description"],
        "country": doc["country"],
        "subscriber_count": _earlier(doc["subscriber_count"], number, days_ago),
        "view_count": _earlier(doc["view_count"], number % 5, days_ago),
        "video_count": max(videos - days_ago // 9, 0),
    }


def _earlier(today: int, number: int, days_ago: int) -> int:
    """Slow growth with a release that did well; one channel in six shrinks."""
    permille = (3 + number % 4) * days_ago / 3
    if days_ago > 5 + number % 17:
        permille += 8
    if number % 6 == 5:
        permille = -permille / 4
    return round(today * (1 - permille / 1000))
