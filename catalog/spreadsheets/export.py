"""Videos and channels as a spreadsheet: any selection, in constant memory.

Of django-import-export only the names and types of the formats fit: its resources
build a data set of model instances in memory, cell by cell.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import connection
from import_export.formats.base_formats import CSV, XLSX

from catalog.exceptions import InvalidEditError
from catalog.querysets import ChannelQuerySet, VideoQuerySet
from catalog.spreadsheets.cells import LONGEST_CELL
from catalog.spreadsheets.columns import (
    CHANNEL_COLUMNS,
    ROW_VERSION,
    VIDEO_COLUMNS,
    Column,
)
from catalog.spreadsheets.workbook import workbook
from ytmanager.downloads import BYTE_ORDER_MARK

logger = structlog.get_logger(__name__)

BATCH = 2000
# Without them an import would not know which video a row is, nor its age.
ALWAYS = ("video_id", ROW_VERSION)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that people may choose."""

    label: str
    extension: str
    content_type: str
    delimiter: str = ""


_CSV_TYPE = f"{CSV().get_content_type()}; charset=utf-8"
FORMATS = {
    "xlsx": Format("Excel (XLSX)", XLSX().get_extension(), XLSX().get_content_type()),
    "csv": Format("CSV with commas", CSV().get_extension(), _CSV_TYPE, ","),
    "csv_semicolon": Format(
        "CSV with semicolons (Excel in most of Europe)",
        CSV().get_extension(),
        _CSV_TYPE,
        ";",
    ),
}


def export_videos(
    *,
    videos: VideoQuerySet,
    columns: Sequence[str],
    file_format: Format,
    actor: User,
    count: int | None = None,
) -> Iterator[bytes]:
    """The bytes of a sheet of these videos, oldest in the catalogue first.

    Raises InvalidEditError for a column that does not exist.
    """
    if unknown := set(columns) - set(VIDEO_COLUMNS):
        raise InvalidEditError(
            f"There is no column {', '.join(sorted(unknown))}. Choose from the list."
        )
    chosen = [n for n in VIDEO_COLUMNS if n in columns or n in ALWAYS]
    logger.info(
        "videos_exported",
        user_pk=actor.pk,
        columns=chosen,
        extension=file_format.extension,
        expected_count=count,
    )
    taken = {name: VIDEO_COLUMNS[name] for name in chosen}
    rows = sheet_rows(videos.keys_sql(), _VIDEO_ROWS, taken)
    return _file_of(rows, file_format, title="Videos")


def export_channels(
    *, channels: ChannelQuerySet, file_format: Format, actor: User
) -> Iterator[bytes]:
    """The bytes of a sheet of these channels, with every column that there is."""
    extension = file_format.extension
    logger.info("channels_exported", user_pk=actor.pk, extension=extension)
    rows = sheet_rows(channels.keys_sql(), "catalog_channel v", CHANNEL_COLUMNS)
    return _file_of(rows, file_format, title="Channels")


_VIDEO_ROWS = (
    "catalog_video v JOIN catalog_channel c ON c.id = v.channel_id "
    "LEFT JOIN catalog_asset a ON a.id = v.primary_asset_id "
    "LEFT JOIN catalog_videostatistics st ON st.video_id = v.id"
)


def sheet_rows(
    selected: tuple[str, tuple[Any, ...]], source: str, columns: Mapping[str, Column]
) -> Iterator[Sequence[str]]:
    """The header, then a row for each selected key, in batches by key.

    A cursor of the server would keep its snapshot for as long as a slow
    download takes, and does not survive a transaction pooler.
    """
    yield [column.header for column in columns.values()]
    selection, params = selected
    cells = ", ".join(column.sql for column in columns.values())
    sql = (
        f"SELECT v.id, {cells} FROM {source} "
        f"WHERE v.id > %s AND v.id IN ({selection}) ORDER BY v.id LIMIT {BATCH}"
    )
    last = 0
    while batch := _fetch(sql, [last, *params]):
        last = int(batch[-1][0])
        for _, *row in batch:
            yield row


def _file_of(
    rows: Iterable[Sequence[str]], file_format: Format, *, title: str
) -> Iterator[bytes]:
    if file_format.delimiter:
        return _csv_chunks(rows, file_format.delimiter)
    return workbook(map(_fitting, rows), title=title)


def _fetch(sql: str, params: list[Any]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _fitting(row: Sequence[str]) -> Sequence[str]:
    """Leave out a text that no cell can hold: blank says "leave it alone"."""
    if max(map(len, row), default=0) < LONGEST_CELL // 2:
        return row
    return ["" if len(c.encode("utf-16-le")) > 2 * LONGEST_CELL else c for c in row]


def _csv_chunks(rows: Iterable[Sequence[str]], delimiter: str) -> Iterator[bytes]:
    text = StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=delimiter)
    for row in rows:
        writer.writerow(_fitting(row))
        if text.tell() > 1 << 17:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
