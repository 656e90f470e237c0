"""What people type into the search box above the videos."""

import re

from catalog.querysets import VideoQuerySet
from catalog.querysets.search import VIDEO_ID

ADDRESS = re.compile(
    r"https?://(?:\S*?[?&]v=|youtu\.be/|\S*?/(?:shorts|video|live|embed)/)"
    r"([A-Za-z0-9_-]{11})\S*"
)
MOST_IDS = 200


def find_videos(videos: VideoQuerySet, text: str) -> VideoQuerySet:
    """Pasted IDs or addresses exactly, every other text by its words.

    A word of eleven letters looks like an ID, so IDs count only when all the
    words are and at least one of them is in the catalogue.
    """
    if not text.strip():
        return videos
    words = re.split(r"[\s,;]+", ADDRESS.sub(r"\1", text.strip()))[:MOST_IDS]
    if all(map(VIDEO_ID.fullmatch, words)):
        exact = videos.filter(video_id__in=words)
        if exact.exists():
            return exact
    return videos.search(" ".join(words))
