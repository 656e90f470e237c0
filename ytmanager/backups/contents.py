"""What is in a database: the number of rows and a checksum of each table."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

Contents = dict[str, tuple[int, str]]

# Unlogged tables are staging: they are empty after a crash and never dumped.
_TABLES = """
    SELECT nspname, relname FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND relpersistence = 'p'
    AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    ORDER BY 1, 2
"""
# A sum does not depend on the order of the rows.
_SUM = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} t"


def read_contents(connection: psycopg.Connection) -> Contents:
    """Read every table once, in the transaction of this connection."""
    connection.execute("SET LOCAL timezone TO 'UTC'")
    return {
        f"{schema}.{table}": _row(connection, sql.Identifier(schema, table))
        for schema, table in connection.execute(_TABLES).fetchall()
    }


def _row(connection: psycopg.Connection, table: sql.Identifier) -> tuple[int, str]:
    found = connection.execute(sql.SQL(_SUM).format(table)).fetchone()
    count, checksum = found or (0, "0")
    return count, checksum


def differences(expected: Mapping[str, object], found: Contents) -> list[str]:
    """Name each table that is not as it was, in words."""
    lines = []
    for table in sorted({*expected, *found}):
        if table not in found:
            lines.append(f"{table} is missing")
        elif table not in expected:
            lines.append(f"{table} was not in the backup")
        elif tuple(expected[table]) != found[table]:  # type: ignore[arg-type]
            lines.append(_difference(table, tuple(expected[table]), found[table]))  # type: ignore[arg-type]
    return lines


def _difference(table: str, expected: tuple[int, str], found: tuple[int, str]) -> str:
    if expected[0] != found[0]:
        return f"{table} has {found[0]} rows instead of {expected[0]}"
    return f"{table} has other values in its {found[0]} rows"
