"""Merge of assets and claims: observed only, written before any video."""

from catalog import fields
from catalog.observations.run import MergeRun
from catalog.observations.staging import ASSET_FACTS, CLAIM_FACTS

# Never observed is NULL in these columns and '' in all the others.
_NULLABLE = {
    "title",
    *fields.ASSET_PART,
    "is_merged",
    "active_claim_count",
    "approx_daily_views",
    *(name for name, sql_type in ASSET_FACTS.items() if sql_type == "text[]"),
}
_METADATA = tuple(name for name in ASSET_FACTS if name not in {"asset_id", "sent"})


def merge_assets(run: MergeRun) -> None:
    """Insert new assets, update known ones; leaves `changed_assets`."""
    run.make_table("changed_assets", "SELECT 0::bigint AS pk WHERE false")
    run.counts["assets_changed"] = _update_known(run)
    run.counts["assets_new"] = _insert_new(run)


def _is_accepted(run: MergeRun) -> str:
    """Whether an asset takes these facts.

    Rows of a video report also carry metadata of the asset. They speak only
    until an asset report did, and only for videos whose claims are not newer.
    """
    if not run.known:
        return "(a.as_of IS NULL OR a.as_of <= %(as_of)s)"
    return (
        "(a.as_of IS NULL AND EXISTS (SELECT FROM "
        f"{run.tables.claims} c JOIN work w USING (video_id) "
        "WHERE c.asset_id = a.asset_id AND w.claims_ok))"
    )


def _update_known(run: MergeRun) -> int:
    columns = sorted(run.known_of_assets & set(_METADATA))
    if not columns:
        return 0
    differs = " OR ".join(
        f"(f.{c} IS NOT NULL AND f.{c} IS DISTINCT FROM a.{c})" for c in columns
    )
    run.make_table(
        "asset_candidates",
        f"SELECT a.id AS pk, f.*, {_is_accepted(run)} AS is_accepted "
        f"FROM {run.tables.assets} f JOIN catalog_asset a USING (asset_id) "
        # Another owner's report knows the asset too, but not what we provided.
        f"WHERE a.content_owner_id = %(owner)s AND ({differs})",
    )
    new_values = {
        c: f"CASE WHEN f.is_accepted THEN coalesce(f.{c}, a.{c}) "
        + (f"ELSE coalesce(a.{c}, f.{c}) END" if c in _NULLABLE else f"ELSE a.{c} END")
        for c in columns
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
    if not run.known:
        run.execute(
            f"UPDATE catalog_asset a SET as_of = %(as_of)s FROM {run.tables.assets} f "
            "WHERE f.asset_id = a.asset_id AND a.content_owner_id = %(owner)s "
            "AND (a.as_of IS NULL OR a.as_of < %(as_of)s)"
        )
    return changed


def _insert_new(run: MergeRun) -> int:
    """Insert assets of the asset facts, then those that only claims name."""
    values = ", ".join(
        f"f.{c}" if c in _NULLABLE else f"coalesce(f.{c}, '')" for c in _METADATA
    )
    as_of = "NULL::timestamptz" if run.known else "%(as_of)s"
    inserted = run.execute(
        "INSERT INTO catalog_asset (content_owner_id, asset_id, "
        f"{', '.join(_METADATA)}, displayed, as_of, created_at, updated_at) "
        f"SELECT %(owner)s, f.asset_id, {values}, '{{}}', {as_of}, now(), now() "
        f"FROM {run.tables.assets} f ON CONFLICT (asset_id) DO NOTHING"
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


def merge_claims(run: MergeRun) -> None:
    """Insert and update claims; leaves `claimed_videos`, whose claims moved.

    Claims of a video whose claims were read later than this observation are
    left alone. Needs the table `work`.
    """
    run.make_table(
        "claim_facts",
        "SELECT DISTINCT ON (f.claim_id, f.video_id, a.id) f.*, a.id AS asset_pk, "
        "c.id AS pk "
        f"FROM {run.tables.claims} f JOIN catalog_asset a USING (asset_id) "
        "LEFT JOIN work w ON w.video_id = f.video_id "
        "LEFT JOIN catalog_claim c ON c.asset_id = a.id "
        "AND c.video_id = f.video_id AND c.claim_id = coalesce(f.claim_id, '') "
        "WHERE w.claims_ok IS NOT FALSE",
    )
    columns = [c for c in CLAIM_FACTS if c not in {"claim_id", "video_id", "asset_id"}]
    differs = " OR ".join(
        f"(f.{c} IS NOT NULL AND f.{c} IS DISTINCT FROM c.{c})" for c in columns
    )
    run.make_table(
        "claimed_videos",
        "SELECT DISTINCT f.video_id FROM claim_facts f "
        "LEFT JOIN catalog_claim c ON c.id = f.pk "
        f"WHERE f.pk IS NULL OR {differs} OR c.ended_at IS NOT NULL",
        key="video_id",
    )
    run.counts["claims_changed"] = run.execute(
        "UPDATE catalog_claim c SET "
        + ", ".join(f"{c} = coalesce(f.{c}, c.{c})" for c in columns)
        + ", ended_at = NULL, as_of = %(as_of)s, updated_at = now() FROM claim_facts f "
        f"WHERE c.id = f.pk AND ({differs} OR c.ended_at IS NOT NULL)"
    )
    run.counts["claims_new"] = run.execute(
        "INSERT INTO catalog_claim (content_owner_id, claim_id, video_id, asset_id, "
        "status, origin, content_type, policy, is_partner_provided, as_of, "
        "created_at, updated_at) SELECT %(owner)s, coalesce(claim_id, ''), video_id, "
        "asset_pk, coalesce(status, ''), coalesce(origin, ''), "
        "coalesce(content_type, ''), coalesce(policy, ''), is_partner_provided, "
        "%(as_of)s, now(), now() FROM claim_facts WHERE pk IS NULL "
        "ON CONFLICT DO NOTHING"
    )


def find_primary_assets(run: MergeRun) -> None:
    """Leave `primaries`: the rule's asset of each video that may have a new one.

    Rule: the active, partner-provided claim's asset of this content owner,
    never a composition; several candidates: the lowest asset ID, flagged.
    """
    run.make_table(
        "primaries",
        "SELECT w.pk, w.is_new, min(a.asset_id) AS asset_id, "
        "count(DISTINCT a.id) > 1 AS has_several "
        "FROM scope JOIN catalog_claim c USING (video_id) "
        "JOIN catalog_asset a ON a.id = c.asset_id "
        "JOIN work w USING (video_id) "
        "WHERE c.ended_at IS NULL AND c.is_partner_provided "
        "AND c.status IN ('', 'ACTIVE', 'active') "
        "AND a.content_owner_id = %(owner)s "
        "AND upper(a.asset_type) NOT LIKE 'COMPOSITION%%' GROUP BY w.pk, w.is_new",
    )
    run.execute("ALTER TABLE pg_temp.primaries ADD asset_pk bigint")
    run.execute(
        "UPDATE primaries p SET asset_pk = a.id FROM catalog_asset a "
        "WHERE a.asset_id = p.asset_id"
    )
