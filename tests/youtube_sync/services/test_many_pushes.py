"""Many pushes through a bad network: every item ends, and YouTube is as wanted."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection

from catalog.models import Video
from tests.youtube_sync.services.conftest import run
from tests.youtube_sync.services.many import make_many_videos, want_new_titles
from youtube_sync.exceptions import NothingToPushError
from youtube_sync.models import MetadataSync, PlanItem, PushPlan, QuotaEntry
from youtube_sync.sandbox.faults import Fault

pytestmark = pytest.mark.django_db
State = PushPlan.State
LOST = "drop_after_commit"
DAY = timedelta(days=1)
CALLS = {"videos.list", "videos.update"}


@dataclass
class BadNetwork:
    """Random faults in fixed shares of the calls, the same in every run."""

    chance: random.Random = field(default_factory=lambda: random.Random(20250301))
    shares: dict = field(
        default_factory=lambda: {
            "status_503": 0.10,
            "drop_before_commit": 0.01,
            LOST: 0.01,
        }
    )
    happened: dict = field(default_factory=dict)

    def take(self, operation):
        if operation not in CALLS:
            return None
        [kind] = self.chance.choices(
            ["", *self.shares], [1 - sum(self.shares.values()), *self.shares.values()]
        )
        if not kind:
            return None
        key = (kind, operation)
        self.happened[key] = self.happened.get(key, 0) + 1
        return Fault(kind, operation)


@pytest.fixture
def network(sandbox, monkeypatch):
    network = BadNetwork()
    monkeypatch.setattr(sandbox.sandbox.faults, "take", network.take)
    return network


def next_day(sandbox):
    """Let midnight pass in California, for both sides."""
    sandbox.sandbox.clock.advance(DAY.total_seconds())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE youtube_sync_quotaentry SET quota_on = quota_on - 1")


def push_to_the_end(sandbox, plan, connected):
    """Run the plan as the workers would; tells how often the quota was spent."""
    spent_days = 0
    for _ in range(10_000):
        plan = run(plan, connected)
        if not plan.is_active:
            return plan, spent_days
        if plan.state == State.WAITING_QUOTA:
            spent_days += 1
            next_day(sandbox)
    raise AssertionError("the plan never ended")


def states_of(plan):
    return plan.items.counts_by_state()


def without_title(video):
    snippet = {
        name: value
        for name, value in video["snippet"].items()
        if name not in {"title", "localized"}
    }
    return video | {"snippet": snippet, "etag": None}


# Not one transaction: each batch makes tables, whose locks would pile up.
@pytest.mark.django_db(transaction=True)
def test_thousands_of_pushes_through_a_bad_network_end_well(
    settings, sandbox, channel, make_plan, connected, network, budget
):
    count = budget(60, 5000)
    videos = make_many_videos(sandbox, channel, count)
    before = {v.video_id: without_title(sandbox.video(v.video_id)) for v in videos}
    gone = videos[7].video_id
    sandbox.sandbox.store.delete("video", gone)
    want_new_titles()
    # YouTube has less left than we believe: it says twice that the day is spent.
    settings.YOUTUBE_DAILY_QUOTA = 1000 * count
    sandbox.change_settings(daily_units=20 * count, stale_read_seconds=1)

    plan, spent_days = push_to_the_end(sandbox, make_plan(), connected)

    assert states_of(plan).keys() <= {"success", "already_there", "failed"}
    [failed] = plan.items.filter(state=PlanItem.State.FAILED)
    assert (failed.target_id, failed.message) == (
        gone,
        "This was not found on YouTube.",
    )
    assert (plan.state, plan.done_count) == (State.COMPLETED_WITH_ERRORS, count - 1)
    assert spent_days >= 2
    shown = {video_id: sandbox.video(video_id) for video_id in before.keys() - {gone}}
    assert all(shown[v]["snippet"]["title"] == f"{v} new" for v in shown)
    assert {v: without_title(shown[v]) for v in shown} == {v: before[v] for v in shown}
    assert Video.objects.pending_push().count() == 1
    assert network.happened[("status_503", "videos.update")] > 0
    # Paid for: never less than YouTube counts; more only for calls that were lost.
    assert QuotaEntry.objects.total_units() >= sandbox.units_spent
    assert not MetadataSync.objects.filter(state="pending").exists()


def test_unchanged_catalogue_is_pushed_without_a_call(
    sandbox, channel, make_plan, connected
):
    make_many_videos(sandbox, channel, 30)
    want_new_titles("video_id LIKE '%1'")
    run(make_plan(), connected)
    calls = len(sandbox.requests)

    with pytest.raises(NothingToPushError):
        make_plan()

    assert len(sandbox.requests) == calls


def test_each_changed_video_costs_one_write_and_its_share_of_a_read(
    sandbox, channel, make_plan, connected
):
    make_many_videos(sandbox, channel, 55)
    want_new_titles()

    run(make_plan(), connected)

    operations = [call["operation"] for call in sandbox.requests]
    assert operations.count("videos.list") == 2
    assert operations.count("videos.update") == 55
    # No reply was lost, so the ledger is what YouTube counts.
    assert QuotaEntry.objects.total_units() == sandbox.units_spent
