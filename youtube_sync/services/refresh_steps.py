"""The steps of a refresh: known videos, new uploads, claims and assets.

Each reads up to 50 ids a call and hands ten calls or so to one merge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from catalog.models import Channel, Claim, Video
from catalog.observations.presence import were_observed_since
from youtube_sync.client import ContentIdClient, UploadsPage, YouTubeClient
from youtube_sync.exceptions import RemoteNotFoundError, YouTubeAPIError
from youtube_sync.models import ReadEtag, RefreshRun, UploadsWalk
from youtube_sync.prices import IDS_PER_CALL, PLAYLIST_ITEMS_LIST, VIDEOS_LIST
from youtube_sync.remote import RemoteAsset
from youtube_sync.services import quota
from youtube_sync.services.attempts import with_patience
from youtube_sync.services.refresh_facts import (
    Batch,
    asset_facts,
    claim_facts,
    store,
    video_facts,
)

CALLS_PER_MERGE = 10
UPLOADS_AGAIN = timedelta(days=30)
PAGE_IS_GONE = "invalidPageToken"
Keys = dict[str, int]  # our keys by YouTube's ids
Check = Callable[[], None]
ALL_STATUSES = ("active", "inactive", "pending", "disputed", "appealed", "takedown")


def read_known_videos(run: RefreshRun, youtube: YouTubeClient, check: Check) -> None:
    """Read the videos of the run's scope: exactly one call for 50."""
    while keys := _next_videos(run, IDS_PER_CALL * CALLS_PER_MERGE):
        check()
        batch = Batch()
        try:
            for ids in _chunks(list(keys)):
                _read_videos(run, youtube, {i: keys[i] for i in ids}, batch)
                batch.cursor = keys[ids[-1]]
        finally:
            if batch.calls:
                store(run, batch)


def _next_videos(run: RefreshRun, count: int) -> Keys:
    """The next videos after the cursor; the last ones that were there at the start."""
    videos = Video.objects.filter(pk__gt=run.cursor, pk__lte=run.last_video_pk)
    if run.scope == RefreshRun.Scope.CATALOGUE:
        videos = videos.filter(channel__content_owner=run.account.content_owner_id)
    else:
        videos = videos.filter(refresh_targets__run=run)
    return dict(videos.order_by("pk").values_list("video_id", "pk")[:count])


def _chunks(ids: Sequence[str]) -> list[list[str]]:
    starts = range(0, len(ids), IDS_PER_CALL)
    return [list(ids[start : start + IDS_PER_CALL]) for start in starts]


def _read_videos(
    run: RefreshRun, youtube: YouTubeClient, keys: Keys, batch: Batch
) -> None:
    """One call; nothing is merged when YouTube says that all is as it was."""
    ids = list(keys)
    mark = _etag_key(run, ids)
    etag = _usable_etag(run, mark, keys)

    def call() -> Any:
        with _paid(run, "videos.list", VIDEOS_LIST):
            batch.calls += 1
            return youtube.read_videos(ids, with_counters=run.with_counters, etag=etag)

    read = with_patience(call)
    if read is None:
        batch.unchanged += keys.values()
        return
    batch.videos += map(video_facts, read.videos.values())
    batch.shown += [keys[video_id] for video_id in read.videos if video_id in keys]
    batch.missing += [key for i, key in keys.items() if i not in read.videos]
    if _remembers(run) and len(read.videos) == len(keys) and read.etag:
        batch.etags[mark] = read.etag


def _remembers(run: RefreshRun) -> bool:
    """Counters move all the time, and only whole runs ask for the same ids again."""
    return run.scope == RefreshRun.Scope.CATALOGUE and not run.with_counters


def _etag_key(run: RefreshRun, ids: Sequence[str]) -> str:
    text = f"{run.account.content_owner_id} {','.join(ids)}"
    return hashlib.sha256(text.encode()).hexdigest()


def _usable_etag(run: RefreshRun, mark: str, keys: Keys) -> str:
    """The mark of the last read, unless something else was learnt since then."""
    if not _remembers(run):
        return ""
    kept = ReadEtag.objects.filter(key=mark).first()
    if kept is None or were_observed_since(list(keys.values()), kept.read_at):
        return ""
    return kept.etag


def _paid(run: RefreshRun, call: str, units: int) -> AbstractContextManager[Any]:
    return quota.spending(units=units, call=call, payer=quota.Payer(refresh=run))


# New uploads


