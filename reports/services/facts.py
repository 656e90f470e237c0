"""From raw cells to facts: SQL that follows from the kind's declaration.

Every statement reads the raw table once. A cell that has no normal form says
nothing, and a row whose required cells have none is left out.
"""

from catalog.clean_text import sql_quote
from catalog.observations import staging
from catalog.observations.run import Repeated
from catalog.observations.staging import FactTables
from catalog.value_types import ListValue
from catalog.values import Text, VideoId
from reports.services import cells, rows
from reports.services.staging import RawTable


def fill_facts(raw: RawTable, tables: FactTables) -> Repeated | None:
    """Fill the fact tables that the kind's columns speak of.

    Returns the rows that say nothing but their counters, where there are such: they
    are left out.
    """
    raw = rows.changed_rows(raw)
    if raw.has(raw.kind.asset_ids):
        _fill_claims(raw, tables.claims)
        _fill_assets_of_rows(raw, tables.assets)
    elif cells.columns(raw, "asset"):
        _fill(raw, tables.assets, "asset", staging.ASSET_FACTS)
        _gather_lists(raw, tables.assets)
    if cells.columns(raw, "ownership"):
        _fill_ownership(raw, tables.ownership)
    if cells.columns(raw, "short"):
        _fill_shorts(raw, tables.shorts)
    if cells.columns(raw, "video"):
        _fill_videos(raw, tables)
    return rows.repeated(raw)


def _fill_videos(raw: RawTable, tables: FactTables) -> None:
    types = staging.VIDEO_FACTS
    values = {c.target: cells.typed(raw, c, types) for c in cells.columns(raw, "video")}
    for column in cells.columns(raw, "subject"):
        value = cells.typed(raw, column, types)
        values[column.target] = f"CASE WHEN {cells.has_no_asset(raw)} THEN {value} END"
    if not rows.has_fingerprints(raw):
        staging.make_fact_table(tables.videos, values, _speaking(raw))
        return
    rows.find_unfit(raw)
    values["fingerprint"] = (
        "CASE WHEN u.key IS NULL THEN CASE WHEN d.key IS NULL THEN w.fingerprint "
        "ELSE d.fingerprint END END"
    )
    unfit = f"LEFT JOIN {raw.beside('unfit')} u ON u.key = w.key "
    staging.make_fact_table(tables.videos, values, _speaking(raw, unfit))


def _fill(raw: RawTable, table: str, facts: str, types: dict[str, str]) -> None:
    values = {c.target: cells.typed(raw, c, types) for c in cells.columns(raw, facts)}
    staging.make_fact_table(table, values, _speaking(raw))


def _speaking(raw: RawTable, joins: str = "") -> str:
    """FROM ... WHERE of the rows that count, one for each key."""
    return (
        f"FROM {raw.name} r JOIN {raw.beside('rows')} w ON w.line = r.line "
        f"LEFT JOIN {raw.beside('repeats')} d ON d.key = w.key {joins}"
        "WHERE w.key IS NOT NULL AND (d.line IS NULL OR d.line = r.line)"
    )


def _fill_claims(raw: RawTable, table: str) -> None:
    """One claim for each asset of each row, also of rows that collapse."""
    columns = [c for c in cells.columns(raw, "claim") if c.name != raw.kind.asset_ids]
    values = {c.target: cells.typed(raw, c, staging.CLAIM_FACTS) for c in columns}
    values.setdefault("claim_id", "''")
    is_key = raw.kind.key == "video_id"
    values.setdefault(
        "video_id", "w.key" if is_key else cells.expression(raw, "video_id")
    )
    if "video_id" not in raw.kind.required and raw.has(raw.kind.video_stand_in):
        values["deleted_video_id"] = (
            f"CASE WHEN {Text.sql(raw.cell('video_id'))} = '' "
            f"THEN {VideoId.sql(raw.cell(raw.kind.video_stand_in))} END"
        )
    values["is_partner_provided"] = "true"
    if raw.has("content_type"):
        values["is_partner_provided"] = f"{raw.cell('content_type')} !~* 'ugc|user'"
    one_id, one = cells.rows_with_one_asset(raw)
    staging.make_fact_table(table, {**values, "asset_id": one_id}, one)
    if not cells.may_have_several_assets(raw):
        return
    several_id, several = cells.rows_with_several(raw)
    cells.execute(
        f"INSERT INTO {table} (asset_id, {', '.join(values)}) "
        f"SELECT {several_id}, {', '.join(values.values())} {several}"
    )


def _fill_assets_of_rows(raw: RawTable, table: str) -> None:
    """The assets that rows name; metadata only where a row names just one.

    Of several such rows the one with the lowest key speaks, wherever it stands: a
    file in another order says the same.
    """
    columns = [*cells.columns(raw, "subject"), *cells.columns(raw, "asset")]
    values = {c.target: cells.typed(raw, c, staging.ASSET_FACTS) for c in columns}
    asset_id, one = cells.rows_with_one_asset(raw)
    values = {"asset_id": asset_id, **values}
    named = ", ".join(f"{value} AS {name}" for name, value in values.items())
    first = (
        f"FROM (SELECT DISTINCT ON (asset_id) * FROM (SELECT w.key, r.line, {named} "
        f"{one}) named ORDER BY asset_id, key, line) first"
    )
    staging.make_fact_table(table, {name: f"first.{name}" for name in values}, first)
    if not cells.may_have_several_assets(raw):
        return
    asset_id, several = cells.rows_with_several(raw)
    cells.execute(
        f"INSERT INTO {table} (asset_id) SELECT DISTINCT asset_id FROM "
        f"(SELECT {asset_id} {several}) several WHERE asset_id NOT IN "
        f"(SELECT asset_id FROM {table})"
    )


def _gather_lists(raw: RawTable, table: str) -> None:
    """Several rows of one asset differ in their lists, such as its constituents."""
    key = cells.expression(raw, raw.kind.key)
    for column in cells.columns(raw, "asset"):
        if isinstance(column.value_type, ListValue):
            items = column.value_type.sql(raw.cell(column.name))
            cells.execute(
                f"UPDATE {table} f SET {column.target} = g.items FROM ("
                f"SELECT d.key, array_agg(DISTINCT item ORDER BY item) AS items "
                f"FROM {raw.beside('repeats')} d JOIN {raw.name} r ON {key} = d.key "
                f"CROSS JOIN LATERAL unnest({items}) AS item GROUP BY d.key) g "
                f"WHERE f.{raw.kind.key} = g.key"
            )


def _fill_ownership(raw: RawTable, table: str) -> None:
    """Every row, since an asset has one for each other owner."""
    types = staging.OWNERSHIP_FACTS
    columns = cells.columns(raw, "ownership")
    values = {c.target: cells.typed(raw, c, types) for c in columns}
    values |= {"asset_id": cells.expression(raw, raw.kind.key), "line": "r.line"}
    every = f"FROM {raw.name} r WHERE NOT ({cells.is_rejected(raw)})"
    staging.make_fact_table(table, values, every)


def _fill_shorts(raw: RawTable, table: str) -> None:
    values = {"video_id": "key", "proof": sql_quote(raw.kind.label)}
    key = cells.expression(raw, raw.kind.key)
    keys = f"FROM (SELECT DISTINCT {key} AS key FROM {raw.name} r) r "
    staging.make_fact_table(table, values, f"{keys} WHERE key IS NOT NULL")
