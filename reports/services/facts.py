"""From raw cells to facts: SQL that follows from the kind's declaration.

Every statement reads the raw table once. A cell that has no normal form says
nothing and is listed; a row whose required cells have none is rejected.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from catalog.observations import staging
from catalog.observations.staging import FactTables
from catalog.values import AssetId, ListValue, Text, TextValue
from reports.kinds import Column
from reports.models import Report
from reports.services.staging import RawTable

MAX_LISTED = 100_000
LARGEST_INTEGER = 2_147_483_647
_ERRORS = "reports_reportrowerror"


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


def count_rows(raw: RawTable) -> RawCounts:
    """Count rows, rejected rows and distinct keys; find the newest upload."""
    newest = _expression(raw, raw.kind.newest) if raw.has(raw.kind.newest) else "NULL"
    rows, rejected, newest_at = _row(
        f"SELECT count(*), count(*) FILTER (WHERE {_is_rejected(raw)}), "
        f"max({newest})::timestamptz FROM {raw.name} r"
    )
    repeated_rows, repeated_keys = _row(
        f"SELECT coalesce(sum(found), 0), count(*) FROM {_repeats(raw)}"
    )
    distinct = rows - rejected - repeated_rows + repeated_keys
    return RawCounts(rows, rejected, int(distinct), newest_at)


def find_repeats(raw: RawTable) -> None:
    """Note the keys that several rows share, with the row that speaks for them."""
    key = _expression(raw, raw.kind.key)
    _execute(f"DROP TABLE IF EXISTS {_repeats(raw)}")
    _execute(
        f"CREATE UNLOGGED TABLE {_repeats(raw)} AS SELECT {key} AS key, "
        f"min(line) AS line, count(*) AS found FROM {raw.name} r "
        f"WHERE NOT ({_is_rejected(raw)}) GROUP BY 1 HAVING count(*) > 1"
    )
    _execute(f"ANALYZE {_repeats(raw)}")


def drop_repeats(report: Report) -> None:
    _execute(f"DROP TABLE IF EXISTS staging.raw_{report.pk}_repeats")


def list_rejected_rows(report: Report, raw: RawTable, counts: RawCounts) -> None:
    """List rows whose required cells have no normal form, with the first of them."""
    for name in () if not counts.rejected else raw.kind.required:
        others = raw.kind.required[: raw.kind.required.index(name)]
        earlier = " OR ".join(f"{_expression(raw, o)} IS NULL" for o in others)
        _insert_errors(
            report,
            f"SELECT r.line, '{name}', left({raw.cell(name)}, 500), "
            f"{_reason(raw, name)}, true FROM {raw.name} r "
            f"WHERE {_expression(raw, name)} IS NULL AND NOT ({earlier or 'false'})",
        )


def list_rejected_values(report: Report, raw: RawTable) -> int:
    """List cells of good rows that are not blank and say nothing; count them."""
    checks = list(_value_checks(raw))
    if not checks:
        return 0
    tests = ", ".join(
        f"('{name}', {raw.cell(name)}, {_reason(raw, name)}, {test})"
        for name, test in checks
    )
    return _insert_errors(
        report,
        "SELECT r.line, v.name, left(v.cell, 500), v.reason, false "
        f"FROM {raw.name} r CROSS JOIN LATERAL (VALUES {tests}) "
        "AS v(name, cell, reason, is_bad) "
        f"WHERE ({' OR '.join(test for _, test in checks)}) AND v.is_bad "
        f"AND NOT ({_is_rejected(raw)})",
    )


def fill_facts(raw: RawTable, tables: FactTables) -> None:
    """Fill the fact tables: one row for each video, claim and asset."""
    if raw.kind.asset_ids:
        _fill(raw, tables.videos, "video", staging.VIDEO_FACTS)
        if raw.has(raw.kind.asset_ids):
            _fill_claims(raw, tables.claims)
            _fill_assets_of_videos(raw, tables.assets)
    else:
        _fill(raw, tables.assets, "asset", staging.ASSET_FACTS)


def _fill(raw: RawTable, table: str, facts: str, types: dict[str, str]) -> None:
    values = {c.target: _typed(raw, c, types) for c in _columns(raw, facts)}
    if facts == "video":
        for column in _columns(raw, "subject"):
            value = _typed(raw, column, types)
            values[column.target] = f"CASE WHEN {_has_no_asset(raw)} THEN {value} END"
    names, expressions = ", ".join(values), ", ".join(values.values())
    _execute(
        f"INSERT INTO {table} ({names}) SELECT {expressions} "
        f"FROM {raw.name} r LEFT JOIN {_repeats(raw)} d "
        f"ON d.key = {_expression(raw, raw.kind.key)} "
        f"WHERE NOT ({_is_rejected(raw)}) AND (d.line IS NULL OR d.line = r.line)"
    )


def _fill_claims(raw: RawTable, table: str) -> None:
    """One claim for each asset of each row, also of rows that collapse."""
    columns = [c for c in _columns(raw, "claim") if c.name != raw.kind.asset_ids]
    values = {c.target: _typed(raw, c, staging.CLAIM_FACTS) for c in columns}
    values.setdefault("claim_id", "''")
    values["video_id"] = _expression(raw, raw.kind.key)
    values["is_partner_provided"] = "true"
    if raw.has("content_type"):
        values["is_partner_provided"] = f"{raw.cell('content_type')} !~* 'ugc|user'"
    for asset_id, rows in (_rows_with_one_asset(raw), _rows_with_several(raw)):
        _execute(
            f"INSERT INTO {table} (asset_id, {', '.join(values)}) "
            f"SELECT {asset_id}, {', '.join(values.values())} {rows}"
        )


def _fill_assets_of_videos(raw: RawTable, table: str) -> None:
    """The assets that rows name; metadata only where a row names just one."""
    columns = _columns(raw, "subject")
    values = {c.target: _typed(raw, c, staging.ASSET_FACTS) for c in columns}
    names = ", ".join(["asset_id", *values])
    one_id, one = _rows_with_one_asset(raw)
    several_id, several = _rows_with_several(raw)
    own = "".join(f", {value} AS {name}" for name, value in values.items())
    none = ", NULL" * len(values)
    _execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM ("
        f"SELECT DISTINCT ON (asset_id) * FROM ("
        f"SELECT {one_id} AS asset_id, 0 AS place, r.line AS line{own} {one} UNION ALL "
        f"SELECT {several_id}, 1, r.line{none} {several}) named "
        "ORDER BY asset_id, place, line) first"
    )


def _rows_with_one_asset(raw: RawTable) -> tuple[str, str]:
    """The asset ID and FROM ... WHERE of rows with one asset: nearly all."""
    is_one = f"{_one_asset(raw)} IS NOT NULL AND NOT ({_is_rejected(raw)})"
    return _one_asset(raw), f"FROM {raw.name} r WHERE {is_one}"


def _rows_with_several(raw: RawTable) -> tuple[str, str]:
    """The same of rows with several assets, or with something that is none."""
    return "a.asset_id", (
        f"FROM {raw.name} r CROSS JOIN LATERAL (SELECT DISTINCT asset_id "
        f"FROM unnest({_asset_list(raw)}) AS ids(asset_id) "
        f"WHERE {AssetId.sql('asset_id')} IS NOT NULL) a "
        f"WHERE {_one_asset(raw)} IS NULL AND NOT {_has_no_asset(raw)} "
        f"AND NOT ({_is_rejected(raw)})"
    )


def _one_asset(raw: RawTable) -> str:
    return AssetId.sql(raw.cell(raw.kind.asset_ids))


def _asset_list(raw: RawTable) -> str:
    column = next(c for c in raw.kind.columns if c.name == raw.kind.asset_ids)
    return column.value_type.sql(raw.cell(raw.kind.asset_ids))


def _has_no_asset(raw: RawTable) -> str:
    if not raw.has(raw.kind.asset_ids):
        return "true"
    return f"(btrim({raw.cell(raw.kind.asset_ids)}) = '')"


def _value_checks(raw: RawTable) -> Iterator[tuple[str, str]]:
    """The columns whose cells may say nothing, each with the test for that."""
    seen = set(raw.kind.required)
    for column in raw.kind.columns:
        if column.name in seen or not raw.has(column.name):
            continue
        seen.add(column.name)
        cell = raw.cell(column.name)
        if column.name == raw.kind.asset_ids:
            yield column.name, _has_foreign_asset(raw)
        elif not isinstance(column.value_type, TextValue | ListValue):
            says_nothing = f"{column.value_type.sql(cell)} IS NULL"
            is_blank = f"{Text.sql(cell)} = ''"
            yield column.name, f"({cell} <> '' AND {says_nothing} AND NOT {is_blank})"


def _has_foreign_asset(raw: RawTable) -> str:
    """Something in the list of assets is no asset ID."""
    listed = f"SELECT FROM unnest({_asset_list(raw)}) AS ids(asset_id)"
    return (
        f"({_one_asset(raw)} IS NULL AND NOT {_has_no_asset(raw)} AND EXISTS "
        f"({listed} WHERE {AssetId.sql('asset_id')} IS NULL))"
    )


def _columns(raw: RawTable, facts: str) -> list[Column]:
    return [c for c in raw.kind.columns if c.facts == facts and raw.has(c.name)]


def _column(raw: RawTable, name: str) -> Column:
    return next(c for c in raw.kind.columns if c.name == name)


def _expression(raw: RawTable, name: str) -> str:
    return _column(raw, name).value_type.sql(raw.cell(name))


def _typed(raw: RawTable, column: Column, types: dict[str, str]) -> str:
    """The normal form in the type of its fact column."""
    value = column.value_type.sql(raw.cell(column.name))
    if column.value_type.sql_type == "bigint" and types[column.target] == "integer":
        return f"least({value}, {LARGEST_INTEGER})::integer"
    return value


def _is_rejected(raw: RawTable) -> str:
    return " OR ".join(f"{_expression(raw, n)} IS NULL" for n in raw.kind.required)


def _reason(raw: RawTable, name: str) -> str:
    value_type = _column(raw, name).value_type
    is_list = name == raw.kind.asset_ids
    expected = AssetId.expected if is_list else value_type.expected
    told = f"Expected {expected}.".replace("'", "''")
    empty = f"The cell is empty. {told}"
    return f"CASE WHEN {Text.sql(raw.cell(name))} = '' THEN '{empty}' ELSE '{told}' END"


def _repeats(raw: RawTable) -> str:
    return f"{raw.name}_repeats"


def _insert_errors(report: Report, select: str) -> int:
    return _execute(
        f'INSERT INTO {_ERRORS} (line, "column", value, reason, is_rejected, report_id)'
        f" SELECT found.*, {int(report.pk)} FROM ({select} LIMIT {MAX_LISTED}) found"
    )


def _execute(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def _row(sql: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return tuple(cursor.fetchone())
