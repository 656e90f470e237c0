"""Facts that were merged before and need no second look.

A nightly report repeats nearly every cell. The statistics of a video keep the
fingerprint of the report row that was merged last, as long as nothing else moved what
such a row speaks of. The merge of a row with the same fingerprint would find every
fact but the counters as it is. Such rows are `repeated`: they count and advance ages,
and take no part in the rest of the merge.

Concurrency: a merge writes fingerprints before it compares anything, and whoever moves
facts forgets them last. So the row of statistics makes two merges wait for each other,
and a fingerprint never outlives what it stands for.
"""

from collections import Counter

from catalog.exceptions import FactsMovedError
from catalog.observations.run import MergeRun

_GROUPS_OK = "w.snippet_ok AND w.status_ok AND w.asset_ok AND w.claims_ok"
# Of the video `st`: facts that are older than what is known were not merged.
NEW = f"CASE WHEN {_GROUPS_OK} THEN f.fingerprint ELSE st.fingerprint END"
# Of a repeated row `f`.
_COUNTERS_OK = "coalesce(f.counted_as_of <= %(as_of)s, true)"
_IS_MOVED = f"({_COUNTERS_OK} AND f.differs)"


def are_kept(run: MergeRun) -> bool:
    """Whether these facts come from rows that may be repeated.

    Claims that a newer list of claims speaks of are not merged now, but later.
    """
    return "fingerprint" in run.known and not run.value(
        "SELECT EXISTS (SELECT FROM catalog_contentowner "
        "WHERE claims_listed_as_of > %(as_of)s)"
    )


def count_repeated(run: MergeRun, sets: list[str]) -> None:
    """Let the statistics `st` of repeated rows take counters and ages.

    Rows are looked at before the merge; raises FactsMovedError if somebody else
    merged or counted since.
    """
    if run.repeated is None:
        return
    written = run.execute(
        f"UPDATE catalog_videostatistics st SET {', '.join(sets)} "
        f"FROM {run.repeated.table} f "
        f"CROSS JOIN LATERAL (SELECT {_COUNTERS_OK} AS counters_ok) w "
        "WHERE st.video_id = f.pk AND st.fingerprint = f.merged "
        "AND st.counters_as_of IS NOT DISTINCT FROM f.counted_as_of"
    )
    if written < run.value(f"SELECT count(*) FROM {run.repeated.table}"):
        raise FactsMovedError


def mark_named(run: MergeRun) -> None:
    """Videos that came to `work` for their assets may be of repeated rows as well."""
    if run.repeated is None:
        return
    named = "f.pk = w.pk AND NOT w.in_facts"
    repeated = run.repeated.table
    run.execute(
        f"INSERT INTO counted SELECT w.pk FROM work w, {repeated} f "
        f"WHERE {named} AND {_IS_MOVED}"
    )
    run.execute(f"UPDATE work w SET in_facts = true FROM {repeated} f WHERE {named}")


def states_of_repeated(run: MergeRun, groups: list[str]) -> Counter[str]:
    """How many repeated rows, but those in `work`, are in each state of the account.

    `groups` of facts are what the rows speak of, with their ages as the merge left
    them.
    """
    if run.repeated is None:
        return Counter()
    rest = (
        f"FROM {run.repeated.table} f "
        "WHERE NOT EXISTS (SELECT FROM work w WHERE w.pk = f.pk)"
    )
    count, moved = run.rows(
        f"SELECT count(*), count(*) FILTER (WHERE {_IS_MOVED}) {rest}"
    )[0]
    older = 0
    if count > moved:
        ages = " OR ".join(f"st.{group}_as_of > %(as_of)s" for group in groups)
        older = run.value(
            f"SELECT count(*) {rest} AND NOT {_IS_MOVED} AND EXISTS (SELECT "
            f"FROM catalog_videostatistics st WHERE st.video_id = f.pk AND ({ages}))"
        )
    return Counter(counters_only=moved, older=older, unchanged=count - moved - older)


def forget(run: MergeRun) -> None:
    """Forget the fingerprints of known videos of which anything moved."""
    run.execute(
        "UPDATE catalog_videostatistics SET fingerprint = NULL WHERE video_id IN ("
        "SELECT pk FROM differing UNION SELECT v.id FROM scope "
        "JOIN catalog_video v USING (video_id) WHERE NOT scope.is_new)"
    )
