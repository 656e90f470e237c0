"""Merge of conflicts of ownership: who else says that our assets are theirs."""

from catalog.observations.run import MergeRun
from catalog.observations.staging import OWNERSHIP_FACTS

_FIGURES = {
    "daily_views",
    "engaged_views_in_conflict",
    "lifetime_views",
    "lifetime_engaged_views",
}
_COLUMNS = tuple(
    name for name in OWNERSHIP_FACTS if name not in {"asset_id", "other_owner", "line"}
)
# An end stands until a list as new as the one that left it out names it again.
_IS_BACK = "coalesce(c.ended_at <= %(as_of)s, false)"
_TEXTS = {name for name in _COLUMNS if OWNERSHIP_FACTS[name] == "text"}


def merge_ownership(run: MergeRun) -> None:
    """Insert, update and bring back conflicts; leaves `ownership_facts`.

    Figures follow without being counted as a change.
    """
    if run.roll is None or run.roll.of != "ownership":
        return
    run.make_table(
        "ownership_facts",
        "SELECT DISTINCT ON (a.id, f.other_owner) a.id AS asset_pk, c.id AS pk, f.* "
        f"FROM {run.tables.ownership} f "
        "JOIN catalog_asset a ON a.asset_id = f.asset_id "
        "LEFT JOIN catalog_ownershipconflict c ON c.asset_id = a.id "
        "AND c.other_owner = f.other_owner "
        "WHERE a.content_owner_id = %(owner)s "
        "AND (c.as_of IS NULL OR c.as_of <= %(as_of)s) "
        "ORDER BY a.id, f.other_owner, f.line",
    )
    run.counts["ownership_changed"] = _update_known(run)
    if not run.is_roll_outdated:
        run.counts["ownership_new"] = _insert_new(run)


def _update_known(run: MergeRun) -> int:
    differs = " OR ".join(
        f"(f.{c} IS NOT NULL AND f.{c} IS DISTINCT FROM c.{c})"
        for c in _COLUMNS
        if c not in _FIGURES
    )
    joined = "catalog_ownershipconflict c JOIN ownership_facts f ON f.pk = c.id"
    changed = run.value(f"SELECT count(*) FROM {joined} WHERE {differs} OR {_IS_BACK}")
    run.execute(
        "UPDATE catalog_ownershipconflict c SET "
        + ", ".join(f"{c} = coalesce(f.{c}, c.{c})" for c in _COLUMNS)
        + ", as_of = %(as_of)s, updated_at = now(), "
        f"ended_at = CASE WHEN {_IS_BACK} THEN NULL ELSE c.ended_at END, "
        f"observation_id = CASE WHEN {_IS_BACK} THEN %(observation)s "
        "ELSE c.observation_id END FROM ownership_facts f "
        f"WHERE c.id = f.pk AND (c.as_of < %(as_of)s OR {_IS_BACK} OR {differs})"
    )
    return int(changed)


def _insert_new(run: MergeRun) -> int:
    values = (f"coalesce({c}, '')" if c in _TEXTS else c for c in _COLUMNS)
    return run.execute(
        "INSERT INTO catalog_ownershipconflict (content_owner_id, asset_id, "
        f"other_owner, {', '.join(_COLUMNS)}, observation_id, as_of, created_at, "
        "updated_at) SELECT %(owner)s, asset_pk, coalesce(other_owner, ''), "
        f"{', '.join(values)}, %(observation)s, %(as_of)s, now(), now() "
        "FROM ownership_facts WHERE pk IS NULL ON CONFLICT DO NOTHING"
    )
