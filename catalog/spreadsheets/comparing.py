"""Compare the cells of matched rows with the catalogue; keep what is an edit.

SQL drops every cell that is what an export would write now; only the others are
looked at one by one.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from catalog import field_sql
from catalog.clean_text import sql_quote
from catalog.fields import Field
from catalog.models import Spreadsheet, SpreadsheetFinding
from catalog.spreadsheets.columns import COLUMNS, Target, fields_of
from catalog.spreadsheets.judging import Judgement, Verdict, judge
from catalog.spreadsheets.mapping import Mapping
from catalog.spreadsheets.staging import Tables, execute, fetch
from catalog.templatetags.catalog_values import described

BATCH = 2000
Kind = SpreadsheetFinding.Kind


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that differs from the text of an export, and the values around it."""

    line: int
    pk: int
    field: str
    raw: str
    current: Any
    seen: Any
    is_moved: bool


@dataclass(slots=True)
class Taken:
    """What one batch of cells gave."""

    edits: list[tuple[Any, ...]] = field(default_factory=list)
    findings: list[SpreadsheetFinding] = field(default_factory=list)
    outdated_count: int = 0


def find_different_cells(mapping: Mapping, tables: Tables) -> int:
    """Fill the table of cells; blank ones say "leave it alone"."""
    known, columns = fields_of(mapping.target), COLUMNS[mapping.target]
    places = mapping.field_places
    rows = ", ".join(
        f"('{name}', r.c{place}, {columns[name].sql})" for name, place in places.items()
    )
    current = " ".join(
        f"WHEN '{name}' THEN to_jsonb({field_sql.value(known[name], 'v')})"
        for name in places
    )
    assert places.keys() <= known.keys(), "names go into SQL"
    row = "video" if mapping.target is Target.VIDEOS else "channel"
    return execute(
        f"INSERT INTO {tables.cells} (line, pk, field, raw, current, seen, is_moved) "
        f"SELECT m.line, v.id, x.field, x.raw, CASE x.field {current} END, "
        "seen.old, seen.id IS NOT NULL "
        f"FROM {tables.matches} m JOIN {tables.rows} r ON r.line = m.line "
        f"JOIN catalog_{row} v ON v.id = m.pk CROSS JOIN LATERAL "
        f"(VALUES {rows}) x (field, raw, shown) {_SEEN.format(row=row)} "
        "WHERE x.raw <> '' AND x.raw IS DISTINCT FROM x.shown ORDER BY m.line"
    )


# The first change after the export tells what the person saw then.
_SEEN = (
    "LEFT JOIN LATERAL (SELECT c.id, CASE WHEN c.field = x.field THEN c.old END AS old "
    "FROM catalog_change c WHERE v.row_version > m.version AND c.{row}_id = v.id "
    "AND c.outcome = 'applied' AND c.row_version > m.version AND (c.field = x.field "
    "OR c.field = 'first_observed' AND c.new ? x.field) ORDER BY c.id LIMIT 1) "
    "seen ON true"
)


def judge_cells(sheet: Spreadsheet, mapping: Mapping, tables: Tables) -> int:
    """Fill the table of edits and list what is none; returns outdated cells.

    Outdated: the catalogue moved on and nobody edited the cell.
    """
    known = fields_of(mapping.target)
    outdated_count = 0
    for cells in _batches(tables):
        taken = Taken()
        for cell in cells:
            _take(cell, known[cell.field], sheet, mapping, taken)
        _copy_edits(tables, taken.edits)
        SpreadsheetFinding.objects.bulk_create(taken.findings)
        outdated_count += taken.outdated_count
    return outdated_count


def _batches(tables: Tables) -> Iterator[Sequence[Cell]]:
    last = 0
    sql = (
        "SELECT place, line, pk, field, raw, current, seen, is_moved "
        f"FROM {tables.cells} WHERE place > %s ORDER BY place LIMIT {BATCH}"
    )
    while rows := fetch(sql, [last]):
        last = rows[-1][0]
        yield [
            Cell(line, pk, name, raw, _decoded(current), _decoded(seen), is_moved)
            for _, line, pk, name, raw, current, seen, is_moved in rows
        ]


def _decoded(value: str | None) -> Any:
    """Raw cursors of Django leave jsonb as text."""
    return None if value is None else json.loads(value)