def read_uploads(run: RefreshRun, youtube: YouTubeClient, check: Check) -> None:
    """Look for videos that the catalogue does not know, channel by channel.

    Lists begin with the newest: once one was read to its end, a page that brings
    nothing new is the last. Each month it is read to the end again, because a list
    that gets shorter while it is read hides a video between two pages. What
    YouTube leaves out of the list (it ends near 20,000) only reports tell.
    """
    while channel := _next_channel(run):
        check()
        try:
            page = with_patience(partial(_uploads_page, run, youtube, channel))
        except RemoteNotFoundError:
            store(run, Batch(cursor=channel.pk, calls=1))
            continue
        except YouTubeAPIError as error:
            if not run.page_token or error.reason != PAGE_IS_GONE:
                raise
            run.page_token = ""  # this channel once more, from its newest video
            store(run, Batch(calls=1))
            continue
        batch = Batch(calls=1)
        unknown = _unknown(page.video_ids)
        if unknown:
            _read_videos(run, youtube, dict.fromkeys(unknown, 0), batch)
            batch.shown, batch.missing = [], []
        _turn_page(run, channel, page, batch)
        store(run, batch)


def _turn_page(
    run: RefreshRun, channel: Channel, page: UploadsPage, batch: Batch
) -> None:
    """Go on in the list, or to the next channel."""
    since = timezone.now() - UPLOADS_AGAIN
    is_needed = batch.videos or not UploadsWalk.objects.is_known(channel, since)
    run.page_token = page.next_token if is_needed else ""
    batch.cursor = 0 if run.page_token else channel.pk
    if not page.next_token:
        batch.walked_channel = channel.pk


def _next_channel(run: RefreshRun) -> Channel | None:
    own = Channel.objects.filter(content_owner=run.account.content_owner_id)
    return own.filter(pk__gt=run.cursor).order_by("pk").first()


def _uploads_page(run: RefreshRun, youtube: YouTubeClient, channel: Channel) -> Any:
    playlist_id = "UU" + channel.channel_id.removeprefix("UC")
    with _paid(run, "playlistItems.list", PLAYLIST_ITEMS_LIST):
        return youtube.list_uploads(playlist_id, run.page_token)


def _unknown(video_ids: Sequence[str]) -> list[str]:
    known = Video.objects.filter(video_id__in=video_ids)
    missing = set(video_ids) - set(known.values_list("video_id", flat=True))
    return [video_id for video_id in video_ids if video_id in missing]


# Claims and assets


def read_assets(run: RefreshRun, content_id: ContentIdClient, check: Check) -> None:
    """Read the claims on the run's videos and the metadata of their assets."""
    while keys := _next_videos(run, IDS_PER_CALL):
        check()
        batch, ids = Batch(cursor=max(keys.values())), list(keys)

        def paid(name: str, batch: Batch = batch) -> AbstractContextManager[Any]:
            batch.calls += 1  # Content ID publishes no price
            return _paid(run, name, 0)

        claims = with_patience(
            partial(
                content_id.find_claims,
                ids,
                ALL_STATUSES,
                partial(paid, "claimSearch.list"),
            )
        )
        batch.claims = [claim_facts(claim) for claim in claims if claim.asset_id]
        batch.reconsidered = _moved(ids, batch.claims)
        asset_ids = list(dict.fromkeys(claim["asset_id"] for claim in batch.claims))
        for chunk in _chunks(asset_ids):
            read = partial(
                _read_assets, content_id, chunk, partial(paid, "assets.list")
            )
            found = with_patience(read)
            asked = {i: asset for i, asset in found.items() if i in chunk}
            batch.assets += asset_facts(asked)
        store(run, batch)


def _read_assets(
    content_id: ContentIdClient,
    asset_ids: list[str],
    paid: Callable[[], AbstractContextManager[Any]],
) -> dict[str, RemoteAsset]:
    with paid():
        return content_id.get_assets(asset_ids)


def _moved(video_ids: Sequence[str], claims: Sequence[dict[str, Any]]) -> list[str]:
    """The videos that have another claim, or one in another state, than is known."""
    rows = Claim.objects.filter(video_id__in=video_ids)
    known = set(rows.values_list("video_id", "claim_id", "asset__asset_id", "status"))
    read = {(c["video_id"], c["claim_id"], c["asset_id"], c["status"]) for c in claims}
    return sorted({video_id for video_id, *_ in read - known})


def prepare(run: RefreshRun) -> None:
    """Note where a new run ends: videos that come later are not its business."""
    if run.started_at is not None and run.last_video_pk:
        return
    videos = Video.objects.all()
    if run.scope == RefreshRun.Scope.CATALOGUE:
        videos = videos.filter(channel__content_owner=run.account.content_owner_id)
    else:
        videos = videos.filter(refresh_targets__run=run)
    last = videos.order_by("-pk").values_list("pk", flat=True).first()
    run.last_video_pk, run.total_count = last or 0, videos.count()
    run.updated_at = timezone.now()
    run.save(update_fields=["last_video_pk", "total_count", "updated_at"])
