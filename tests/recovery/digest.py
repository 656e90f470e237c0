"""The end state of a catalogue in a few lines: no keys, no times of work."""

TIMES = "created_at,updated_at"
OWNED = "JOIN catalog_contentowner o ON o.id = "
# Name -> (what counts of a row, where the rows are); `o` is the content owner.
ROWS = {
    "channels": (
        f"to_jsonb(c) - '{{id,content_owner_id,{TIMES}}}'::text[]",
        f"catalog_channel c {OWNED} c.content_owner_id",
    ),
    "videos": (
        f"to_jsonb(v) - '{{id,channel_id,primary_asset_id,{TIMES}}}'::text[] "
        "|| jsonb_build_object('channel', c.channel_id, 'asset', a.asset_id)",
        "catalog_video v JOIN catalog_channel c ON c.id = v.channel_id "
        "LEFT JOIN catalog_asset a ON a.id = v.primary_asset_id "
        f"{OWNED} c.content_owner_id",
    ),
    "assets": (
        f"to_jsonb(a) - '{{id,content_owner_id,{TIMES}}}'::text[]",
        f"catalog_asset a {OWNED} a.content_owner_id",
    ),
    "claims": (
        f"to_jsonb(l) - '{{id,content_owner_id,asset_id,{TIMES}}}'::text[] "
        "|| jsonb_build_object('asset', a.asset_id)",
        "catalog_claim l JOIN catalog_asset a ON a.id = l.asset_id "
        f"{OWNED} l.content_owner_id",
    ),
    "observations": (
        "jsonb_build_array(b.source, b.as_of, b.counts)",
        f"catalog_observation b {OWNED} b.content_owner_id",
    ),
    "rejects": (
        "to_jsonb(e) - '{id,report_id}'::text[]",
        "reports_reportrowerror e JOIN reports_report r ON r.id = e.report_id "
        f"{OWNED} r.content_owner_id",
    ),
}
VIDEO_OF_ROW = (
    "JOIN catalog_video v ON v.id = t.video_id "
    f"JOIN catalog_channel c ON c.id = v.channel_id {OWNED} c.content_owner_id"
)
# Name -> what counts of a row `t` that belongs to a video.
ROWS_OF_VIDEOS = {
    "snapshot": "to_jsonb(t) - '{id,video_id}'::text[]",
    "statistics": "to_jsonb(t) - '{id,video_id}'::text[]",
    "verdict": "jsonb_build_array(t.verdict, t.method, t.evidence, t.rule_version)",
    "changes": "jsonb_build_array(t.field, t.old, t.new, t.outcome, t.row_version)",
    "conflicts": "jsonb_build_array(t.field, t.base, t.ours, t.theirs, t.state)",
}
TABLES = {
    "snapshot": "catalog_videosnapshot",
    "statistics": "catalog_videostatistics",
    "verdict": "catalog_shortsverdict",
    "changes": "catalog_change",
    "conflicts": "catalog_conflict",
}
ACCOUNT = (
    "state, rows_read, rows_imported, rows_collapsed, rows_rejected, values_rejected, "
    "videos_new, videos_changed, videos_counters_only, videos_unchanged, videos_older, "
    "assets_new, assets_changed, claims_new, claims_changed, conflicts, pinned_kept, "
    "bytes_read, content_hash, warnings, error_message"
)


def digest_of(rows, owner):
    """Number and hash of the rows of a content owner, by name of the table.

    `rows` runs SQL with values and returns rows: the same for two databases.
    """
    return {name: rows(sql, owner) for name, sql in statements()}


def account_of(rows, report):
    """What one import says of itself."""
    return rows(f"SELECT {ACCOUNT} FROM reports_report WHERE id = %s", report)


def statements():
    for name, (row, place) in ROWS.items():
        yield name, statement(row, place)
    for name, row in ROWS_OF_VIDEOS.items():
        place = f"{TABLES[name]} t {VIDEO_OF_ROW}"
        yield name, statement(f"jsonb_build_array(v.video_id, {row})", place)


def statement(row, place):
    return (
        "SELECT count(*), md5(string_agg(line, E'\\n' ORDER BY line)) FROM "
        f'(SELECT ({row})::text COLLATE "C" AS line FROM {place} WHERE o.name = %s) _'
    )
