"""From raw cells to facts: SQL that follows from the kind's declaration.

Every statement reads the raw table once. A cell that has no normal form says
nothing, and a row whose required cells have none is left out.
"""

from catalog.observations import staging
from catalog.observations.staging import FactTables
from reports.services import cells
from reports.services.staging import RawTable


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
    values = {c.target: cells.typed(raw, c, types) for c in cells.columns(raw, facts)}
    if facts == "video":
        for column in cells.columns(raw, "subject"):
            value = cells.typed(raw, column, types)
            values[column.target] = (
                f"CASE WHEN {cells.has_no_asset(raw)} THEN {value} END"
            )
    staging.make_fact_table(
        table,
        values,
        f"FROM {raw.name} r LEFT JOIN {cells.repeats_of(raw)} d "
        f"ON d.key = {cells.expression(raw, raw.kind.key)} "
        f"WHERE NOT ({cells.is_rejected(raw)}) AND (d.line IS NULL OR d.line = r.line)",
    )


def _fill_claims(raw: RawTable, table: str) -> None:
    """One claim for each asset of each row, also of rows that collapse."""
    columns = [c for c in cells.columns(raw, "claim") if c.name != raw.kind.asset_ids]
    values = {c.target: cells.typed(raw, c, staging.CLAIM_FACTS) for c in columns}
    values.setdefault("claim_id", "''")
    values["video_id"] = cells.expression(raw, raw.kind.key)
    values["is_partner_provided"] = "true"
    if raw.has("content_type"):
        values["is_partner_provided"] = f"{raw.cell('content_type')} !~* 'ugc|user'"
    one_id, one = cells.rows_with_one_asset(raw)
    staging.make_fact_table(table, {**values, "asset_id": one_id}, one)
    several_id, several = cells.rows_with_several(raw)
    cells.execute(
        f"INSERT INTO {table} (asset_id, {', '.join(values)}) "
        f"SELECT {several_id}, {', '.join(values.values())} {several}"
    )


def _fill_assets_of_videos(raw: RawTable, table: str) -> None:
    """The assets that rows name; metadata only where a row names just one."""
    columns = cells.columns(raw, "subject")
    values = {c.target: cells.typed(raw, c, staging.ASSET_FACTS) for c in columns}
    asset_id, one = cells.rows_with_one_asset(raw)
    values = {"asset_id": asset_id, **values}
    named = ", ".join(f"{value} AS {name}" for name, value in values.items())
    staging.make_fact_table(
        table,
        {name: f"first.{name}" for name in values},
        f"FROM (SELECT DISTINCT ON (asset_id) * FROM (SELECT r.line, {named} {one}) "
        "named ORDER BY asset_id, line) first",
    )
    asset_id, several = cells.rows_with_several(raw)
    cells.execute(
        f"INSERT INTO {table} (asset_id) SELECT DISTINCT asset_id FROM "
        f"(SELECT {asset_id} {several}) several WHERE asset_id NOT IN "
        f"(SELECT asset_id FROM {table})"
    )
