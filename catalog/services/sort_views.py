"""The column by which lists are sorted by views; counters live elsewhere."""

from django.db import connection
from django.db.models import Max

from catalog.models import Video

BATCH = 20_000  # keys a statement: row locks stay short


def refresh_sort_views() -> int:
    """Copy last night's view counts where they moved; returns rows written."""
    last = Video.objects.aggregate(last=Max("pk"))["last"] or 0
    return sum(_refresh(start) for start in range(0, last + 1, BATCH))


def _refresh(start: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_video v SET sort_views = st.view_count "
            "FROM catalog_videostatistics st WHERE st.video_id = v.id "
            "AND v.id >= %s AND v.id < %s "
            "AND v.sort_views IS DISTINCT FROM st.view_count",
            [start, start + BATCH],
        )
        return int(cursor.rowcount)
