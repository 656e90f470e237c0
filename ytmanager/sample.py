"""Taking the sample data out of a system again.

Wiring: the sample spreads over every app. A row goes when it leads to the content
owner that the sample made; real data that came to that owner since stop it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import connection, transaction

from catalog.models import ContentOwner, Video
from reports.models import Report, ReportSource
from reports.samples.videos import SampleCatalogue
from youtube_sync.models import PushPlan, RefreshRun, YouTubeAccount
from ytmanager.exceptions import BusinessLogicError
from ytmanager.storage import get_report_store

logger = structlog.get_logger(__name__)

LOOPBACK = "127.0.0.1"
BATCH = 5_000
_CHANNELS = "(SELECT id FROM catalog_channel WHERE content_owner_id = %(owner)s)"
_VIDEOS = f"(SELECT id FROM catalog_video WHERE channel_id IN {_CHANNELS})"
_SEEN = "(SELECT id FROM catalog_observation WHERE content_owner_id = %(owner)s)"
_ACCOUNTS = (
    "(SELECT id FROM youtube_sync_youtubeaccount WHERE content_owner_id = %(owner)s)"
)
_PLANS = f"(SELECT id FROM youtube_sync_pushplan WHERE account_id IN {_ACCOUNTS})"
_RUNS = f"(SELECT id FROM youtube_sync_refreshrun WHERE account_id IN {_ACCOUNTS})"
_ITEMS = f"(SELECT id FROM youtube_sync_planitem WHERE plan_id IN {_PLANS})"
_REPORTS = "(SELECT id FROM reports_report WHERE content_owner_id = %(owner)s)"
_OF_OWNER = "content_owner_id = %(owner)s"


class SampleInUseError(BusinessLogicError):
    """Real data lead to the sample's content owner."""

    error_type = "sample_in_use"
    default_message = "The sample cannot be removed: real data depend on it."


# What goes, the leaves first; the ledger and the log of events stay.
_TOUCHED = f"""
    CREATE TEMP TABLE sample_change_set ON COMMIT DROP AS
    SELECT DISTINCT change_set_id AS id FROM catalog_change
    WHERE change_set_id IS NOT NULL
        AND (video_id IN {_VIDEOS} OR channel_id IN {_CHANNELS})
"""
_FORGOTTEN = (
    (
        "youtube_sync_quotaentry",
        "plan_id = NULL, item_id = NULL",
        f"plan_id IN {_PLANS}",
    ),
    ("youtube_sync_quotaentry", "refresh_id = NULL", f"refresh_id IN {_RUNS}"),
    ("catalog_scope", "channel_id = NULL", f"channel_id IN {_CHANNELS}"),
    ("catalog_scope", "content_owner_id = NULL", _OF_OWNER),
)
_REMOVED = (
    ("youtube_sync_metadatasync", f"item_id IN {_ITEMS}"),
    ("youtube_sync_planitem", f"plan_id IN {_PLANS}"),
    ("youtube_sync_pushobservation", f"plan_id IN {_PLANS}"),
    ("youtube_sync_pushplan", f"account_id IN {_ACCOUNTS}"),
    ("youtube_sync_refreshtarget", f"run_id IN {_RUNS}"),
    ("youtube_sync_refreshread", f"run_id IN {_RUNS}"),
    ("youtube_sync_missedvideo", f"video_id IN {_VIDEOS}"),
    ("youtube_sync_refreshrun", f"account_id IN {_ACCOUNTS}"),
    ("youtube_sync_uploadswalk", f"channel_id IN {_CHANNELS}"),
    ("youtube_sync_youtubeaccount", _OF_OWNER),
    ("catalog_releasematch", f"video_id IN {_VIDEOS}"),
    ("catalog_release", _OF_OWNER),
    ("catalog_releaselist", _OF_OWNER),
    ("catalog_highlight", f"observation_id IN {_SEEN}"),
    ("catalog_highlightcount", f"observation_id IN {_SEEN}"),
    ("catalog_conflict", f"video_id IN {_VIDEOS}"),
    ("catalog_ownershipconflict", _OF_OWNER),
    ("catalog_change", f"video_id IN {_VIDEOS}"),
    ("catalog_change", f"channel_id IN {_CHANNELS}"),
    ("catalog_change", f"observation_id IN {_SEEN}"),
    ("catalog_selectedvideo", f"video_id IN {_VIDEOS}"),
    ("catalog_claim", _OF_OWNER),
    ("catalog_pushedvalue", f"video_id IN {_VIDEOS}"),
    ("catalog_shortsverdict", f"video_id IN {_VIDEOS}"),
    ("catalog_videostatistics", f"video_id IN {_VIDEOS}"),
    ("catalog_videosnapshot", f"video_id IN {_VIDEOS}"),
    ("catalog_video", f"channel_id IN {_CHANNELS}"),
    ("catalog_asset", _OF_OWNER),
    ("catalog_channelstatistics", f"channel_id IN {_CHANNELS}"),
    ("catalog_channel", _OF_OWNER),
    ("reports_reportrowerror", f"report_id IN {_REPORTS}"),
    ("reports_report", _OF_OWNER),
    ("catalog_observation", _OF_OWNER),
    ("catalog_contentowner", "id = %(owner)s"),
)
# Change sets of which nothing is left, and what hangs on them.
_EMPTIED = """
    DELETE FROM sample_change_set touched WHERE
        EXISTS (SELECT FROM catalog_change c WHERE c.change_set_id = touched.id)
        OR EXISTS (SELECT FROM catalog_spreadsheet s WHERE s.change_set_id = touched.id)
"""
_CHANGE_SETS = (
    "UPDATE catalog_changeset SET reverts_id = NULL"
    " WHERE reverts_id IN (SELECT id FROM sample_change_set)",
    "DELETE FROM catalog_selectedvideo"
    " WHERE change_set_id IN (SELECT id FROM sample_change_set)",
    "DELETE FROM catalog_changeset WHERE id IN (SELECT id FROM sample_change_set)",
)
# The trends were invented with the sample; they mean nothing for what is left.
_TRENDS = "DELETE FROM catalog_dailyfigure"


