"""Merge of claims, and the asset that speaks for a video."""

from catalog.observations import videos
from catalog.observations.run import MergeRun
from catalog.observations.staging import CLAIM_DETAILS

_COLUMNS = ("status", "origin", "content_type", "policy", "is_partner_provided")
# A claim without a status comes from a source that lists active claims only.
ACTIVE = "('', 'ACTIVE', 'active', 'Active')"
# An end stands until something newer than the list that left it out names it again.
_IS_BACK = "c.ended_at <= %(as_of)s"


def merge_claims(run: MergeRun) -> None:
    """Insert and update claims; leaves `claimed_videos`: known, their claims moved.

    A claim that was read later than this observation, and claims of a video whose
    claims were, are left alone. Needs the table `work`.
    """
    is_list = run.roll is not None and run.roll.of == "claims"
    if is_list:
        _find_deleted_videos(run)
        _name_nameless_claims(run)
    _make_claim_facts(run)
    columns = [*_COLUMNS, *(CLAIM_DETAILS if is_list else ())]
    differs = " OR ".join(
        f"(f.{c} IS NOT NULL AND f.{c} IS DISTINCT FROM c.{c})" for c in columns
    )
    run.make_table(
        "claimed_videos",
        "SELECT DISTINCT f.video_id FROM claim_facts f "
        "LEFT JOIN catalog_claim c ON c.id = f.pk "
        "WHERE NOT f.of_new_video "
        f"AND (f.pk IS NULL OR {differs} OR {_IS_BACK})",
        key="video_id",
    )
    run.counts["claims_changed"] = run.execute(
        "UPDATE catalog_claim c SET "
        + ", ".join(f"{c} = coalesce(f.{c}, c.{c})" for c in columns)
        + f", ended_at = CASE WHEN {_IS_BACK} THEN NULL ELSE c.ended_at END, "
        "as_of = %(as_of)s, updated_at = now() FROM claim_facts f "
        f"WHERE c.id = f.pk AND ({differs} OR {_IS_BACK})"
    )
    if is_list:
        run.execute(
            "UPDATE catalog_claim c SET as_of = %(as_of)s FROM claim_facts f "
            "WHERE c.id = f.pk AND c.as_of IS DISTINCT FROM %(as_of)s"
        )
    run.counts["claims_new"] = _insert_new(run, columns)


def _make_claim_facts(run: MergeRun) -> None:
    """`claim_facts`: the claims of the facts that are not older than ours.

    What a newer list of claims leaves out is not new.
    """
    if run.known:
        ages = "LEFT JOIN work w ON w.video_id = f.video_id "
        of_new_video = "coalesce(w.is_new, false)"
        is_fresh = "w.claims_ok IS NOT FALSE"
    else:
        ages = (
            "LEFT JOIN catalog_video v ON v.video_id = f.video_id "
            "LEFT JOIN catalog_videostatistics st ON st.video_id = v.id "
        )
        of_new_video = "false"
        is_fresh = "(st.claims_as_of IS NULL OR st.claims_as_of <= %(as_of)s)"
    run.make_table(
        "claim_facts",
        "SELECT DISTINCT ON (f.claim_id, f.video_id, a.id) f.*, a.id AS asset_pk, "
        f"c.id AS pk, {of_new_video} AS of_new_video "
        f"FROM {run.tables.claims} f JOIN catalog_asset a ON a.asset_id = f.asset_id "
        f"{ages} LEFT JOIN catalog_claim c ON c.asset_id = a.id "
        "AND c.video_id = f.video_id AND c.claim_id = coalesce(f.claim_id, '') "
        f"WHERE {is_fresh} AND (c.as_of IS NULL OR c.as_of <= %(as_of)s) "
        "AND (c.id IS NOT NULL OR NOT EXISTS (SELECT FROM catalog_contentowner o "
        "WHERE o.id = %(owner)s AND o.claims_listed_as_of > %(as_of)s))",
    )


