"""Merge of assets: observed only, written before any video."""

from catalog import fields
from catalog.choices import Source
from catalog.observations.run import MergeRun
from catalog.observations.staging import ASSET_FACTS

# Never observed is NULL in these columns and '' in all the others.
_NULLABLE = {
    "title",
    *fields.ASSET_PART,
    "is_merged",
    "active_claim_count",
    "approx_daily_views",
    *(name for name, sql_type in ASSET_FACTS.items() if sql_type == "text[]"),
}
_BESIDE = {"asset_id", "sent", "provided_isrc", "displayed_isrc"}
_METADATA = tuple(name for name in ASSET_FACTS if name not in _BESIDE)
_FROM_CONTENT_ID = {Source.REFRESH, Source.PUSH_READ, Source.PUSH_REPLY}


def merge_assets(run: MergeRun) -> None:
    """Insert new assets, update known ones; leaves `changed_assets`."""
    run.make_table("changed_assets", "SELECT 0::bigint AS pk WHERE false")
    run.counts["assets_changed"] = _update_known(run)
    run.counts["assets_new"] = _insert_new(run)


def _is_accepted(run: MergeRun) -> str:
    """Whether an asset takes these facts; otherwise they only fill blanks.

    Rows of a video report also carry metadata of the asset. They speak only
    until an asset report did, and only for videos whose claims are not newer.
    What a claim or conflict report says of an asset fills blanks.
    """
    if run.has_asset_facts_of_its_own:
        return "(a.as_of IS NULL OR a.as_of <= %(as_of)s)"
    if not run.known:
        return "false"
    return (
        "(a.as_of IS NULL AND EXISTS (SELECT FROM "
        f"{run.tables.claims} c JOIN work w USING (video_id) "
        "WHERE c.asset_id = a.asset_id AND w.claims_ok))"
    )


def _fact(run: MergeRun, column: str, provided_as_of: str = "a.provided_as_of") -> str:
    """What the facts say we provided.

    What YouTube displays stands in only as long as nothing else was ever read.
    """
    if column != "isrc" or not run.known_of_assets & {
        "provided_isrc",
        "displayed_isrc",
    }:
        return f"f.{column}"
    return (
        "coalesce(f.provided_isrc, f.isrc, "
        f"CASE WHEN {provided_as_of} IS NULL THEN f.displayed_isrc END)"
    )


def _told(run: MergeRun) -> list[str]:
    """The columns of an asset about which the facts say anything."""
    isrc = {"isrc"} if run.known_of_assets & _BESIDE - {"asset_id", "sent"} else set()
    return sorted((run.known_of_assets | isrc) & set(_METADATA))


def _update_known(run: MergeRun) -> int:
    columns = _told(run)
    if not columns:
        return 0
    facts = {c: _fact(run, c) for c in columns}
    differs = " OR ".join(
        f"({fact} IS NOT NULL AND {fact} IS DISTINCT FROM a.{c})"
        for c, fact in facts.items()
    )
    run.make_table(
        "asset_candidates",
        f"SELECT a.id AS pk, f.*, {_is_accepted(run)} AS is_accepted "
        f"FROM {run.tables.assets} f JOIN catalog_asset a ON a.asset_id = f.asset_id "
        # Another owner's report knows the asset too, but not what we provided.
        f"WHERE a.content_owner_id = %(owner)s AND ({differs})",
    )
    new_values = {
        c: f"CASE WHEN f.is_accepted THEN coalesce({fact}, a.{c}) "
        + (
            f"ELSE coalesce(a.{c}, {fact}) END"
            if c in _NULLABLE
            else f"ELSE coalesce(nullif(a.{c}, ''), {fact}, '') END"
        )
        for c, fact in facts.items()
    }
    moved = " OR ".join(
        f"a.{c} IS DISTINCT FROM {value}" for c, value in new_values.items()
    )
    run.make_table(
        "changed_assets",
        "SELECT f.pk FROM asset_candidates f JOIN catalog_asset a ON a.id = f.pk "
        f"WHERE {moved}",
    )
    changed = run.execute(
        "UPDATE catalog_asset a SET updated_at = now(), "
        + ", ".join(f"{c} = {value}" for c, value in new_values.items())
        + " FROM asset_candidates f JOIN changed_assets USING (pk) WHERE a.id = f.pk"
    )
    if run.has_asset_facts_of_its_own:
        _write_displayed(run)
        _write_ages(run)
    return changed


