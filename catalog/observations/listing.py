"""Which videos a complete report lists, no longer lists, and lists again.

A report says nothing about whether YouTube still has a video: that is asked of
YouTube. A missing video keeps its row and its values.
"""

from catalog.observations.run import MergeRun


def conclude(run: MergeRun) -> None:
    """Mark videos as missing, and those that are back as not missing any more.

    Leaves `missing` and `back`. Needs `noticed` and the counts of videos. Whether
    what is missing is gone is the caller's to say, who may stop the merge.
    """
    if run.listing is None:
        return
    _find_back(run)
    _find_missing(run, run.listing.also_listed)
    known = sum(
        run.counts[f"videos_{name}"]
        for name in ("changed", "counters_only", "unchanged", "older")
    )
    count = int(run.value("SELECT count(*) FROM missing"))
    if not run.listing.are_gone(known + count, count):
        run.execute("DELETE FROM missing")
        count = 0
    _write(run, "missing", "%(as_of)s")
    _write(run, "back", "NULL")
    run.counts["videos_listed"] = known + run.counts["videos_new"]
    run.counts["videos_missing"] = count
    run.counts["videos_back"] = int(run.value("SELECT count(*) FROM back"))


def _find_back(run: MergeRun) -> None:
    is_listed = "v.id IN (SELECT pk FROM work WHERE in_facts)"
    if run.repeated:
        is_listed = f"({is_listed} OR v.id IN (SELECT pk FROM {run.repeated.table}))"
    run.make_table(
        "back",
        "SELECT v.id AS pk, v.missing_since FROM catalog_video v "
        "WHERE v.missing_since IS NOT NULL AND v.missing_since <= %(as_of)s "
        f"AND {is_listed}",
    )


def _find_missing(run: MergeRun, also_listed: str) -> None:
    """Listed before, by a report of this owner, and not by this newer one.

    An empty table says nothing to the planner, which would read all videos for it.
    """
    has_any = run.value("SELECT EXISTS (SELECT FROM noticed WHERE is_missing)")
    count = run.make_table(
        "missing",
        "SELECT n.pk, n.listed_as_of FROM noticed n "
        "JOIN catalog_video v ON v.id = n.pk "
        "JOIN catalog_channel c ON c.id = v.channel_id "
        "AND c.content_owner_id = %(owner)s "
        f"WHERE n.is_missing AND v.missing_since IS NULL AND {has_any}",
    )
    if count and also_listed:
        run.execute(
            "DELETE FROM missing m USING catalog_video v WHERE v.id = m.pk "
            f"AND v.video_id IN ({also_listed})"
        )


def _write(run: MergeRun, table: str, moment: str) -> None:
    """Lock in key order, as everybody does who locks many videos."""
    run.execute(
        "SELECT count(*) FROM (SELECT id FROM catalog_video WHERE id IN "
        f"(SELECT pk FROM {table}) ORDER BY id FOR NO KEY UPDATE) locked"
    )
    run.execute(
        f"UPDATE catalog_video SET missing_since = {moment} "
        f"WHERE id IN (SELECT pk FROM {table})"
    )
