"""SQL about the row `r` of a raw table, from the declaration of its kind."""

from collections.abc import Iterator

from django.db import connection

from catalog.value_types import (
    ListValue,
    TextValue,
)
from catalog.values import (
    AssetId,
    Text,
)
from reports.kinds import Column
from reports.services.staging import RawTable

LARGEST_INTEGER = 2_147_483_647
WORK_MEMORY = "256MB"


def rows_with_one_asset(raw: RawTable) -> tuple[str, str]:
    """The asset ID and FROM ... WHERE of rows with one asset: nearly all."""
    return one_asset(raw), (
        f"FROM {raw.name} r JOIN {raw.beside('rows')} w ON w.line = r.line "
        f"WHERE w.key IS NOT NULL AND {one_asset(raw)} IS NOT NULL"
    )


def rows_with_several(raw: RawTable) -> tuple[str, str]:
    """The same of rows with several assets, or with something that is none.

    The account found them among its suspects.
    """
    return "a.asset_id", (
        f"FROM {raw.beside('suspects')} r "
        f"JOIN {raw.beside('rows')} w ON w.line = r.line "
        "CROSS JOIN LATERAL (SELECT DISTINCT asset_id "
        f"FROM unnest({asset_list(raw)}) AS ids(asset_id) "
        f"WHERE {AssetId.sql('asset_id')} IS NOT NULL) a "
        f"WHERE {has_several_assets(raw)}"
    )


def may_have_several_assets(raw: RawTable) -> bool:
    return isinstance(column(raw, raw.kind.asset_ids).value_type, ListValue)


def one_asset(raw: RawTable) -> str:
    return AssetId.sql(raw.cell(raw.kind.asset_ids))


def asset_list(raw: RawTable) -> str:
    column = next(c for c in raw.kind.columns if c.name == raw.kind.asset_ids)
    return column.value_type.sql(raw.cell(raw.kind.asset_ids))


def has_no_asset(raw: RawTable) -> str:
    if not raw.has(raw.kind.asset_ids):
        return "true"
    return f"(btrim({raw.cell(raw.kind.asset_ids)}) = '')"


def value_checks(raw: RawTable) -> Iterator[tuple[str, str]]:
    """The columns whose cells may say nothing, each with the test for that."""
    seen = set(raw.kind.required)
    for column in raw.kind.columns:
        if column.name in seen or not raw.has(column.name):
            continue
        seen.add(column.name)
        cell = raw.cell(column.name)
        if column.name == raw.kind.asset_ids:
            yield column.name, has_foreign_asset(raw)
        elif not isinstance(column.value_type, TextValue | ListValue):
            says_nothing = f"{column.value_type.sql(cell)} IS NULL"
            is_blank = f"{Text.sql(cell)} = ''"
            yield column.name, f"({cell} <> '' AND {says_nothing} AND NOT {is_blank})"


def quick_checks(raw: RawTable) -> Iterator[str]:
    """Tests that hold for every row with a cell that says nothing, and few others.

    Looking into each list of assets takes a correlated subquery, which would keep
    PostgreSQL from searching in parallel.
    """
    for name, test in value_checks(raw):
        yield has_several_assets(raw) if name == raw.kind.asset_ids else test


def has_foreign_asset(raw: RawTable) -> str:
    """Something in the list of assets is no asset ID."""
    listed = f"SELECT FROM unnest({asset_list(raw)}) AS ids(asset_id)"
    foreign = f"EXISTS ({listed} WHERE {AssetId.sql('asset_id')} IS NULL)"
    return f"({has_several_assets(raw)} AND {foreign})"


def has_several_assets(raw: RawTable) -> str:
    """Several assets, or something that is none; true of few rows."""
    return f"({one_asset(raw)} IS NULL AND NOT {has_no_asset(raw)})"


def says_something(raw: RawTable, column: Column) -> str:
    """Whether a row says something about a fact of its video."""
    told = f"({column.value_type.sql(raw.cell(column.name))}) IS NOT NULL"
    return f"({told} AND {has_no_asset(raw)})" if column.facts == "subject" else told


def columns(raw: RawTable, facts: str) -> list[Column]:
    return [c for c in raw.kind.columns if c.facts == facts and raw.has(c.name)]


def column(raw: RawTable, name: str) -> Column:
    return next(c for c in raw.kind.columns if c.name == name)


def expression(raw: RawTable, name: str) -> str:
    return column(raw, name).value_type.sql(raw.cell(name))


def typed(raw: RawTable, column: Column, types: dict[str, str]) -> str:
    """The normal form in the type of its fact column."""
    value = column.value_type.sql(raw.cell(column.name))
    if column.value_type.sql_type == "bigint" and types[column.target] == "integer":
        return f"least({value}, {LARGEST_INTEGER})::integer"
    return value


def is_rejected(raw: RawTable) -> str:
    return " OR ".join(f"{expression(raw, n)} IS NULL" for n in raw.kind.required)


def reason(raw: RawTable, name: str) -> str:
    value_type = column(raw, name).value_type
    is_list = name == raw.kind.asset_ids
    expected = AssetId.expected if is_list else value_type.expected
    told = f"Expected {expected}.".replace("'", "''")
    empty = f"The cell is empty. {told}"
    return f"CASE WHEN {Text.sql(raw.cell(name))} = '' THEN '{empty}' ELSE '{told}' END"


def use_memory() -> None:
    """Sort and join in memory until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])


def execute(sql: str) -> int:
    """Run one statement; returns the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)
