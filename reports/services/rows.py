"""One look at every row of a raw table: its key, its counters, its fingerprint.

A report of today repeats nearly every cell of yesterday's; what moves is counters.
Each video keeps a fingerprint of the cells that were merged for it, as long as nothing
else moved what they speak of. Rows with the same fingerprint (`known`) say nothing but
their counters, and only the others (`changed`) are judged cell by cell.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import connection

from catalog.observations.run import Repeated
from catalog.observations.staging import COUNTERS, VIDEO_FACTS
from catalog.observations.videos import counters_differ
from reports.kinds import Column
from reports.services import cells
from reports.services.staging import RawTable

# Raise it when a merge makes something else of the same cells.
RULES = 3
# With fewer rows known it costs more to set them apart than to judge them.
LEAST_KNOWN_SHARE = 0.5
# What a channel is made of all its videos: few spellings, whose cells are looked at
# once and not for each row.
OF_CHANNEL = ("channel_id", "channel_title", "effective_policy")
# How YouTube writes moments, as LIKE knows it.
USUAL_MOMENT = "20__-__-__ __:__:__ UTC"
LAST_MOMENTS = 1000


def has_fingerprints(raw: RawTable) -> bool:
    """Only reports whose rows are videos with counters repeat themselves like that."""
    return raw.kind.key == "video_id" and bool(_counters(raw))


@contextmanager
def joined_by_hash() -> Iterator[None]:
    """Join the rows of the block by hash; needs a transaction around it.

    The planner cannot tell that nearly every row speaks for its key. It takes all
    of them for a few, and one look through a table for each would never end.
    """
    cells.execute("SET LOCAL enable_nestloop = off")
    yield
    cells.execute("SET LOCAL enable_nestloop TO DEFAULT")


def look_at_rows(raw: RawTable) -> None:
    """Make `rows` with a key where a row counts, and `repeats` of the same key."""
    rows, repeats = raw.beside("rows"), raw.beside("repeats")
    _make(rows, _select_rows(raw))
    together = (
        "CASE WHEN bool_and(fingerprint IS NOT NULL) THEN "
        "hash_array_extended(array_agg(fingerprint ORDER BY line), 0) END"
    )
    _make(
        repeats,
        f"SELECT key, min(line) AS line, count(*) AS found, {together} AS fingerprint "
        f"FROM {rows} WHERE key IN (SELECT key FROM {rows} WHERE key IS NOT NULL "
        "GROUP BY key HAVING count(*) > 1) GROUP BY key",
    )
    cells.execute(f"ANALYZE {rows} (line, key), {repeats} (key)")


def _select_rows(raw: RawTable) -> str:
    """Each expression is worked out once, in a query that OFFSET keeps apart."""
    key, *others = [f"({cells.expression(raw, name)})" for name in _required(raw)]
    has_hash = has_fingerprints(raw)
    carried = _carried(raw) if has_hash else {}
    counters = _counters(raw) if has_hash else {}
    inner = {
        "line": "r.line",
        "key": key,
        "is_whole": " AND ".join(f"{other} IS NOT NULL" for other in others) or "true",
        "hash": _hash(raw) if has_hash else "NULL::bigint",
        **{f"is_blank_{target}": f"{cell} = ''" for target, cell in counters.items()},
        **carried,
    }
    fine = " AND ".join(f"(is_blank_{n} OR {n} IS NOT NULL)" for n in counters)
    outer = {
        "line": "line",
        "key": "CASE WHEN is_whole THEN key END",
        # A counter that says nothing is listed in each account.
        "fingerprint": f"CASE WHEN {fine or 'true'} THEN hash END",
        **{name: name for name in carried},
    }
    select = f"SELECT {_named(inner)} FROM {raw.name} r OFFSET 0"
    return f"SELECT {_named(outer)} FROM ({select}) x"


def _named(values: dict[str, str]) -> str:
    return ", ".join(f"{value} AS {name}" for name, value in values.items())


def newest(raw: RawTable) -> str:
    """SQL of the newest moment in the column that tells the file's age.

    Nearly all are written alike and sort as texts, so the last of them need a closer
    look; all do only if none of those is a moment.
    """
    if not raw.has(raw.kind.newest):
        return "SELECT NULL::timestamptz"
    cell, moment = raw.cell(raw.kind.newest), cells.expression(raw, raw.kind.newest)
    is_usual = f"({cell} LIKE '{USUAL_MOMENT}')"
    name = cell.removeprefix("r.")
    last = (
        f"SELECT max({moment}) FROM (SELECT {cell} FROM {raw.name} r WHERE {is_usual} "
        f'ORDER BY {cell} COLLATE "C" DESC LIMIT {LAST_MOMENTS}) r ({name})'
    )
    others = f"SELECT max({moment}) FROM {raw.name} r WHERE {cell} <> '' AND NOT "
    return (
        f"SELECT greatest(({others}{is_usual}), coalesce(({last}), "
        f"(SELECT max({moment}) FROM {raw.name} r)))"
    )


def set_known_apart(raw: RawTable) -> None:
    """Make `known`, the rows that repeat themselves, and `changed`, all others."""
    judge_all(raw)
    if not has_fingerprints(raw) or not _find_known(raw):
        return
    changed, known, rows = (raw.beside(name) for name in ("changed", "known", "rows"))
    cells.execute(
        f"CREATE UNLOGGED TABLE {changed} AS WITH lines AS MATERIALIZED ("
        f"SELECT w.line FROM {rows} w WHERE w.key IS NOT NULL "
        f"AND NOT EXISTS (SELECT FROM {known} k WHERE k.key = w.key)) "
        f"SELECT r.* FROM {raw.name} r WHERE r.line IN (SELECT line FROM lines)"
    )
    cells.execute(f"ANALYZE {changed} (line), {known} (line, key)")
    _take_sharers(raw)


def judge_all(raw: RawTable) -> None:
    """Take no row for known."""
    names = (raw.beside(name) for name in ("changed", "known"))
    cells.execute(f"DROP TABLE IF EXISTS {', '.join(names)}")


def changed_rows(raw: RawTable) -> RawTable:
    """The rows that must be judged: all of them where none is known."""
    if not exists(raw.beside("changed")):
        return raw
    return replace(raw, name=raw.beside("changed"), origin=raw.name)


def exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        return cursor.fetchone()[0] is not None


def repeated(raw: RawTable) -> Repeated | None:
    """The rows that say nothing but their counters, where there are such."""
    if not raw.origin:
        return None
    return Repeated(raw.beside("known"), _said_by_known(raw), _channels_of_known(raw))


def _channels_of_known(raw: RawTable) -> str:
    """SELECT of what channels are made of, from the spellings of known rows."""
    told = _told(raw, OF_CHANNEL)
    values = dict.fromkeys(OF_CHANNEL, "NULL::text") | {
        name: cells.typed(raw, column, VIDEO_FACTS) for name, column in told.items()
    }
    spelled = ", ".join(
        f"spelled_{name} AS {raw.cell(column.name).removeprefix('r.')}"
        for name, column in told.items()
    )
    return (
        f"SELECT {_named(values)} "
        f"FROM (SELECT DISTINCT {spelled} FROM {raw.beside('known')}) r"
    )


def _said_by_known(raw: RawTable) -> frozenset[str]:
    """The fact columns of which known rows say something."""
    told = {
        column.target: column
        for facts in ("video", "subject")
        for column in cells.columns(raw, facts)
    }
    tests = {name: cells.says_something(raw, column) for name, column in told.items()}
    known = f"FROM {raw.beside('known')} k JOIN {raw.origin} r ON r.line = k.line"
    found = _said(tests, f"{known} LIMIT 1000")
    if missing := {n: test for n, test in tests.items() if n not in found}:
        found |= _said(missing, known)
    return frozenset(found)


def _said(tests: dict[str, str], rows: str) -> set[str]:
    listed = ", ".join(f"{test} AS {name}" for name, test in tests.items())
    names = ", ".join(f"CASE WHEN bool_or({n}) THEN '{n}' END" for n in tests)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ARRAY[{names}] FROM (SELECT {listed} {rows}) x")
        return {name for name in cursor.fetchone()[0] if name}


def find_unfit(raw: RawTable) -> None:
    """Make `unfit`: keys whose cells say nothing, which each account lists again."""
    bad = " OR ".join(test for _, test in cells.value_checks(raw)) or "false"
    _make(
        raw.beside("unfit"),
        f"SELECT DISTINCT w.key FROM {raw.beside('suspects')} r "
        f"JOIN {raw.beside('rows')} w ON w.line = r.line WHERE {bad}",
    )
    cells.execute(f"ANALYZE {raw.beside('unfit')}")


def _required(raw: RawTable) -> list[str]:
    """Required columns, the key first."""
    others = [name for name in raw.kind.required if name != raw.kind.key]
    return [raw.kind.key, *others]


def _counters(raw: RawTable) -> dict[str, str]:
    """The cell of each counter that the file has, by fact column."""
    told = _told(raw, COUNTERS)
    return {name: raw.cell(column.name) for name, column in told.items()}


def _told(raw: RawTable, names: tuple[str, ...]) -> dict[str, Column]:
    """The columns of the file that tell these facts of a video, by fact column."""
    columns = cells.columns(raw, "video")
    return {c.target: c for c in columns if c.target in names}


def _hash(raw: RawTable) -> str:
    """A hash of all cells that the kind knows but the counters, and of its rules."""
    told = [c for c in raw.kind.columns if raw.has(c.name) and c.target not in COUNTERS]
    places = sorted({raw.places[c.name] for c in told})
    rules = [f"{c.target} {c.facts} {cells.expression(raw, c.name)}" for c in told]
    digest = hashlib.sha256("\n".join([str(RULES), *rules]).encode()).digest()
    salt = int.from_bytes(digest[:8], "big", signed=True)
    listed = ", ".join(f"r.c{place}" for place in places)
    return f"hash_record_extended(ROW({listed}), {salt})"


def _carried(raw: RawTable) -> dict[str, str]:
    """What known rows bring along: counters, and cells about their channel."""
    counters, spelled = _told(raw, COUNTERS), _told(raw, OF_CHANNEL)
    return {
        name: cells.typed(raw, column, VIDEO_FACTS) for name, column in counters.items()
    } | {f"spelled_{name}": raw.cell(column.name) for name, column in spelled.items()}


def _find_known(raw: RawTable) -> bool:
    """Make `known`; tells whether it is worth while."""
    known, rows = raw.beside("known"), raw.beside("rows")
    found = _make(
        known,
        "SELECT f.*, st.video_id AS pk, st.fingerprint AS merged, st.counters_as_of "
        f"AS counted_as_of, {counters_differ(_counters(raw))} AS differs "
        f"FROM (SELECT r.*, CASE WHEN d.key IS NULL THEN r.fingerprint "
        f"ELSE d.fingerprint END AS told FROM {rows} r "
        f"LEFT JOIN {raw.beside('repeats')} d ON d.key = r.key "
        "WHERE r.key IS NOT NULL AND (d.line IS NULL OR d.line = r.line)) f "
        "JOIN catalog_videostatistics st ON st.fingerprint = f.told",
    )
    if not found:
        cells.execute(f"DROP TABLE {known}")
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {rows}")
        all_rows = cursor.fetchone()[0]
    if found < all_rows * LEAST_KNOWN_SHARE:
        cells.execute(f"DROP TABLE {known}")
        return False
    return True


def _take_sharers(raw: RawTable) -> None:
    """Judge known videos again whose assets a changed row names as well."""
    if not raw.has(raw.kind.asset_ids):
        return
    changed, known = raw.beside("changed"), raw.beside("known")
    cells.execute(
        f"WITH sharers AS (DELETE FROM {known} k USING (SELECT DISTINCT c.video_id "
        f"FROM {changed} r CROSS JOIN LATERAL unnest({cells.asset_list(raw)}) "
        "AS named(asset_id) JOIN catalog_asset a ON a.asset_id = named.asset_id "
        "JOIN catalog_claim c ON c.asset_id = a.id) s WHERE k.key = s.video_id "
        f"RETURNING k.key) INSERT INTO {changed} SELECT r.* FROM {raw.name} r "
        f"JOIN {raw.beside('rows')} w ON w.line = r.line "
        "WHERE w.key IN (SELECT key FROM sharers)"
    )


def _make(table: str, select: str) -> int:
    cells.execute(f"DROP TABLE IF EXISTS {table}")
    return cells.execute(f"CREATE UNLOGGED TABLE {table} AS {select}")
