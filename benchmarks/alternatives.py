"""The same rows by other means: one by one through the ORM, or django-import-export.

Both read a sample of the file into the filled catalogue and are taken back. Neither
keeps snapshots, ages, conflicts, claims or a history: they do less than an import.
"""

import csv
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from import_export.resources import ModelResource
from tablib import Dataset

from catalog.doors import Door, opened
from catalog.models import Asset, Channel, ContentOwner, Video, VideoStatistics

Row = dict[str, str]


def rows_a_second(path: Path, sample: int, by: Callable[[list[Row]], None]) -> float:
    """Write the first rows of the file in one transaction that is rolled back."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(itertools.islice(csv.DictReader(file), sample))
    started = time.perf_counter()
    with transaction.atomic():
        with opened(Door.OBSERVATION):
            by(rows)
        transaction.set_rollback(True)
    return len(rows) / (time.perf_counter() - started)


def one_by_one(rows: list[Row]) -> None:
    """A look-up and a save for each channel, video, counter and asset of each row."""
    owner = ContentOwner.objects.get()
    for row in rows:
        channel, _ = Channel.objects.update_or_create(
            channel_id=row["channel_id"],
            defaults={"name": row["channel_display_name"], "content_owner": owner},
        )
        video, _ = Video.objects.update_or_create(
            video_id=row["video_id"], defaults={"channel": channel, **_values(row)}
        )
        VideoStatistics.objects.update_or_create(
            video=video,
            defaults={
                "view_count": row["views"] or None,
                "comment_count": row["comments"] or None,
            },
        )
        for asset_id in filter(None, row["asset_id"].split("|")):
            Asset.objects.get_or_create(
                asset_id=asset_id, defaults={"content_owner": owner}
            )


class VideoResource(ModelResource):  # type: ignore[misc]
    """The spreadsheet way: rows into the columns of one model."""

    class Meta:
        model = Video
        import_id_fields = ("video_id",)
        fields = ("video_id", "title", "privacy_status", "isrc", "upc", "custom_id")
        skip_unchanged = True
        use_transactions = False


def by_import_export(rows: list[Row]) -> None:
    """Titles, privacy and identifiers only; videos that are known already."""
    known = Video.objects.filter(video_id__in={row["video_id"] for row in rows})
    known_ids = set(known.values_list("video_id", flat=True))
    names = ("video_id", "title", "privacy_status", "isrc", "upc", "custom_id")
    table = Dataset(headers=names)
    for row in rows:
        if row["video_id"] in known_ids:
            values = {"video_id": row["video_id"], "upc": "", **_values(row)}
            table.append([values[name] for name in names])
    result = VideoResource().import_data(table, raise_errors=True)
    assert not result.has_errors()


def _values(row: Row) -> dict[str, Any]:
    return {
        "title": row["video_title"],
        "privacy_status": row["video_privacy_status"].lower(),
        "isrc": row["isrc"],
        "custom_id": row["custom_id"],
        "claimed_status": "",
        "effective_policy": row["effective_policy"],
        "length_seconds": row["video_length"] or None,
        "uploaded_at": _moment(row["time_uploaded"]),
    }


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    except ValueError:
        return None
