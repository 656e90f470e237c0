"""History of what moved on YouTube while no wanted value followed.

Together with the changes that were followed, every known video that a report counts
as changed has a row in that report's history, and each kept field has its own.
"""

from catalog.observations import decisions, highlights
from catalog.observations.run import MergeRun

# Several values at once, as objects in `old` and `new`.
OBSERVED = "observed"
# A video beside the report that moved with its asset; its account leaves it out.
SHARED_ASSET = "shared_asset"


def log(run: MergeRun) -> None:
    """Log kept fields and observed facts; before any of them is written.

    Only of reports: their pages lead from each count to the videos behind it.
    """
    if highlights.is_wanted(run):
        _log_kept_fields(run)
        _log_observed(run)


def _log_kept_fields(run: MergeRun) -> None:
    """Conflicts, pins, and values that YouTube shows as we want them by now."""
    run.execute(
        "INSERT INTO catalog_change (video_id, observation_id, field, old, new, "
        "row_version, outcome, created_at) SELECT d.pk, %(observation)s, d.field, "
        "d.base, d.theirs, v.row_version, CASE WHEN d.outcome IN ('conflict', "
        "'pinned') THEN d.outcome ELSE 'agreed' END, now() FROM decisions d "
        f"JOIN catalog_video v ON v.id = d.pk WHERE d.outcome NOT IN {decisions.TOOK}"
    )


def _log_observed(run: MergeRun) -> None:
    """Claims, policies and other facts that nobody edits."""
    if not _find_moved(run):
        return
    moves = _moves(run)
    old = ", ".join(f"'{name}', {before}" for name, (before, _) in moves.items())
    new = ", ".join(f"'{name}', {now}" for name, (_, now) in moves.items())
    counted = "w.in_facts" if run.known else "true"
    run.execute(
        "INSERT INTO catalog_change (video_id, observation_id, field, old, new, "
        "row_version, outcome, created_at) SELECT x.pk, %(observation)s, x.field, "
        "x.old, x.new, x.row_version, 'applied', now() FROM (SELECT w.pk, "
        f"CASE WHEN {counted} THEN '{OBSERVED}' ELSE '{SHARED_ASSET}' END AS field, "
        f"jsonb_strip_nulls(jsonb_build_object({old})) AS old, "
        f"jsonb_strip_nulls(jsonb_build_object({new})) AS new, v.row_version "
        f"{decisions.joins(run)} JOIN moved m ON m.pk = w.pk) x "
        f"WHERE x.field = '{SHARED_ASSET}' OR x.old <> '{{}}' OR x.new <> '{{}}' "
        "OR NOT EXISTS (SELECT FROM decisions d WHERE d.pk = x.pk)"
    )


def _find_moved(run: MergeRun) -> int:
    """`moved`: the videos that the account counts as changed; returns how many.

    A small table of its own: asked as a condition, the planner would read all videos.
    """
    claimed = (
        " UNION SELECT w.pk FROM work w JOIN claimed_videos m USING (video_id) "
        "WHERE w.in_facts AND NOT w.is_new"
    )
    differing = "SELECT pk FROM differing"
    return run.make_table("moved", differing + (claimed if run.known else ""))


def _moves(run: MergeRun) -> dict[str, tuple[str, str]]:
    """Old and new value (jsonb) of each fact that may have moved; NULL: it did not."""
    columns = {
        name: _when(
            f"{ok} AND f.{name} IS NOT NULL AND f.{name} IS DISTINCT FROM v.{name}",
            f"to_jsonb(v.{name})",
            f"to_jsonb(f.{name})",
        )
        for name, ok in decisions.observed_only(run).items()
    }
    channel = "(SELECT to_jsonb(channel_id) FROM catalog_channel WHERE id = {})"
    asset = "(SELECT to_jsonb(asset_id) FROM catalog_asset WHERE id = {})"
    return {
        **columns,
        "channel": _when(
            decisions.moves_channel(run),
            channel.format("v.channel_id"),
            "to_jsonb(f.channel_id)",
        ),
        "primary_asset": _when(
            decisions.moves_asset(),
            asset.format("v.primary_asset_id"),
            asset.format("av.asset_pk"),
        ),
        "claims": _when(
            "w.video_id IN (SELECT video_id FROM claimed_videos)",
            "NULL::jsonb",
            "'\"changed\"'::jsonb",
        ),
    }


def _when(test: str, old: str, new: str) -> tuple[str, str]:
    """Both values where the test holds."""
    return f"CASE WHEN {test} THEN {old} END", f"CASE WHEN {test} THEN {new} END"