@dataclass(frozen=True, slots=True)
class Sample:
    """What would be removed, and what of it stands against that."""

    owner: ContentOwner
    video_count: int
    report_count: int
    plan_count: int
    reasons: tuple[str, ...]


def find_sample() -> Sample | None:
    """The sample of this system, or None."""
    owner = ContentOwner.objects.exclude(sample=None).first()
    if owner is None:
        return None
    return Sample(
        owner=owner,
        video_count=Video.objects.filter(channel__content_owner=owner).count(),
        report_count=Report.objects.filter(content_owner=owner).count(),
        plan_count=PushPlan.objects.filter(account__content_owner=owner).count(),
        reasons=tuple(_reasons(owner)),
    )


def _reasons(owner: ContentOwner) -> Iterator[str]:
    """Why the sample cannot go, in words."""
    if count := _real_videos(owner):
        yield f"{count:,} videos of {owner} are not of the sample."
    if ReportSource.objects.filter(content_owner=owner).exists():
        yield f"A report source delivers for {owner}. Give it another content owner."
    is_sandbox = urlsplit(settings.YOUTUBE_API_BASE).hostname == LOOPBACK
    own_accounts = YouTubeAccount.objects.filter(content_owner=owner)
    if not is_sandbox and own_accounts.exists():
        yield f"A Google account is connected for {owner}."
    if _is_at_work(owner):
        yield "An import, a refresh or a push of it is under way. Wait for its end."


def _is_at_work(owner: ContentOwner) -> bool:
    works: tuple[Any, ...] = (
        Report.objects.unfinished().filter(content_owner=owner),
        PushPlan.objects.active().filter(account__content_owner=owner),
        RefreshRun.objects.active().filter(account__content_owner=owner),
    )
    return any(rows.exists() for rows in works)


def _real_videos(owner: ContentOwner) -> int:
    """Videos that the sample's generator did not invent."""
    facts = owner.sample or {}
    made = SampleCatalogue(videos=facts["videos"], seed=facts["seed"])
    own = Video.objects.filter(channel__content_owner=owner)
    invented_count = sum(
        own.filter(video_id__in=[made.video_id(number) for number in numbers]).count()
        for numbers in _batches(made.count)
    )
    return own.count() - invented_count


def _batches(count: int) -> Iterator[range]:
    """Numbers of invented videos: some vanish from day to day, others come instead."""
    end = count + count // 10 + 50
    for start in range(0, end, BATCH):
        yield range(start, min(start + BATCH, end))


def remove_sample(*, actor: User) -> Sample:
    """Remove the sample in one transaction; the files in the store go after it.

    Raises SampleInUseError when real data depend on it, or when there is none.
    """
    with transaction.atomic():
        sample = find_sample()
        if sample is None:
            raise SampleInUseError("There is no sample data in this system.")
        if sample.reasons:
            raise SampleInUseError(" ".join(sample.reasons))
        keys = list(_own_files(sample.owner))
        _delete_rows(sample.owner.pk)
        _note(sample, actor)
        transaction.on_commit(lambda: _delete_files(keys), robust=True)
    return sample


def _own_files(owner: ContentOwner) -> Iterator[str]:
    """Keys of the files that the sample wrote, none that a person brought."""
    reports = Report.objects.filter(content_owner=owner, bucket="", source=None)
    yield from reports.filter(requested_by=None).values_list("key", flat=True)


def _delete_rows(owner_pk: int) -> None:
    parameters = {"owner": owner_pk}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, parameters)
        for table, values, condition in _FORGOTTEN:
            cursor.execute(f"UPDATE {table} SET {values} WHERE {condition}", parameters)
        for table, condition in _REMOVED:
            cursor.execute(f"DELETE FROM {table} WHERE {condition}", parameters)
        for statement in (_EMPTIED, *_CHANGE_SETS, _TRENDS):
            cursor.execute(statement)


def _note(sample: Sample, actor: User) -> None:
    """Leave a trace: in the log of the admin and in the logs."""
    LogEntry.objects.create(
        user=actor,
        action_flag=CHANGE,
        object_repr=str(sample.owner)[:200],
        change_message=f"Removed the sample data: {sample.video_count} videos, "
        f"{sample.report_count} reports, {sample.plan_count} push plans.",
    )
    logger.info("sample_removed", actor_pk=actor.pk, video_count=sample.video_count)


def _delete_files(keys: list[str]) -> None:
    store = get_report_store()
    for key in keys:
        store.delete(key)
