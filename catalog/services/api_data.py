"""The limit for counters that YouTube gave and nobody read again.

YouTube's Developer Policies (III.E.4) let data of the API be kept for 30 days, and
then ask to read them again or to delete them. What people edit, and what YouTube
showed of it, is the office's own work and the base of its comparison: it stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

from catalog.models import Channel, ChannelStatistics

logger = structlog.get_logger(__name__)

BATCH = 10_000  # videos; their rows are locked no longer than that takes
_COUNTERS = (
    "view_count",
    "comment_count",
    "like_count",
    "engaged_view_count",
    "previous_view_count",
    "previous_as_of",
    "daily_views",
    "previous_daily_views",
    "counters_as_of",
)
# In the order of keys, as merges lock; what a merge holds now is being read again.
_NEXT = f"""
    WITH old AS (
        SELECT video_id FROM catalog_videostatistics
        WHERE video_id > %s AND counters_as_of < %s
        ORDER BY video_id LIMIT {BATCH} FOR UPDATE SKIP LOCKED
    ), emptied AS (
        UPDATE catalog_videostatistics s
        SET {", ".join(f"{name} = NULL" for name in _COUNTERS)}
        FROM old WHERE s.video_id = old.video_id
    )
    SELECT max(video_id), count(*) FROM old
"""


def purge_old_counters(now: datetime) -> dict[str, int]:
    """Empty what was not read for API_DATA_KEPT_DAYS; 0 keeps it for ever.

    Returns how many videos, channels and days of channels it concerned. The column
    for sorting by views follows with its nightly refresh.
    """
    if not settings.API_DATA_KEPT_DAYS:
        return {"videos": 0, "channels": 0, "days": 0}
    before = now - timedelta(days=settings.API_DATA_KEPT_DAYS)
    counts = {"videos": _purge_videos(before), **_purge_channels(before)}
    logger.info("api_data_purged", **counts)
    return counts


def _purge_videos(before: datetime) -> int:
    last: int | None = 0
    total = 0
    while last is not None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NEXT, [last, before])
            last, count = cursor.fetchone()
        total += count
    return total


def _purge_channels(before: datetime) -> dict[str, int]:
    channels = Channel.objects.filter(as_of__lt=before).exclude(
        subscriber_count=None, video_count=None, view_count=None
    )
    empty = dict.fromkeys(("subscriber_count", "video_count", "view_count"))
    days = ChannelStatistics.objects.filter(on__lt=before.date())
    return {"channels": channels.update(**empty), "days": days.delete()[0]}
