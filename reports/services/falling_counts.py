"""Most view counts falling: the file is older than the date it came with.

View counts hardly ever fall, and an older file under a newer date would wind
every counter back.
"""

from django.db import connection

from catalog.observations.run import Repeated
from catalog.observations.staging import FactTables
from reports.exceptions import QuestionError
from reports.models import Report

TOPIC = "falling_counts"
COMPARED_VIDEOS = 20_000
# Of fewer, a few corrected counts are most of them.
LEAST_COMPARED = 20


def ask_about_falling_counts(
    report: Report, tables: FactTables, repeated: Repeated | None
) -> None:
    """Raise QuestionError when most counts fall and nobody confirmed the date.

    To be called before anything is merged.
    """
    if TOPIC in report.answers:
        return
    compared, falling = _compare(report, _counts_of(tables, repeated))
    if compared >= LEAST_COMPARED and falling * 2 > compared:
        raise QuestionError(
            f"The views of {falling:,} of {compared:,} videos that moved are lower "
            f"than before, so this file may be older than {report.as_of:%d %B %Y}. "
            "Please check its date, or confirm that it is right.",
            topic=TOPIC,
            compared=compared,
            falling=falling,
        )


def _counts_of(tables: FactTables, repeated: Repeated | None) -> str:
    """SELECT of keys of known videos and their views in the file."""
    if repeated is not None and "view_count" in repeated.columns:
        return f"SELECT pk, view_count FROM {repeated.table}"
    return (
        f"SELECT v.id AS pk, f.view_count FROM {tables.videos} f "
        "JOIN catalog_video v ON v.video_id = f.video_id"
    )


def _compare(report: Report, counts: str) -> tuple[int, int]:
    """How many counts of older facts moved, and how many of these down."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE f.view_count < s.view_count) "
            f"FROM (SELECT * FROM ({counts}) c WHERE view_count IS NOT NULL "
            f"LIMIT {COMPARED_VIDEOS}) f "
            "JOIN catalog_videostatistics s ON s.video_id = f.pk "
            "WHERE s.counters_as_of < %s AND s.view_count <> f.view_count",
            [report.as_of],
        )
        compared, falling = cursor.fetchone()
    return compared, falling