def _insert_new(run: MergeRun, columns: list[str]) -> int:
    """Insert what is not known yet."""
    texts = {
        name
        for name in columns
        if name in _COLUMNS[:4] or CLAIM_DETAILS.get(name) == "text"
    }
    values = (f"coalesce({c}, '')" if c in texts else c for c in columns)
    return run.execute(
        "INSERT INTO catalog_claim (content_owner_id, claim_id, video_id, asset_id, "
        f"{', '.join(columns)}, as_of, created_at, updated_at) "
        "SELECT %(owner)s, coalesce(claim_id, ''), video_id, asset_pk, "
        f"{', '.join(values)}, %(as_of)s, now(), now() FROM claim_facts "
        "WHERE pk IS NULL ON CONFLICT DO NOTHING"
    )


def _find_deleted_videos(run: MergeRun) -> None:
    """A known claim knows its video, and so may the custom ID of a deleted one."""
    run.execute(
        f"UPDATE {run.tables.claims} f SET video_id = c.video_id "
        "FROM catalog_claim c JOIN catalog_asset a ON a.id = c.asset_id "
        "WHERE coalesce(f.video_id, '') = '' AND c.claim_id = f.claim_id "
        "AND a.asset_id = f.asset_id AND c.video_id <> ''"
    )
    run.execute(
        f"UPDATE {run.tables.claims} SET video_id = coalesce(deleted_video_id, '') "
        "WHERE coalesce(video_id, '') = ''"
    )
    # A claim that came without its video finds it later.
    run.execute(
        f"UPDATE catalog_claim c SET video_id = f.video_id FROM {run.tables.claims} f "
        "JOIN catalog_asset a ON a.asset_id = f.asset_id WHERE c.video_id = '' "
        "AND c.claim_id = f.claim_id AND c.asset_id = a.id AND f.video_id <> ''"
    )


def _name_nameless_claims(run: MergeRun) -> None:
    """A source that named video and asset only spoke of these claims."""
    if not run.value("SELECT EXISTS (SELECT FROM catalog_claim WHERE claim_id = '')"):
        return
    run.execute(
        "UPDATE catalog_claim c SET claim_id = f.claim_id FROM (SELECT DISTINCT ON "
        "(f.video_id, a.id) f.video_id, a.id AS asset_pk, f.claim_id "
        f"FROM {run.tables.claims} f JOIN catalog_asset a ON a.asset_id = f.asset_id "
        "WHERE NOT EXISTS (SELECT FROM catalog_claim known WHERE "
        "known.claim_id = f.claim_id AND known.asset_id = a.id) "
        "ORDER BY f.video_id, a.id, f.claim_id) f "
        "WHERE c.claim_id = '' AND c.video_id = f.video_id AND c.asset_id = f.asset_pk"
    )


def add_claimed_videos(run: MergeRun) -> None:
    """Add known videos whose claims moved, and that no fact names, to `work`."""
    if run.known:
        return
    run.execute(
        "INSERT INTO work "
        + videos.work_sql(
            "SELECT m.video_id, false AS in_facts, NULL AS channel_id "
            "FROM claimed_videos m "
            "WHERE NOT EXISTS (SELECT FROM work w WHERE w.video_id = m.video_id)"
        )
        + "WHERE v.id IS NOT NULL"
    )
    run.execute("ANALYZE pg_temp.work")


def find_primary_assets(run: MergeRun) -> None:
    """Leave `primaries`: the rule's asset of each video that may have a new one.

    Rule: the active, partner-provided claim's asset of this content owner,
    never a composition; several candidates: the lowest asset ID, flagged.
    """
    run.make_table(
        "primaries",
        "SELECT p.*, a.id AS asset_pk FROM ("
        "SELECT w.pk, w.is_new, min(a.asset_id) AS asset_id, "
        "count(DISTINCT a.id) > 1 AS has_several "
        "FROM scope JOIN catalog_claim c USING (video_id) "
        "JOIN catalog_asset a ON a.id = c.asset_id "
        "JOIN work w USING (video_id) "
        "WHERE c.ended_at IS NULL AND c.is_partner_provided "
        f"AND c.status IN {ACTIVE} AND a.content_owner_id = %(owner)s "
        "AND upper(a.asset_type) NOT LIKE 'COMPOSITION%%' GROUP BY w.pk, w.is_new) p "
        "JOIN catalog_asset a ON a.asset_id = p.asset_id",
    )
