"""The rows of a list become releases: one COPY, one upsert, constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from catalog.models import ReleaseList
from catalog.releases import words
from catalog.releases.columns import COLUMNS
from catalog.releases.rows import NAMES, read_row
from catalog.spreadsheets import reading, staging
from catalog.spreadsheets.columns import Target
from catalog.spreadsheets.mapping import Mapping
from catalog.spreadsheets.reading import Row
from catalog.spreadsheets.staging import execute, fetch
from ytmanager.storage import get_report_store, open_stream

FINDINGS_KEPT = 10_000  # some megabytes; nobody mends more of them by hand


@dataclass(slots=True)
class Account:
    """What became of the rows of a list."""

    rejected_count: int = 0
    finding_count: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)

    def note(self, line: int, finding: tuple[str, str, str]) -> None:
        """Count a finding; only the first ones are kept."""
        self.finding_count += 1
        if len(self.findings) < FINDINGS_KEPT:
            column, value, reason = finding
            kept = {"line": line, "column": column, "value": value[:200]}
            self.findings.append({**kept, "reason": reason})


def load_rows(release_list: ReleaseList) -> dict[str, int]:
    """Load one list; returns its account. Loading it twice changes nothing.

    A release that an earlier list had is replaced when its key is the same.
    Raises UnreadableSheetError and S3ProcessingError.
    """
    table = f"staging.release_rows_{release_list.pk}"
    account = Account()
    _create(table)
    row_count = _copy(release_list, table, account)
    repeated_count = _drop_repeated(table)
    added_count, changed_count = _upsert(release_list, table)
    loaded_count = fetch(f"SELECT count(*) FROM {table}")[0][0]
    execute(f"DROP TABLE {table}")
    release_list.findings = account.findings
    return {
        "row_count": row_count + account.rejected_count,
        "rejected_count": account.rejected_count,
        "repeated_count": repeated_count,
        "added_count": added_count,
        "changed_count": changed_count,
        "unchanged_count": loaded_count - added_count - changed_count,
        "finding_count": account.finding_count,
    }


def _create(table: str) -> None:
    types = ["text", *(column.sql_type for column in COLUMNS.values())]
    cells = ", ".join(f"c{place} {kind}" for place, kind in enumerate(types))
    execute(f"DROP TABLE IF EXISTS {table}")
    execute(f"CREATE UNLOGGED TABLE {table} (line bigint, {cells})")


def _copy(release_list: ReleaseList, table: str, account: Account) -> int:
    look = reading.Sheet(
        release_list.encoding,
        release_list.delimiter,
        release_list.header,
        release_list.header_line,
    )
    with open_stream(get_report_store(), release_list.key) as stream:
        rows = _values(reading.read_rows(stream, look), release_list, account)
        return staging.copy_rows(
            staging.Tables(table, "", "", ""),
            # COPY writes each value in the form of its column.
            cast(Iterator[Row], rows),
            Mapping(Target.VIDEOS, ("key", *NAMES), "key"),
            lambda row_count: None,
        )


def _values(
    rows: Iterator[Row], release_list: ReleaseList, account: Account
) -> Iterator[tuple[int, list[Any]]]:
    columns, separator = release_list.columns, release_list.list_separator
    for line, cells in rows:
        row = read_row(cells, columns, separator)
        for finding in row.findings:
            account.note(line, finding)
        if row.is_usable:
            values = [row.values[name] for name in NAMES]
            yield line, [row.key, *(list(v) if v == () else v for v in values)]
        else:
            account.rejected_count += 1


def _drop_repeated(table: str) -> int:
    """Of rows with one key the last one counts."""
    return execute(
        f"DELETE FROM {table} r USING (SELECT c0, max(line) AS line FROM {table} "
        "GROUP BY c0 HAVING count(*) > 1) last WHERE r.c0 = last.c0 "
        "AND r.line < last.line"
    )


_COLUMNS = ("key", *NAMES)
_DERIVED = {
    "title_words": words.words("r.title"),
    "artist_words": words.names("r.artist"),
    "search_text": (
        "lower(concat_ws(' ', r.title, array_to_string(r.artist, ' '), r.album, "
        "r.label, r.isrc, r.upc))"
    ),
}


def _upsert(release_list: ReleaseList, table: str) -> tuple[int, int]:
    """Write new and changed releases; returns how many of each."""
    named = ", ".join(f"c{place} AS {name}" for place, name in enumerate(_COLUMNS))
    columns = ", ".join((*_COLUMNS, *_DERIVED))
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*NAMES, *_DERIVED))
    old = ", ".join(f"t.{name}" for name in NAMES)
    new = ", ".join(f"excluded.{name}" for name in NAMES)
    written = fetch(
        f"WITH written AS (INSERT INTO catalog_release AS t (content_owner_id, "
        f"release_list_id, loaded_at, {columns}) SELECT %s, %s, now(), "
        f"{', '.join(f'r.{name}' for name in _COLUMNS)}, "
        f"{', '.join(_DERIVED.values())} "
        f"FROM (SELECT {named} FROM {table}) r ON CONFLICT (content_owner_id, key) "
        f"DO UPDATE SET {sets}, release_list_id = excluded.release_list_id, "
        f"loaded_at = now() WHERE ({old}) IS DISTINCT FROM ({new}) "
        "RETURNING xmax = 0 AS is_new) SELECT count(*) FILTER (WHERE is_new), "
        "count(*) FILTER (WHERE NOT is_new) FROM written",
        [release_list.content_owner_id, release_list.pk],
    )
    execute("ANALYZE catalog_release")
    return int(written[0][0]), int(written[0][1])
