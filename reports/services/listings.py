"""When a report lists every video of its content owner."""

from dataclasses import replace
from functools import partial

from catalog.observations.run import Listing
from catalog.values import VideoId
from reports.models import Report
from reports.services import cells, shrinkage
from reports.services.staging import RawTable
from reports.wording import counted, verb


def listing_of(report: Report, raw: RawTable) -> Listing | None:
    """Tell that the file lists all videos; None for a file that does not."""
    if raw.kind.lists_all != "videos":
        return None
    unread = f"{_ids_of_rejected_rows(raw)} UNION ALL {_ids_of_scraps(report)}"
    listing = Listing(are_gone=partial(_are_gone, report), also_listed=unread)
    if not raw.has(raw.kind.asset_ids):
        return listing
    return replace(
        listing,
        claims_are_gone=partial(_claims_are_gone, report),
        claims_unread=f"{unread} UNION ALL {_ids_beside_bad_assets(raw)}",
    )


def _are_gone(report: Report, listed: int, missing: int) -> bool:
    """Rows that could not be read and are not listed may be any video."""
    if missing and _has_unlisted_rows(report):
        report.warnings.append(
            f"{counted(missing, 'video')} of before {verb(missing, 'is', 'are')} not "
            "in this file, but too many rows of it could not be read: nothing was "
            "marked as no longer listed."
        )
        return False
    return shrinkage.are_gone(report, noun="videos", listed=listed, missing=missing)


def _claims_are_gone(report: Report, listed: int, missing: int) -> bool:
    """Claims on videos that the file lists, where no row names their asset."""
    if _has_unlisted_rows(report):
        return False
    return shrinkage.are_gone(report, noun="claims", listed=listed, missing=missing)


def _has_unlisted_rows(report: Report) -> bool:
    """Whether there are more rows that could not be read than are listed."""
    listed_count = report.row_errors.filter(is_rejected=True).count()
    return listed_count < report.rows_rejected


def _ids_beside_bad_assets(raw: RawTable) -> str:
    key, bad = cells.expression(raw, raw.kind.key), cells.has_foreign_asset(raw)
    return f"SELECT {key} FROM {raw.name} r WHERE {bad}".replace("%", "%%")


def _ids_of_rejected_rows(raw: RawTable) -> str:
    """Rows that lack something else still name their video."""
    key = cells.expression(raw, raw.kind.key)
    rows = (
        f"FROM {raw.name} r JOIN {raw.beside('rows')} w ON w.line = r.line "
        f"WHERE w.key IS NULL AND {key} IS NOT NULL"
    )
    return f"SELECT {key} {rows}".replace("%", "%%")


def _ids_of_scraps(report: Report) -> str:
    """Whatever in a record of a wrong shape could be the ID of a video."""
    word = VideoId.sql("word").replace("%", "%%")
    return (
        "SELECT word FROM reports_reportrowerror e CROSS JOIN LATERAL "
        "regexp_split_to_table(e.value, '[^A-Za-z0-9_-]+') word "
        f"WHERE e.report_id = {int(report.pk)} AND e.is_rejected "
        f"AND e.\"column\" = '' AND {word} IS NOT NULL"
    )
