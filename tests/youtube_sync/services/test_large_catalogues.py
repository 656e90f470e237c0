"""Work on a whole catalogue costs what its videos, or its edits, cost."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Video
from tests.youtube_sync.services.many import make_many_videos, want_new_titles
from youtube_sync.models import PushPlan, QuotaEntry, RefreshRun
from youtube_sync.prices import price_of
from youtube_sync.services import plans, refresh

pytestmark = pytest.mark.django_db
INSERT = "INSERT INTO youtube_sync_planitem"
FILL = """
    INSERT INTO catalog_video SELECT (jsonb_populate_record(v, jsonb_build_object(
        'id', 1000000000 + n, 'video_id', 'x' || lpad(n::text, 10, '0')))).*
    FROM catalog_video v, generate_series(1, %s) n WHERE v.id = %s
"""


# Not one transaction: each step makes tables, whose locks would pile up.
@pytest.mark.django_db(transaction=True)
def test_known_videos_are_read_in_calls_of_fifty(
    sandbox, channel, account, connected, budget
):
    count = budget(101, 38_000)
    make_many_videos(sandbox, channel, count)
    run = RefreshRun.objects.create(
        account=account, scope=RefreshRun.Scope.CATALOGUE, with_counters=False
    )

    refresh.run_refresh(run=run, clients=connected)

    run.refresh_from_db()
    assert (run.state, run.read_count) == (RefreshRun.State.COMPLETED, count)
    reads = [call for call in sandbox.requests if call["operation"] == "videos.list"]
    assert len(reads) == run.call_count == -(-count // 50)
    assert QuotaEntry.objects.total_units() == sandbox.units_spent == len(reads)


@pytest.fixture
def filled(sandbox, channel, budget):
    """Many videos of which few have an unpushed edit; tells how many of each."""
    count, pending = budget((5_000, 50), (1_000_000, 10_000))
    [video] = make_many_videos(sandbox, channel, 1)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [count, video.pk])
    want_new_titles(f"id > 1000000000 AND id <= {1_000_000_000 + pending}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_video, catalog_channel, catalog_videosnapshot")
    return count, pending


def test_plan_of_everything_costs_what_its_edits_cost(filled, account, publisher):
    _, pending = filled
    started = time.monotonic()

    plan = plans.create_plan(
        videos=Video.objects.all(), account=account, actor=publisher
    )

    assert (plan.item_count, plan.price_units) == (pending, price_of(pending, 0).units)
    assert time.monotonic() - started < 30


def test_plan_of_everything_scans_no_videos(filled, account, publisher):
    with CaptureQueriesContext(connection) as captured:
        plans.create_plan(videos=Video.objects.all(), account=account, actor=publisher)
    PushPlan.objects.all().delete()

    items = [query["sql"] for query in captured if INSERT in query["sql"]]

    assert len(items) == 2  # videos and assets
    for steps in map(explained, items):
        assert "Seq Scan on catalog_video v" not in steps
        assert "catalog_video_pending" in steps


def explained(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row for (row,) in cursor.fetchall())
