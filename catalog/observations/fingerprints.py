"""Facts that were merged before and need no second look.

A nightly report repeats nearly every cell. The statistics of a video keep the
fingerprint of the report row that was merged last, as long as nothing else moved what
such a row speaks of. A row with the same fingerprint is `is_known`: the merge would
find every fact but the counters as it is, so it only counts and advances ages.

Concurrency: a merge writes fingerprints before it compares anything, and whoever moves
facts forgets them last. So the row of statistics makes two merges wait for each other,
and a fingerprint never outlives what it stands for.
"""

from catalog.exceptions import FactsMovedError
from catalog.observations.run import MergeRun

_GROUPS_OK = "w.snippet_ok AND w.status_ok AND w.asset_ok AND w.claims_ok"
# Of the video `st`: facts that are older than what is known were not merged.
NEW = (
    f"CASE WHEN f.is_known OR NOT ({_GROUPS_OK}) THEN st.fingerprint "
    "ELSE f.fingerprint END"
)
IS_STALE = "(w.is_known AND st.fingerprint IS DISTINCT FROM f.fingerprint)"


def are_kept(run: MergeRun) -> bool:
    """Whether these facts come from rows that may be repeated.

    Claims that a newer list of claims speaks of are not merged now, but later.
    """
    return "fingerprint" in run.known and not run.value(
        "SELECT EXISTS (SELECT FROM catalog_contentowner "
        "WHERE claims_listed_as_of > %(as_of)s)"
    )


def check(run: MergeRun) -> None:
    """Raise FactsMovedError if a known row is not known any more.

    Rows are looked at before the merge; somebody else may have merged since. Needs
    the table `counted`.
    """
    if run.value("SELECT EXISTS (SELECT FROM counted WHERE is_stale)"):
        raise FactsMovedError


def asked(run: MergeRun) -> str:
    """The table of videos of which facts may differ."""
    return "asked" if "is_known" in run.known else "work"


def leave_out_known(run: MergeRun) -> None:
    """Make `asked`: known videos only where their assets moved."""
    if "is_known" in run.known:
        run.make_table(
            "asked",
            "SELECT * FROM work WHERE NOT is_known "
            "OR video_id IN (SELECT video_id FROM scope)",
        )


def forget(run: MergeRun) -> None:
    """Forget the fingerprints of known videos of which anything moved."""
    run.execute(
        "UPDATE catalog_videostatistics SET fingerprint = NULL WHERE video_id IN ("
        "SELECT pk FROM differing UNION SELECT v.id FROM scope "
        "JOIN catalog_video v USING (video_id) WHERE NOT EXISTS "
        "(SELECT FROM work w WHERE w.video_id = scope.video_id AND w.is_new))"
    )
