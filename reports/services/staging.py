"""The raw table of one import: the file's cells as text, with line numbers."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from reports.kinds import ReportKind, normal_header
from reports.models import Report
from reports.reading import BadRecord, Block, Table
from ytmanager.exceptions import YouTubeCMSError

# A COPY of this many seconds, then progress is committed: at most 4 a second.
SLICE_SECONDS = 0.25

OnSlice = Callable[[int, list[BadRecord]], None]


@dataclass(frozen=True, slots=True)
class RawTable:
    """Where the cells of one file are: columns `c0`, `c1`, ... and `line`."""

    name: str
    kind: ReportKind
    places: dict[str, int]
    column_count: int
    # Of a part of the rows: the table of all of them.
    origin: str = ""

    def cell(self, column: str) -> str:
        """SQL of one cell of the row `r`."""
        return f"r.c{self.places[column]}"

    def has(self, column: str) -> bool:
        return column in self.places

    def beside(self, name: str) -> str:
        """A table that is kept with this one, the same for all its parts."""
        return f"{self.origin or self.name}_{name}"

    @property
    def columns(self) -> list[str]:
        return [f"c{place}" for place in range(self.column_count)]


def create_raw_table(report: Report, kind: ReportKind, header: list[str]) -> RawTable:
    """Create the empty table; what a killed import left is replaced."""
    places = kind.positions([normal_header(cell) for cell in header])
    raw = RawTable(raw_name(report), kind, places, len(header))
    columns = ", ".join(f"{name} text" for name in raw.columns)
    drop_raw_table(report)
    _execute(
        f"CREATE UNLOGGED TABLE {raw.name} (line bigint, {columns}) "
        "WITH (autovacuum_enabled = false)"
    )
    return raw


def drop_raw_table(report: Report) -> None:
    _execute(f"DROP TABLE IF EXISTS {raw_name(report)}")


def raw_name(report: Report) -> str:
    return f"staging.raw_{report.pk}"


def copy_rows(raw: RawTable, table: Table, on_slice: OnSlice) -> None:
    """COPY every good row; `on_slice` hears of rows and bad records meanwhile.

    Each slice is a COPY of its own, so that what `on_slice` writes is committed
    while the file is still being read.
    """
    names = ", ".join(raw.columns)
    sql = (
        f"COPY {raw.name} (line, {names}) FROM STDIN WITH (FORMAT csv, "
        f"DELIMITER '{table.delimiter}', FORCE_NOT_NULL ({names}))"
    )
    failures: list[YouTubeCMSError] = []
    blocks = _until_failure(table.blocks(), failures)
    is_over = False
    while not is_over:
        rows, bad, ends_at = 0, list[BadRecord](), time.monotonic() + SLICE_SECONDS
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            for block in blocks:
                copy.write(block.payload)
                rows += block.rows
                bad += block.bad
                if time.monotonic() > ends_at:
                    break
            else:
                is_over = True
        on_slice(rows, bad)
    if failures:
        raise failures[0]


def _until_failure(
    blocks: Iterator[Block], failures: list[YouTubeCMSError]
) -> Iterator[Block]:
    """End at an error of the file: one inside a COPY would break a transaction."""
    try:
        yield from blocks
    except YouTubeCMSError as exc:
        failures.append(exc)


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
