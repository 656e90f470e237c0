"""Every index serves the query that docs/indexes.md names."""

import json
import re
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F

from catalog.models import (
    Asset,
    Change,
    ChangeSet,
    Channel,
    Claim,
    Highlight,
    HighlightKind,
    Observation,
    OwnershipConflict,
    Release,
    ReleaseMatch,
    SelectedVideo,
    ShortsVerdict,
    SpreadsheetFinding,
    Video,
)
from reports.models import Report, ReportRowError
from webhooks.models import WebhookDelivery
from youtube_sync.models import (
    MetadataSync,
    PushPlan,
    QuotaEntry,
    ReadEtag,
    RefreshRun,
)
from ytmanager.models import IdempotentRequest, LiveEvent, Notification

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[2] / "docs" / "indexes.md"

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
IMPORT = Observation(pk=1, content_owner_id=1, as_of=MOMENT, created_at=MOMENT)


def missing(field):
    return Video.objects.missing(field).order_by("pk").only("pk")


def highlights_of_one_kind():
    """Beside rows of other kinds: without them the index of all kinds serves too."""
    Highlight.objects.bulk_create(
        Highlight(observation_id=1, kind=kind, daily_views=views)
        for kind in HighlightKind.values
        for views in range(200)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_highlight")
    return Highlight.objects.filter(observation=1, kind="video_new")


QUERIES = {
    "catalog_video_search": lambda: Video.objects.search("song").order_by(),
    "catalog_video_published": lambda: Video.objects.only("pk")[:50],
    "catalog_video_views": lambda: Video.objects.in_order(
        "sort_views", is_descending=True
    ).only("pk")[:50],
    "catalog_video_pending": lambda: Video.objects.pending_push().order_by("pk"),
    "catalog_video_missing": lambda: Video.objects.no_longer_listed().order_by("pk"),
    **{
        f"catalog_video_no_{field}": partial(missing, field)
        for field in ("isrc", "upc", "artist")
    },
    "catalog_video_assignee": lambda: (
        Video.objects.assigned_to(User(pk=7)).order_by().only("pk")
    ),
    "catalog_video_isrc": lambda: Video.objects.filter(isrc="QZABC2500001").order_by(),
    "catalog_video_upc": lambda: Video.objects.filter(upc="036000291452").order_by(),
    "catalog_video_custom_id": lambda: Video.objects.filter(custom_id="A").order_by(),
    "catalog_video_uncleaned": lambda: (
        Video.objects.filter(custom_id=F("video_id"), primary_asset__isnull=False)
        .order_by()
        .values("primary_asset")
    ),
    "catalog_asset_isrc": lambda: Asset.objects.filter(isrc="QZABC2500001").order_by(),
    "catalog_asset_upc": lambda: Asset.objects.filter(upc="036000291452").order_by(),
    "catalog_asset_custom_id": lambda: Asset.objects.filter(custom_id="A").order_by(),
    "catalog_asset_constituents": lambda: (
        Asset.objects.with_constituents().only("pk").order_by()
    ),
    "catalog_asset_merged_into": lambda: Asset.objects.filter(merged_into=1).order_by(),
    "catalog_asset_ended": lambda: Asset.objects.ended_in(IMPORT).only("pk").order_by(),
    "catalog_asset_created": lambda: Asset.objects.new_in(IMPORT).only("pk").order_by(),
    "catalog_claim_ended": lambda: Claim.objects.ended_in(IMPORT).only("pk").order_by(),
    "catalog_claim_created": lambda: Claim.objects.new_in(IMPORT).only("pk").order_by(),
    "catalog_ownership_views": lambda: OwnershipConflict.objects.only("pk")[:50],
    "catalog_claim_video": lambda: Claim.objects.filter(video_id="abc").order_by(),
    "catalog_change_video": lambda: Change.objects.filter(video=1).order_by("-id"),
    "catalog_change_channel": lambda: Change.objects.filter(channel=1).order_by("-id"),
    "catalog_change_change_set": lambda: Change.objects.filter(change_set=1).order_by(),
    "catalog_change_exceptions": lambda: (
        Change.objects.exceptions().filter(change_set=1).order_by("pk")
    ),
    "catalog_change_observation": lambda: Change.objects.filter(
        observation=1
    ).order_by(),
    "catalog_changeset_under_way": lambda: ChangeSet.objects.waiting().order_by(),
    "catalog_selectedvideo_place": lambda: SelectedVideo.objects.filter(
        change_set=1
    ).order_by("place"),
    "catalog_sheetfinding_line": lambda: SpreadsheetFinding.objects.filter(
        spreadsheet=1
    ),
    "catalog_release_search": lambda: Release.objects.search("song").order_by(),
    "catalog_releasematch_list": lambda: ReleaseMatch.objects.proposed(),
    "catalog_highlight_ranked": highlights_of_one_kind,
    "catalog_highlight_all": lambda: Highlight.objects.filter(observation=1)[:50],
    "catalog_short_verdict": lambda: ShortsVerdict.objects.filter(verdict="yes"),
    "catalog_channel_name": lambda: Channel.objects.order_by("name", "channel_id"),
    "reports_report_content_hash": lambda: Report.objects.filter(
        content_hash="a"
    ).order_by(),
    "reports_report_state": lambda: Report.objects.filter(state="waiting").order_by(
        "id"
    ),
    "reports_reportrowerror_line": lambda: ReportRowError.objects.filter(
        report=1
    ).order_by("line"),
    "youtube_sync_plan_active": lambda: PushPlan.objects.active().order_by(),
    "youtube_sync_refresh_active": lambda: RefreshRun.objects.active().order_by(),
    "youtube_sync_readetag_age": lambda: ReadEtag.objects.read_before(
        datetime(2026, 3, 1, tzinfo=UTC)
    ),
    "youtube_sync_sync_video": lambda: MetadataSync.objects.filter(video=1).order_by(
        "-id"
    ),
    "youtube_sync_quota_day": lambda: QuotaEntry.objects.of_day(
        "default", date(2026, 3, 1)
    ).order_by(),
    "webhooks_delivery_waiting": lambda: (
        WebhookDelivery.objects.due(datetime(2026, 3, 1, tzinfo=UTC))
        .filter(endpoint=1)
        .in_turn()
    ),
    "webhooks_delivery_created": lambda: WebhookDelivery.objects.finished_before(
        datetime(2026, 3, 1, tzinfo=UTC)
    ).order_by(),
    "ytmanager_idempotent_created": lambda: IdempotentRequest.objects.made_before(
        datetime(2026, 3, 1, tzinfo=UTC)
    ),
    "ytmanager_notification_newest": lambda: Notification.objects.order_by(
        "-created_at", "-id"
    ),
    "ytmanager_notification_queue": lambda: Notification.objects.not_queued().order_by(
        "pk"
    ),
    "ytmanager_liveevent_xid": lambda: LiveEvent.objects.since(1),
    "ytmanager_liveevent_created": lambda: LiveEvent.objects.written_before(
        datetime(2026, 3, 1, tzinfo=UTC)
    ),
}


def indexes_of_the_models():
    return {
        index.name
        for app in ("catalog", "reports", "youtube_sync", "webhooks", "ytmanager")
        for model in apps.get_app_config(app).get_models()
        if not model._meta.proxy
        for index in model._meta.indexes
    }


def used_indexes(queryset):
    """Names in the plan when scanning the table is not an option."""
    with connection.cursor() as cursor:
        # Tables of tests are tiny: without this a scan always wins.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = json.loads(queryset.explain(format="json"))
    return set(re.findall(r'"Index Name": "(\w+)"', json.dumps(plan)))


@pytest.mark.parametrize("name", QUERIES)
def test_index_is_used_by_its_query(name):
    assert name in used_indexes(QUERIES[name]())


def test_every_index_has_a_query():
    assert indexes_of_the_models() == set(QUERIES)


def test_every_index_is_documented():
    documented = set(re.findall(r"^\| `(\w+)`", DOCUMENT.read_text(), re.M))

    assert documented == set(QUERIES)


@pytest.mark.parametrize("term", ["夜", "京の", "li", "x"])
def test_short_search_terms_use_the_search_index(term):
    assert "catalog_video_search" in used_indexes(Video.objects.search(term).order_by())


def test_codes_are_looked_up_beside_the_words():
    plan = used_indexes(Video.objects.search("USS1Z9900001").order_by())

    assert {"catalog_video_search", "catalog_video_isrc"} <= plan
