"""The tables of one sheet while it is compared: unlogged, dropped afterwards."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from catalog.exceptions import UnreadableSheetError
from catalog.models import Spreadsheet
from catalog.spreadsheets.mapping import Mapping
from catalog.spreadsheets.reading import Row

# A COPY of this many seconds, then people hear how far it is.
SLICE_SECONDS = 0.5
KINDS = ("rows", "matches", "cells", "edits")


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of the tables of one sheet, ready for SQL."""

    rows: str
    matches: str
    cells: str
    edits: str


def tables_of(sheet: Spreadsheet) -> Tables:
    return Tables(*(f"staging.sheet_{kind}_{sheet.pk}" for kind in KINDS))


def drop_tables(tables: Tables) -> None:
    names = (tables.rows, tables.matches, tables.cells, tables.edits)
    execute(f"DROP TABLE IF EXISTS {', '.join(names)}")


def create_tables(tables: Tables, column_count: int) -> None:
    """Create them empty; what a killed worker left goes first."""
    drop_tables(tables)
    cells = ", ".join(f"c{place} text" for place in range(column_count))
    execute(f"CREATE UNLOGGED TABLE {tables.rows} (line bigint, {cells})")
    execute(
        f"CREATE UNLOGGED TABLE {tables.cells} (place bigint GENERATED ALWAYS AS "
        "IDENTITY PRIMARY KEY, line bigint, pk bigint, field text, raw text, "
        "current jsonb, seen jsonb, is_moved boolean)"
    )
    execute(
        f"CREATE UNLOGGED TABLE {tables.edits} (line bigint, pk bigint, field text, "
        "raw text, new jsonb, expected jsonb, findings jsonb)"
    )


def copy_rows(
    tables: Tables,
    rows: Iterator[Row],
    mapping: Mapping,
    on_slice: Callable[[int], None],
) -> int:
    """COPY the cells that matter; `on_slice` hears how many there are by now.

    Each slice commits for itself: a long transaction would keep live events from
    everybody who catches up. Raises UnreadableSheetError.
    """
    places = [place for place, name in enumerate(mapping.columns) if name]
    names = ", ".join(f"c{place}" for place in places)
    sql = f"COPY {tables.rows} (line, {names}) FROM STDIN"
    count, is_over = 0, False
    failures: list[UnreadableSheetError] = []
    rows = _until_failure(rows, failures)
    while not is_over:
        ends_at, is_over = time.monotonic() + SLICE_SECONDS, True
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            for line, cells in rows:
                copy.write_row((line, *(cells[place] for place in places)))
                count += 1
                if count % 200 == 0 and time.monotonic() > ends_at:
                    is_over = False
                    break
        on_slice(count)
    if failures:
        raise failures[0]
    execute(f"ANALYZE {tables.rows}")
    return count


def _until_failure(
    rows: Iterator[Row], failures: list[UnreadableSheetError]
) -> Iterator[Row]:
    """End at an error of the file: one inside a COPY would break a transaction."""
    try:
        yield from rows
    except UnreadableSheetError as exc:
        failures.append(exc)


def execute(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; returns the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)
        return int(cursor.rowcount)


def fetch(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)
        return list(cursor.fetchall())
