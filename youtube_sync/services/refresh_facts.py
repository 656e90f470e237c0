"""What a refresh read, merged as one observation together with the run's cursor.

Facts and cursor commit together: a killed run reads again at most the calls of
one batch, and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.choices import Source
from catalog.models import Observation, Video
from catalog.observations import presence, staging
from catalog.observations.merge import hold_owner, merge_facts
from catalog.observations.run import MergeCounts
from catalog.observations.staging import COUNTERS, VIDEO_FACTS
from youtube_sync.models import (
    MissedVideo,
    ReadEtag,
    RefreshRead,
    RefreshRun,
    UploadsWalk,
)
from youtube_sync.remote import RemoteAsset, RemoteClaim, RemoteVideo
from youtube_sync.services.announce import publish_refresh_progress
from youtube_sync.services.batches import again_on_deadlock

Facts = dict[str, Any]


@dataclass(slots=True)
class Batch:
    """Some calls of one run; `as_of` is the moment before the first of them."""

    as_of: datetime = field(default_factory=timezone.now)
    cursor: int = 0
    calls: int = 0
    videos: list[Facts] = field(default_factory=list)
    claims: list[Facts] = field(default_factory=list)
    assets: list[Facts] = field(default_factory=list)
    # Videos (YouTube ids) whose claims moved: their primary asset is judged again.
    reconsidered: list[str] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    etags: dict[str, str] = field(default_factory=dict)
    walked_channel: int = 0  # whose uploads were read to the end of their list

    @property
    def has_facts(self) -> bool:
        return bool(self.videos or self.claims or self.assets)


def store(run: RefreshRun, batch: Batch) -> None:
    """Merge a batch and move the run on; a deadlock with an import is retried."""
    before = {name: getattr(run, name) for name in (*run.COUNTS, "cursor")}

    def attempt() -> None:
        for name, value in before.items():
            setattr(run, name, value)
        _store(run, batch)

    again_on_deadlock(attempt)
    publish_refresh_progress(run)


@transaction.atomic
def _store(run: RefreshRun, batch: Batch) -> None:
    # Merges take this lock before any row, and so must what is done beside one.
    hold_owner(run.account.content_owner_id)
    gone, back = _presence(run, batch)
    if batch.has_facts or gone or back:
        observation = Observation.objects.create(
            content_owner=run.account.content_owner,
            source=Source.REFRESH,
            as_of=batch.as_of,
        )
        RefreshRead.objects.create(run=run, observation=observation)
        _count(run, batch, _merge(observation, batch))
        run.gone_count += presence.mark_not_found(observation, gone)
        run.back_count += presence.mark_found(observation, back)
    if batch.unchanged:
        presence.confirm_unchanged(batch.unchanged, as_of=batch.as_of)
    _keep_etags(batch)
    if batch.walked_channel:
        UploadsWalk.objects.note(batch.walked_channel, batch.as_of)
    run.call_count += batch.calls
    run.read_count += len(batch.shown) + len(batch.missing) + len(batch.unchanged)
    run.unchanged_count += len(batch.unchanged)
    run.missing_count += len(batch.missing)
    run.asset_count += len(batch.assets)
    run.cursor = max(batch.cursor, run.cursor)
    run.save(update_fields=[*run.COUNTS, "cursor", "page_token", "updated_at"])


def _merge(observation: Observation, batch: Batch) -> MergeCounts:
    if not batch.has_facts:
        return MergeCounts()
    tables = staging.create_fact_tables(observation)
    staging.copy_facts(tables.videos, batch.videos)
    staging.copy_facts(tables.claims, batch.claims)
    staging.copy_facts(tables.assets, batch.assets)
    counts = merge_facts(
        observation=observation, tables=tables, reconsidered=batch.reconsidered
    )
    staging.drop_fact_tables(tables)
    return counts


def _count(run: RefreshRun, batch: Batch, counts: MergeCounts) -> None:
    """Each video counts once: with its own facts, not again with its asset's."""
    found = asdict(counts)
    run.conflict_count += found["conflicts"]
    if not batch.videos:
        return
    run.new_count += found["videos_new"]
    run.changed_count += found["videos_changed"] + found["videos_counters_only"]
    run.unchanged_count += found["videos_unchanged"] + found["videos_older"]


def _presence(run: RefreshRun, batch: Batch) -> tuple[list[int], list[int]]:
    """Keys of videos that are to be marked not found, and found again.

    One miss may be a hiccup of YouTube's: two refreshes in a row must agree.
    """
    seen = [*batch.shown, *batch.unchanged]
    MissedVideo.objects.filter(video__in=seen).delete()
    missed = MissedVideo.objects.filter(video__in=batch.missing).exclude(run=run)
    gone = list(missed.values_list("pk", flat=True))
    MissedVideo.objects.bulk_create(
        [
            MissedVideo(video_id=key, run=run, missed_at=batch.as_of)
            for key in batch.missing
        ],
        ignore_conflicts=True,
    )
    back = Video.objects.filter(pk__in=seen).gone_from_youtube()
    return gone, list(back.values_list("pk", flat=True))


def _keep_etags(batch: Batch) -> None:
    ReadEtag.objects.bulk_create(
        [
            ReadEtag(key=key, etag=etag, read_at=batch.as_of)
            for key, etag in batch.etags.items()
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["etag", "read_at"],
    )


def video_facts(video: RemoteVideo) -> Facts:
    """What a read says of a video; what it did not show says nothing."""
    values = video.values()
    known = {name: values[name] for name in VIDEO_FACTS if name in values}
    only = {
        "channel_id": video.channel_id or None,
        "channel_title": video.channel_title or None,
        "length_seconds": video.length_seconds,
        "published_at": video.published_at,
        "is_live_stream": video.is_live_stream,
        "thumbnail_url": video.thumbnail_url or None,
        **{name: getattr(video, name, None) for name in COUNTERS},
    }
    shown = {name: value for name, value in only.items() if value is not None}
    return {"video_id": video.video_id} | known | shown


def claim_facts(claim: RemoteClaim) -> Facts:
    return {
        "claim_id": claim.claim_id,
        "video_id": claim.video_id,
        "asset_id": claim.asset_id,
        "status": claim.status,
        "origin": claim.origin or None,
        "content_type": claim.content_type or None,
        "is_partner_provided": claim.is_partner_uploaded,
    }


def asset_facts(assets: Mapping[str, RemoteAsset]) -> Iterable[Facts]:
    """Facts under each id that was asked for: a merged asset answers to several."""
    for asset_id, asset in assets.items():
        title = (asset.provided or {}).get("title")
        named = {"asset_type": asset.asset_type or None, "title": title}
        shown = {name: value for name, value in named.items() if value is not None}
        yield {"asset_id": asset_id} | shown | asset.values()
