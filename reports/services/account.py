"""The account of a raw table: rows that count, that collapse, that are refused.

A cell that has no normal form says nothing and is listed; a row whose required
cells have none is rejected.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from reports.models import Report
from reports.services import cells, rows
from reports.services.staging import RawTable, raw_name

MAX_LISTED = 100_000
_ERRORS = "reports_reportrowerror"
_KEPT = ("rows", "repeats", "known", "changed", "unfit", "suspects", "found")


@dataclass(frozen=True, slots=True)
class RawCounts:
    """What one look at the raw rows tells before anything is merged."""

    rows: int
    rejected: int
    distinct: int
    newest: datetime | None

    @property
    def collapsed(self) -> int:
        return self.rows - self.rejected - self.distinct


def find_repeats(raw: RawTable) -> None:
    """Look at every row: which repeat a key, which repeat the last report."""
    with transaction.atomic(), rows.joined_by_hash():
        cells.use_memory()
        rows.look_at_rows(raw)
        rows.set_known_apart(raw)


def count_rows(raw: RawTable) -> RawCounts:
    """Count rows, rejected rows and distinct keys; find the newest upload."""
    all_rows, rejected = _row(
        "SELECT count(*), count(*) FILTER (WHERE key IS NULL) "
        f"FROM {raw.beside('rows')}"
    )
    (newest_at,) = _row(rows.newest(raw))
    repeated_rows, repeated_keys = _row(
        f"SELECT coalesce(sum(found), 0), count(*) FROM {raw.beside('repeats')}"
    )
    distinct = all_rows - rejected - repeated_rows + repeated_keys
    return RawCounts(all_rows, rejected, int(distinct), newest_at)


def list_rejected_rows(report: Report, raw: RawTable, counts: RawCounts) -> None:
    """List rows whose required cells have no normal form, with the first of them."""
    for name in () if not counts.rejected else raw.kind.required:
        others = raw.kind.required[: raw.kind.required.index(name)]
        earlier = [f"{cells.expression(raw, other)} IS NULL" for other in others]
        is_first = f"NOT ({' OR '.join(earlier)})" if earlier else "true"
        list_errors(
            report,
            f"SELECT r.line, '{name}', left({raw.cell(name)}, 500), "
            f"{cells.reason(raw, name)}, true FROM {raw.name} r WHERE r.line IN "
            f"(SELECT line FROM {raw.beside('rows')} WHERE key IS NULL) "
            f"AND {cells.expression(raw, name)} IS NULL AND {is_first}",
        )


def list_rejected_values(report: Report, raw: RawTable) -> int:
    """List cells of good rows that are not blank and say nothing; count them.

    One pass over changed rows finds those that may have such a cell; which cells it
    is, is asked of these few only. Rows that have one are never known.
    """
    raw = rows.changed_rows(raw)
    checks = list(cells.value_checks(raw))
    suspects = raw.beside("suspects")
    is_any_bad = " OR ".join(cells.quick_checks(raw)) or "false"
    cells.execute(f"DROP TABLE IF EXISTS {suspects}")
    found = cells.execute(
        f"CREATE UNLOGGED TABLE {suspects} AS SELECT r.* FROM {raw.name} r "
        f"WHERE ({is_any_bad}) AND NOT ({cells.is_rejected(raw)})"
    )
    if not found:
        return 0
    selects = (
        f"SELECT r.line, '{name}', left({raw.cell(name)}, 500), "
        f"{cells.reason(raw, name)}, false FROM {suspects} r WHERE {test}"
        for name, test in checks
    )
    listed = list_errors(report, " UNION ALL ".join(selects))
    return listed if listed < MAX_LISTED else _count_values(suspects, checks)


def _count_values(suspects: str, checks: list[tuple[str, str]]) -> int:
    counts = " + ".join(f"count(*) FILTER (WHERE {test})" for _, test in checks)
    (count,) = _row(f"SELECT {counts} FROM {suspects} r")
    return int(count)


def warn_of_unlisted(report: Report) -> None:
    """Say so when the list of what was left out is not complete."""
    listed = report.row_errors.count()
    total = report.rows_rejected + report.values_rejected
    if listed < total:
        report.warnings.append(
            f"{total:,} rows and values were left out; only {listed:,} of them are "
            "listed."
        )


def drop_found(report: Report) -> None:
    """Drop what this module keeps beside the raw table."""
    names = ", ".join(f"{raw_name(report)}_{kept}" for kept in _KEPT)
    cells.execute(f"DROP TABLE IF EXISTS {names}")


def list_errors(report: Report, select: str) -> int:
    """List what `select` finds; CREATE TABLE AS may search in parallel."""
    found = f"{raw_name(report)}_found"
    cells.execute(f"DROP TABLE IF EXISTS {found}")
    cells.execute(
        f"CREATE UNLOGGED TABLE {found} (line, name, value, reason, is_rejected) "
        f"AS {select} LIMIT {MAX_LISTED}"
    )
    count = cells.execute(
        f'INSERT INTO {_ERRORS} (line, "column", value, reason, is_rejected, report_id)'
        f" SELECT found.*, {int(report.pk)} FROM {found} found"
    )
    cells.execute(f"DROP TABLE {found}")
    return count


def _row(sql: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return tuple(cursor.fetchone())
