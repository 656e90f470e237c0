"""Assets that YouTube merged into others: their claims follow the survivor.

After a merge the old asset ID may live on only in the survivor's list of
constituents, while other reports still name it for a while.
"""

from catalog.observations.run import MergeRun

_HAS_CONSTITUENTS = (
    "a.constituent_asset_ids IS NOT NULL AND NOT (a.constituent_asset_ids = '{}' "
    "AND a.constituent_asset_ids IS NOT NULL)"
)


def rename_in_facts(run: MergeRun) -> None:
    """Let facts that name an old asset ID speak of the survivor.

    A row of its own in an asset report means that the asset is one again, so facts
    about assets themselves are left as they are.
    """
    if run.has_asset_facts_of_its_own or not _are_there_any(run):
        return
    run.make_table(
        "survivors",
        "SELECT DISTINCT ON (old_id) old_id, a.asset_id FROM catalog_asset a "
        "CROSS JOIN LATERAL unnest(a.constituent_asset_ids) AS old_id "
        "LEFT JOIN catalog_asset old ON old.asset_id = old_id "
        f"WHERE {_HAS_CONSTITUENTS} AND old_id <> a.asset_id "
        "AND a.content_owner_id = %(owner)s AND a.merged_into_id IS NULL "
        "AND (old.id IS NULL OR old.merged_into_id = a.id) "
        "ORDER BY old_id, a.asset_id",
        key="old_id",
    )
    run.execute(
        f"UPDATE {run.tables.claims} f SET asset_id = s.asset_id FROM survivors s "
        "WHERE f.asset_id = s.old_id"
    )
    run.execute(
        f"DELETE FROM {run.tables.assets} f USING survivors s "
        "WHERE f.asset_id = s.old_id"
    )


def _are_there_any(run: MergeRun) -> bool:
    return bool(
        run.value(
            f"SELECT EXISTS (SELECT FROM catalog_asset a WHERE {_HAS_CONSTITUENTS})"
        )
    )


def follow_merges(run: MergeRun) -> None:
    """Mark assets that this asset report names inside others only.

    Their claims move to the survivor, which goes to `changed_assets`, so that its
    videos are judged again.
    """
    if run.roll is None or run.roll.of != "assets" or run.is_roll_outdated:
        return
    _part_again(run)
    if "constituent_asset_ids" not in run.known_of_assets:
        return
    run.make_table(
        "merged",
        "SELECT DISTINCT ON (old.id) old.id AS pk, a.id AS survivor_pk "
        f"FROM {run.tables.assets} f JOIN catalog_asset a ON a.asset_id = f.asset_id "
        "CROSS JOIN LATERAL unnest(f.constituent_asset_ids) AS old_id "
        "JOIN catalog_asset old ON old.asset_id = old_id AND old.id <> a.id "
        "WHERE old.content_owner_id = %(owner)s AND a.content_owner_id = %(owner)s "
        "AND a.as_of <= %(as_of)s AND (old.as_of IS NULL OR old.as_of <= %(as_of)s) "
        "AND old.merged_into_id IS DISTINCT FROM a.id AND NOT EXISTS "
        f"(SELECT FROM {run.tables.assets} own WHERE own.asset_id = old_id) "
        "ORDER BY old.id, a.asset_id",
    )
    run.execute(
        "UPDATE catalog_asset a SET merged_into_id = m.survivor_pk, "
        "updated_at = now() FROM merged m WHERE a.id = m.pk"
    )
    _move_claims(run)


def _part_again(run: MergeRun) -> None:
    run.execute(
        "UPDATE catalog_asset a SET merged_into_id = NULL, updated_at = now() "
        f"FROM {run.tables.assets} f WHERE f.asset_id = a.asset_id "
        "AND a.merged_into_id IS NOT NULL AND a.as_of <= %(as_of)s "
        "AND a.content_owner_id = %(owner)s"
    )


def _move_claims(run: MergeRun) -> None:
    """A claim that the survivor has already comes to its end instead."""
    run.execute(
        "UPDATE catalog_claim c SET ended_at = %(as_of)s, updated_at = now() "
        "FROM merged m WHERE c.asset_id = m.pk AND c.ended_at IS NULL AND EXISTS "
        "(SELECT FROM catalog_claim other WHERE other.asset_id = m.survivor_pk "
        "AND other.claim_id = c.claim_id AND other.video_id = c.video_id)"
    )
    run.execute(
        "UPDATE catalog_claim c SET asset_id = m.survivor_pk, updated_at = now() "
        "FROM merged m WHERE c.asset_id = m.pk AND c.ended_at IS NULL"
    )
    run.execute(
        "UPDATE catalog_video v SET primary_asset_id = m.survivor_pk FROM merged m "
        "WHERE v.primary_asset_id = m.pk AND v.is_asset_chosen"
    )
    run.execute(
        "INSERT INTO changed_assets SELECT DISTINCT survivor_pk FROM merged "
        "WHERE survivor_pk NOT IN (SELECT pk FROM changed_assets)"
    )