def _write_displayed(run: MergeRun) -> None:
    if "displayed_isrc" in run.known_of_assets:
        run.execute(
            "UPDATE catalog_asset a SET displayed = a.displayed || "
            "jsonb_build_object('isrc', f.displayed_isrc) "
            f"FROM {run.tables.assets} f WHERE f.asset_id = a.asset_id "
            "AND a.content_owner_id = %(owner)s AND f.displayed_isrc IS NOT NULL "
            "AND (a.as_of IS NULL OR a.as_of <= %(as_of)s) "
            "AND a.displayed ->> 'isrc' IS DISTINCT FROM f.displayed_isrc"
        )


def _write_ages(run: MergeRun) -> None:
    """Ages advance even without a change; what is listed has not ended.

    Unless a newer list left it out.
    """
    run.execute(
        "UPDATE catalog_asset a SET as_of = %(as_of)s, "
        "ended_at = CASE WHEN a.ended_at > %(as_of)s THEN a.ended_at END, "
        f"provided_as_of = {_provided_as_of(run, 'a.provided_as_of')} "
        f"FROM {run.tables.assets} f "
        "WHERE f.asset_id = a.asset_id AND a.content_owner_id = %(owner)s "
        "AND (a.as_of IS NULL OR a.as_of < %(as_of)s "
        "OR a.as_of = %(as_of)s AND a.ended_at IS NOT NULL)"
    )


def _provided_as_of(run: MergeRun, before: str) -> str:
    if run.observation.source in _FROM_CONTENT_ID:
        return "%(as_of)s"
    if "provided_isrc" in run.known_of_assets:
        return f"CASE WHEN f.provided_isrc IS NULL THEN {before} ELSE %(as_of)s END"
    return before


def _insert_new(run: MergeRun) -> int:
    """Insert assets of the asset facts, then those that only claims name.

    An older list does not bring back what a newer one leaves out.
    """
    named = {c: _fact(run, c, "NULL::timestamptz") for c in _METADATA}
    values = ", ".join(
        fact if c in _NULLABLE else f"coalesce({fact}, '')" for c, fact in named.items()
    )
    is_own = run.has_asset_facts_of_its_own
    as_of = "%(as_of)s" if is_own else "NULL::timestamptz"
    provided = _provided_as_of(run, "NULL") if is_own else "NULL"
    displayed = "jsonb_strip_nulls(jsonb_build_object('isrc', f.displayed_isrc))"
    inserted = run.execute(
        "INSERT INTO catalog_asset (content_owner_id, asset_id, "
        f"{', '.join(_METADATA)}, displayed, as_of, provided_as_of, created_at, "
        f"updated_at) SELECT %(owner)s, f.asset_id, {values}, {displayed}, {as_of}, "
        f"({provided})::timestamptz, now(), now() FROM {run.tables.assets} f "
        f"WHERE {'false' if run.is_roll_outdated else 'true'} "
        "ON CONFLICT (asset_id) DO NOTHING"
    )
    return inserted + run.execute(
        "INSERT INTO catalog_asset (content_owner_id, asset_id, asset_type, status, "
        "grid, match_policy, ownership, metadata_origination, displayed, "
        "created_at, updated_at) "
        "SELECT DISTINCT %(owner)s::bigint, f.asset_id, '', '', '', '', '', '', "
        f"'{{}}'::jsonb, now(), now() FROM {run.tables.claims} f "
        "WHERE NOT EXISTS (SELECT FROM catalog_asset a WHERE a.asset_id = f.asset_id) "
        "ON CONFLICT (asset_id) DO NOTHING"
    )
