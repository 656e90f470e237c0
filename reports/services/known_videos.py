"""Rows that can only speak of videos that the catalogue knows."""

from catalog.values import VideoId
from reports.models import Report
from reports.services import account, cells
from reports.services.staging import RawTable

UNKNOWN = (
    "This video is not in the catalogue. A report without channel IDs cannot add it; "
    "import a newer video report first."
)


def find_deleted_videos(raw: RawTable) -> int:
    """Give rows of deleted videos their ID back; counts them.

    YouTube leaves `video_id` empty when a video was deleted; the ID may then be in
    `custom_id`, which is otherwise the partner's own and proves nothing.
    """
    stand_in = raw.kind.video_stand_in
    if raw.kind.key != "video_id" or not raw.has(stand_in):
        return 0
    cell, other = raw.cell("video_id"), VideoId.sql(raw.cell(stand_in))
    return cells.execute(
        f"UPDATE {raw.name} r SET {cell.removeprefix('r.')} = {other} "
        f"WHERE btrim({cell}) = '' AND {other} IN (SELECT video_id FROM catalog_video)"
    )


def leave_out_unknown_videos(report: Report, raw: RawTable) -> int:
    """Take rows about videos that are not known out of the file; counts them."""
    if not raw.kind.is_for_known_videos:
        return 0
    key = cells.expression(raw, raw.kind.key)
    unknown = (
        f"{key} IS NOT NULL AND NOT EXISTS "
        f"(SELECT FROM catalog_video v WHERE v.video_id = {key})"
    )
    account.list_errors(
        report,
        f"SELECT r.line, '{raw.kind.key}', left({raw.cell(raw.kind.key)}, 500), "
        f"'{UNKNOWN}', true FROM {raw.name} r WHERE {unknown}",
    )
    return cells.execute(f"DELETE FROM {raw.name} r WHERE {unknown}")
