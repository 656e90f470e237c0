"""One set-based merge of staged facts into the catalogue.

Order matters: counters, assets and claims are written first, changed videos
last, so that row locks on videos are short. The videos whose facts differ are
locked first and decided upon in a later statement; deciding in the statement
that compares loses an edit committed meanwhile, or its conflict.
"""

from collections.abc import Sequence
from dataclasses import asdict

from django.contrib.postgres.functions import TransactionNow
from django.db import connection, transaction

from catalog.doors import Door, opened
from catalog.models import Observation
from catalog.observations import (
    assets,
    claims,
    decisions,
    endings,
    fingerprints,
    highlights,
    merged_assets,
    new_videos,
    other_moves,
    ownership,
    shorts,
    videos,
)
from catalog.observations import listing as listings
from catalog.observations.events import record_merge
from catalog.observations.run import Listing, MergeCounts, MergeRun, Repeated, Roll
from catalog.observations.staging import FactTables

# From so many new videos on, the statistics of claims and assets are far off.
MANY_NEW = 10_000


def merge_facts(
    *,
    observation: Observation,
    tables: FactTables,
    reconsidered: Sequence[str] = (),
    listing: Listing | None = None,
    roll: Roll | None = None,
    repeated: Repeated | None = None,
) -> MergeCounts:
    """Merge staged facts; runs inside the caller's transaction.

    `reconsidered` names videos (YouTube ids) whose primary asset is judged again;
    `listing` says that the facts list every video of their owner, and `roll` that
    they are a list of its assets, claims or conflicts of ownership. `repeated` are
    facts that were merged before (see `fingerprints`).
    The same facts again change nothing. Deadlocks and serialization errors are
    the caller's to retry, because they end the whole transaction.
    """
    assert connection.in_atomic_block, "a merge and its report commit together"
    run = MergeRun(
        observation,
        tables,
        reconsidered=tuple(reconsidered),
        listing=listing,
        roll=roll,
        repeated=repeated,
    )
    with transaction.atomic(), opened(Door.OBSERVATION):
        _merge(run)
    counts = MergeCounts(**run.counts)
    observation.counts = asdict(counts)
    _keep(observation)
    record_merge(run, counts)
    return counts


def _keep(observation: Observation) -> None:
    """Keep the counts, and as its moment the one of every row it inserted."""
    Observation.objects.filter(pk=observation.pk).update(
        counts=observation.counts, created_at=TransactionNow()
    )
    observation.refresh_from_db(fields=["created_at"])


def _merge(run: MergeRun) -> None:
    hold_owner(run.observation.content_owner_id)
    highlights.begin(run)
    videos.find_known_columns(run)
    endings.find_age_of_roll(run)
    merged_assets.rename_in_facts(run)
    videos.merge_channels(run)
    videos.make_work(run)
    videos.count_new(run)
    # Before anything is compared: see `fingerprints`.
    videos.update_statistics(run)
    with run.without_nested_loops(when=run.counts["videos_new"] > MANY_NEW):
        _merge_assets_and_claims(run)
        claims.find_primary_assets(run)
        videos.make_asset_values(run)
        new_videos.insert_new(run)
    decisions.lock_differing(run)
    decisions.decide(run)
    highlights.compare(run)
    other_moves.log(run)
    decisions.write_values(run)
    decisions.write_conflicts(run)
    decisions.write_changes(run)
    videos.judge_shorts(run)
    shorts.weigh_claims(run)
    videos.count(run)
    shorts.take_proofs(run)
    highlights.notice(run)
    listings.conclude(run)
    highlights.keep(run)
    fingerprints.forget(run)


def _merge_assets_and_claims(run: MergeRun) -> None:
    """What videos are seen through; leaves their `scope`."""
    assets.merge_assets(run)
    merged_assets.follow_merges(run)
    videos.add_videos_of_assets(run)
    claims.merge_claims(run)
    ownership.merge_ownership(run)
    endings.end_unlisted(run)
    endings.end_claims_of_videos(run)
    endings.note_ended_claims(run)
    claims.add_claimed_videos(run)
    videos.make_scope(run)


def hold_owner(content_owner_pk: int) -> None:
    """One merge per content owner at a time; edits are not held up by it.

    Who locks rows and merges in one transaction takes this lock first, as merges
    do: the other order can end the merge of a whole report as a deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('merge'), %s::int)",
            [content_owner_pk],
        )
