"""What calls cost in quota units; pure. Content ID publishes no prices."""

from dataclasses import dataclass
from math import ceil

IDS_PER_CALL = 50
CHANNELS_LIST = 1
VIDEOS_LIST = 1
PLAYLIST_ITEMS_LIST = 1
VIDEOS_UPDATE = 50
CONTENT_ID: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """Units of the general pool, and calls whose price is unknown."""

    units: int
    update_count: int = 0
    unpriced_call_count: int = 0

    @property
    def is_complete(self) -> bool:
        return self.unpriced_call_count == 0


def price_of(videos: int, assets: int = 0) -> Price:
    """Price of a push in which every item changes: one read for 50, one update."""
    return Price(
        units=price_of_refresh(videos) + videos * VIDEOS_UPDATE,
        update_count=videos + assets,
        unpriced_call_count=assets + ceil(assets / IDS_PER_CALL),
    )


def price_of_refresh(video_count: int) -> int:
    """Units to read this many known videos."""
    return ceil(video_count / IDS_PER_CALL) * VIDEOS_LIST
