"""Find the video or channel of each row; list the rows that have none, or several."""

from catalog.clean_text import sql_quote
from catalog.models import Channel, Spreadsheet, SpreadsheetFinding, Video
from catalog.querysets import AnyUser
from catalog.spreadsheets.columns import KEYS, Key, Target, sql_key
from catalog.spreadsheets.mapping import Mapping
from catalog.spreadsheets.staging import Tables, execute, fetch

Kind = SpreadsheetFinding.Kind
SHOWN = 3  # of several videos that match


def match_rows(sheet: Spreadsheet, mapping: Mapping, tables: Tables) -> int:
    """Fill the table of matches; returns how many rows have exactly one.

    A version that is no number makes its row unusable: nobody could tell how old
    its values are.
    """
    key = KEYS[mapping.target][mapping.key]
    raw = f"r.c{mapping.key_place}"
    place = mapping.version_place
    version = "NULL::text" if place is None else f"r.c{place}"
    catalogue, params = _catalogue(mapping, key, sheet.actor)
    execute(
        f"CREATE UNLOGGED TABLE {tables.matches} AS SELECT r.line, {raw} AS raw, "
        f"k.key, v.id AS pk, v.shown, count(v.id) OVER (PARTITION BY r.line) AS found, "
        f"coalesce({version}, '') AS version_raw, CASE "
        f"WHEN {version} ~ '^[0-9]{{1,15}}$' "
        f"THEN {version}::bigint END AS version FROM {tables.rows} r "
        f"CROSS JOIN LATERAL (SELECT nullif({sql_key(key, raw)}, '') AS key) k "
        f"LEFT JOIN ({catalogue}) v ON v.key = k.key",
        params,
    )
    execute(f"ANALYZE {tables.matches}")
    _list_odd_rows(sheet, mapping, key, tables)
    usable = f"found = 1 AND NOT ({_BAD_VERSION})"
    execute(f"DELETE FROM {tables.matches} WHERE NOT ({usable})")
    return int(fetch(f"SELECT count(*) FROM {tables.matches}")[0][0])


_BAD_VERSION = "version IS NULL AND version_raw <> ''"


def _catalogue(mapping: Mapping, key: Key, actor: AnyUser) -> tuple[str, list[object]]:
    """The rows that may be meant: those that the person may see."""
    if mapping.target is Target.CHANNELS:
        channels = Channel.objects.visible_to(actor).order_by().values("pk")
        sql, params = channels.query.sql_with_params()
        source, shown = "catalog_channel v", "v.channel_id"
    else:
        sql, params = Video.objects.visible_to(actor).keys_sql()
        source, shown = "catalog_video v", "v.video_id"
    if key.name == "asset_id":
        source += " JOIN catalog_asset a ON a.id = v.primary_asset_id"
    return (
        f"SELECT v.id, {key.match} AS key, {shown} AS shown FROM {source} "
        f"WHERE {key.match} <> '' AND v.id IN ({sql})"
    ), list(params)


def _list_odd_rows(
    sheet: Spreadsheet, mapping: Mapping, key: Key, tables: Tables
) -> None:
    header = sheet.header[mapping.key_place]
    noun = "channel" if mapping.target is Target.CHANNELS else "video"
    missing = f"This row has no {key.label}, so nobody can tell which {noun} it is."
    shape = f"This is no {key.label}. Expected {key.value_type.expected}."
    nothing = f"No {noun} in the catalogue has this {key.label}."
    _list(
        sheet,
        header,
        Kind.NO_KEY,
        f"CASE WHEN raw = '' THEN {sql_quote(missing)} ELSE {sql_quote(shape)} END",
        f"{tables.matches} WHERE key IS NULL",
    )
    _list(
        sheet,
        header,
        Kind.NOT_FOUND,
        sql_quote(nothing),
        f"{tables.matches} WHERE key IS NOT NULL AND found = 0",
    )
    some = f"(array_agg(shown ORDER BY pk))[:{SHOWN}]"
    several = (
        f"found || {sql_quote(f' {noun}s have this {key.label}: ')} "
        f"|| array_to_string({some}, ', ') "
        f"|| CASE WHEN found > {SHOWN} THEN ' and more.' ELSE '.' END"
    )
    _list(
        sheet,
        header,
        Kind.SEVERAL,
        several,
        f"{tables.matches} WHERE found > 1 GROUP BY line, raw, found",
    )
    place = mapping.version_place
    if place is not None:
        version = (
            "This is no row version, so nobody can tell how old the values of this "
            "row are. Expected the number from the export, or nothing."
        )
        _list(
            sheet,
            sheet.header[place],
            Kind.INVALID,
            sql_quote(version),
            f"{tables.matches} WHERE found = 1 AND {_BAD_VERSION}",
            value="version_raw",
        )


def _list(
    sheet: Spreadsheet,
    header: str,
    kind: SpreadsheetFinding.Kind,
    reason: str,
    rows: str,
    value: str = "raw",
) -> None:
    """Write a finding for each of the rows, which are SQL after FROM."""
    statement = (
        f"SELECT line, {value}, {reason} FROM {rows}".replace("%", "%%") if rows else ""
    )
    execute(
        "INSERT INTO catalog_spreadsheetfinding "
        '(spreadsheet_id, kind, "column", line, value, reason) '
        f"SELECT %s, %s, %s, odd.line, left(odd.value, 200), odd.reason "
        f"FROM ({statement}) odd (line, value, reason)",
        [sheet.pk, kind, header[:200]],
    )