def _take(
    cell: Cell, known: Field, sheet: Spreadsheet, mapping: Mapping, taken: Taken
) -> None:
    current = known.empty if cell.current is None else cell.current
    judged = judge(known, cell.raw, current, mapping)
    if judged.verdict is Verdict.SAME:
        return
    if cell.is_moved:
        _take_moved(cell, known, sheet, mapping, judged, taken)
    elif judged.verdict is Verdict.REFUSED:
        taken.findings.append(_finding(sheet, mapping, cell, Kind.INVALID, judged))
    elif judged.verdict is Verdict.REPAIR and not sheet.takes_repairs:
        offered = Judgement(
            Verdict.REPAIR, reason=f"{judged.reason} Repaired: {judged.new}"
        )
        taken.findings.append(_finding(sheet, mapping, cell, Kind.REPAIR, offered))
    else:
        taken.edits.append(_edit(cell, judged, cell.current))


def _take_moved(
    cell: Cell,
    known: Field,
    sheet: Spreadsheet,
    mapping: Mapping,
    judged: Judgement,
    taken: Taken,
) -> None:
    """Somebody changed the value after the export: it is never overwritten."""
    seen = known.empty if cell.seen is None else cell.seen
    if judge(known, cell.raw, seen, mapping).verdict is Verdict.SAME:
        taken.outdated_count += 1
        return
    moved = Judgement(
        Verdict.REFUSED,
        reason=f"It was {_quoted(seen, cell)}, now it is "
        f"{_quoted(cell.current, cell)}. The cell was left alone.",
    )
    taken.findings.append(_finding(sheet, mapping, cell, Kind.MOVED, moved))
    if judged.verdict is Verdict.EDIT:
        taken.edits.append(_edit(cell, judged, cell.seen))


def _quoted(value: Any, cell: Cell) -> str:
    return f"\u201c{described(value, cell.field)[:100]}\u201d"


def _edit(cell: Cell, judged: Judgement, expected: Any) -> tuple[Any, ...]:
    warning = [{"level": "warning", "text": judged.reason}] if judged.reason else None
    return (
        cell.line,
        cell.pk,
        cell.field,
        cell.raw[:200],
        Jsonb(judged.new),
        Jsonb(expected),
        warning and Jsonb(warning),
    )


def _finding(
    sheet: Spreadsheet,
    mapping: Mapping,
    cell: Cell,
    kind: SpreadsheetFinding.Kind,
    judged: Judgement,
) -> SpreadsheetFinding:
    return SpreadsheetFinding(
        spreadsheet=sheet,
        kind=kind,
        line=cell.line,
        column=sheet.header[mapping.field_places[cell.field]][:200],
        value=cell.raw[:200],
        reason=judged.reason,
    )


def _copy_edits(tables: Tables, edits: Sequence[tuple[Any, ...]]) -> None:
    columns = "line, pk, field, raw, new, expected, findings"
    sql = f"COPY {tables.edits} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for edit in edits:
            copy.write_row(edit)


def list_contradictions(sheet: Spreadsheet, mapping: Mapping, tables: Tables) -> None:
    """Rows that want different values of one field are all left out.

    Rows that say the same twice are one edit.
    """
    execute(f"ANALYZE {tables.edits}")
    headers = " ".join(
        f"WHEN '{name}' THEN {sql_quote(sheet.header[place][:200])}"
        for name, place in mapping.field_places.items()
    ).replace("%", "%%")
    reason = sql_quote("Other rows of this sheet want another value. Lines: ")
    execute(
        "INSERT INTO catalog_spreadsheetfinding "
        '(spreadsheet_id, kind, "column", line, value, reason) '
        f"SELECT %s, %s, CASE e.field {headers} END, e.line, e.raw, "
        f"{reason} || array_to_string(x.lines[:10], ', ') "
        f"FROM {tables.edits} e JOIN (SELECT pk, field, array_agg(line ORDER BY line) "
        f"AS lines FROM {tables.edits} GROUP BY pk, field "
        "HAVING count(DISTINCT new) > 1) x ON x.pk = e.pk AND x.field = e.field",
        [sheet.pk, Kind.REPEATED],
    )
    execute(
        f"DELETE FROM {tables.edits} WHERE (pk, field) IN (SELECT pk, field "
        f"FROM {tables.edits} GROUP BY pk, field HAVING count(DISTINCT new) > 1)"
    )
    execute(
        f"DELETE FROM {tables.edits} e USING {tables.edits} f WHERE f.pk = e.pk "
        "AND f.field = e.field AND f.line < e.line"
    )
