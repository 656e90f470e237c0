"""What a complete list of a content owner no longer names has come to its end.

Nothing is deleted: the end is a date, and what is listed again has none.
"""

from dataclasses import dataclass

from catalog.models import ContentOwner
from catalog.observations.claims import ACTIVE
from catalog.observations.run import MergeRun


@dataclass(frozen=True, slots=True)
class _Ending:
    """One kind of row that may end: its table, and the ID that lists name."""

    table: str
    listed_id: str
    condition: str


_ENDINGS = {
    "assets": _Ending(
        "catalog_asset",
        "r.asset_id",
        # What only other reports named was never listed.
        "r.as_of IS NOT NULL AND r.merged_into_id IS NULL",
    ),
    "claims": _Ending(
        "catalog_claim",
        "r.claim_id",
        # The video report may know the claims of a video later than this list.
        "NOT EXISTS (SELECT FROM catalog_video v JOIN catalog_videostatistics st "
        "ON st.video_id = v.id WHERE v.video_id = r.video_id "
        "AND st.claims_as_of > %(as_of)s)",
    ),
    "ownership": _Ending(
        "catalog_ownershipconflict",
        "(SELECT a.asset_id FROM catalog_asset a WHERE a.id = r.asset_id)",
        "true",
    ),
}


def find_age_of_roll(run: MergeRun) -> None:
    """Note whether a newer list of the same owner was merged before."""
    if run.roll is not None:
        owner = ContentOwner.objects.get(pk=run.observation.content_owner_id)
        newest = getattr(owner, f"{run.roll.of}_listed_as_of")
        run.is_roll_outdated = bool(newest and newest > run.observation.as_of)


def end_unlisted(run: MergeRun) -> None:
    """Mark what was listed before and is not in this list; leaves `ended`.

    Needs the ages of what is listed, which the merge of it wrote.
    """
    if run.roll is None or run.is_roll_outdated:
        return
    ending = _ENDINGS[run.roll.of]
    unread = (
        f"AND {ending.listed_id} NOT IN ({run.roll.also_listed})"
        if run.roll.also_listed
        else ""
    )
    known = (
        f"FROM {ending.table} r WHERE r.content_owner_id = %(owner)s "
        f"AND r.ended_at IS NULL AND {ending.condition}"
    )
    missing = run.make_table(
        "ended",
        f"SELECT r.id AS pk {known} "
        f"AND (r.as_of IS NULL OR r.as_of < %(as_of)s) {unread}",
    )
    new = run.counts.get(f"{run.roll.of}_new", 0)
    listed = int(run.value(f"SELECT count(*) {known}")) - new
    are_gone = run.roll.are_gone(listed, missing)
    if missing and not are_gone:
        run.execute("DELETE FROM ended")
        return
    run.counts[f"{run.roll.of}_ended"] = run.execute(
        f"UPDATE {ending.table} r SET ended_at = %(as_of)s, updated_at = now() "
        "FROM ended WHERE r.id = ended.pk"
    )
    ContentOwner.objects.filter(pk=run.observation.content_owner_id).update(
        **{f"{run.roll.of}_listed_as_of": run.observation.as_of}
    )


def end_claims_of_videos(run: MergeRun) -> None:
    """Mark claims whose asset the complete list of videos no longer names.

    Of an owner without lists of claims, which would say it better. Facts that
    repeat what was merged before name the same claims as then. Needs `work` and
    `claim_facts`; leaves `ended`.
    """
    listing = run.listing
    if listing is None or listing.claims_are_gone is None or _has_claim_lists(run):
        return
    known = (
        "FROM work w JOIN catalog_claim c USING (video_id) WHERE w.in_facts "
        "AND NOT w.is_new AND w.claims_ok "
        "AND c.content_owner_id = %(owner)s AND c.ended_at IS NULL "
        f"AND c.status IN {ACTIVE} AND (c.as_of IS NULL OR c.as_of < %(as_of)s)"
    )
    if not run.make_table("ended", f"SELECT c.id AS pk, c.video_id {known} {_UNNAMED}"):
        return
    if listing.claims_unread:
        run.execute(f"DELETE FROM ended WHERE video_id IN ({listing.claims_unread})")
    missing = int(run.value("SELECT count(*) FROM ended"))
    listed = int(run.value(_open(run)))
    if missing and listing.claims_are_gone(listed, missing):
        run.counts["claims_ended"] = run.execute(
            "UPDATE catalog_claim c SET ended_at = %(as_of)s, updated_at = now() "
            "FROM ended WHERE c.id = ended.pk"
        )


# No row of the video names the asset of the claim `c`.
_UNNAMED = (
    "AND NOT EXISTS (SELECT FROM claim_facts f "
    "WHERE f.video_id = c.video_id AND f.asset_pk = c.asset_id)"
)


def _open(run: MergeRun) -> str:
    """SELECT of the number of open claims on the known videos of the facts."""
    known = "SELECT video_id FROM work WHERE in_facts AND NOT is_new"
    if run.repeated:
        known += (
            f" UNION ALL SELECT v.video_id FROM {run.repeated.table} f "
            "JOIN catalog_video v ON v.id = f.pk"
        )
    return (
        "SELECT count(*) FROM catalog_claim c WHERE c.content_owner_id = %(owner)s "
        f"AND c.ended_at IS NULL AND c.status IN {ACTIVE} AND c.video_id IN ({known})"
    )


def _has_claim_lists(run: MergeRun) -> bool:
    owner = ContentOwner.objects.get(pk=run.observation.content_owner_id)
    return owner.claims_listed_as_of is not None


def note_ended_claims(run: MergeRun) -> None:
    """Add the videos whose claims ended to `claimed_videos`."""
    if run.counts.get("claims_ended"):
        run.execute(
            "INSERT INTO claimed_videos SELECT DISTINCT c.video_id FROM ended "
            "JOIN catalog_claim c ON c.id = ended.pk WHERE c.video_id <> '' AND "
            "NOT EXISTS (SELECT FROM claimed_videos m WHERE m.video_id = c.video_id)"
        )
