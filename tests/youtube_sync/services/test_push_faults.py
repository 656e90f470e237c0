"""Pushes that meet kills, outages, spent quota and other people at work."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.db import connection as db_connection
from django.utils import timezone

from catalog.choices import Source
from catalog.models import Conflict, Video
from catalog.observations.observe import observe_videos
from catalog.services.videos import update_video
from tests.factories.catalog import AssetFactory, UserFactory
from tests.youtube_sync.services.conftest import (
    VIDEO_ID,
    Killed,
    pending_of,
    run,
    want,
    written,
)
from youtube_sync.client import YouTubeClient
from youtube_sync.models import (
    MetadataSync,
    PlanItem,
    PushPlan,
    QuotaEntry,
    YouTubeAccount,
)
from youtube_sync.services import batches, plans, push, quota
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db


def kill_at(monkeypatch, place):
    """Let the worker die once, before or after the call reached the sandbox."""
    update = YouTubeClient.update_video

    def dying(self, live, changes):
        monkeypatch.undo()
        if place == "after the write":
            update(self, live, changes)
        raise Killed

    monkeypatch.setattr(YouTubeClient, "update_video", dying)


@pytest.mark.parametrize(
    ("place", "writes"), [("before the write", 1), ("after the write", 1)]
)
def test_push_goes_on_after_its_worker_was_killed(
    sandbox, make_video, make_plan, connected, monkeypatch, place, writes
):
    video = make_video(title="New title")
    plan = make_plan()
    with monkeypatch.context() as patch:
        kill_at(patch, place)
        with pytest.raises(Killed):
            run(plan, connected)

    plan = run(plan, connected)

    assert len(written(sandbox)) == writes
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "New title"
    assert plan.state == PushPlan.State.COMPLETED
    assert pending_of(video) == []
    assert MetadataSync.objects.filter(state="uncertain").count() == 1
    assert quota.get_budget().used >= sandbox.units_spent


def kill_before_the_replies_are_observed(plan, connected, monkeypatch):
    def die(observation, **facts):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(batches, "observe_as", die)
        with pytest.raises(Killed):
            run(plan, connected)


@pytest.mark.parametrize("stale_seconds", [0, 60])
def test_recorded_replies_of_a_killed_worker_are_not_asked_for_again(
    sandbox, make_video, make_plan, connected, monkeypatch, stale_seconds
):
    videos = [make_video(f"video00000{n}", title="New title") for n in range(3)]
    sandbox.change_settings(stale_read_seconds=stale_seconds)
    plan = make_plan()
    kill_before_the_replies_are_observed(plan, connected, monkeypatch)

    plan = run(plan, connected)

    assert len(written(sandbox)) == 3
    assert plan.items.counts_by_state() == {"success": 3}
    assert (plan.state, plan.done_count) == (PushPlan.State.COMPLETED, 3)
    assert [pending_of(video) for video in videos] == [[], [], []]
    assert quota.get_budget().used == sandbox.units_spent
    assert MetadataSync.objects.filter(state="success").count() == 3


def test_recorded_reply_does_not_hide_what_was_read_after_it(
    sandbox, owner, make_video, make_plan, connected, monkeypatch
):
    video = make_video(title="New title")
    plan = make_plan()
    kill_before_the_replies_are_observed(plan, connected, monkeypatch)
    later = {"video_id": VIDEO_ID, "title": "Changed in Studio"}
    observe_videos(
        content_owner=owner,
        source=Source.REFRESH,
        as_of=timezone.now() + timedelta(seconds=1),
        facts=[later],
    )

    run(plan, connected)

    video.snapshot.refresh_from_db()
    assert video.snapshot.title == "Changed in Studio"
    assert len(written(sandbox)) == 1


def test_field_that_was_left_unsent_keeps_its_reason_after_a_kill(
    sandbox, make_video, make_plan, connected, monkeypatch
):
    video = make_video(title="New title", description="Ours")
    plan = make_plan()
    sandbox.edit_video(VIDEO_ID, description="Theirs")
    kill_before_the_replies_are_observed(plan, connected, monkeypatch)

    run(plan, connected)

    item = plan.items.get()
    results = {name: entry["result"] for name, entry in item.fields.items()}
    assert results == {"title": "sent", "description": "conflict"}
    assert item.state == PlanItem.State.CONFLICT
    assert pending_of(video) == ["description"]


def test_edit_while_the_push_is_under_way_stays_pending(
    sandbox, make_video, make_plan, connected, monkeypatch
):
    video = make_video(title="New title")
    plan = make_plan()
    observe = batches.observe_as

    def edit_first(observation, **facts):
        editor = UserFactory()
        update_video(video=video, values={"title": "Newer"}, actor=editor)
        return observe(observation, **facts)

    monkeypatch.setattr(batches, "observe_as", edit_first)

    plan = run(plan, connected)

    video.refresh_from_db()
    assert plan.state == PushPlan.State.COMPLETED
    assert (video.title, video.snapshot.title) == ("Newer", "New title")
    assert pending_of(video) == ["title"]
    assert not Conflict.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_plan_at_work_is_left_alone(sandbox, make_video, make_plan, connected):
    make_video(title="New title")
    plan = make_plan()
    other = db_connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [push.LOCKS, plan.pk])

    plan = run(plan, connected)
    other.close()

    assert plan.state == PushPlan.State.CONFIRMED
    assert written(sandbox) == []


def test_run_twice_changes_nothing(sandbox, make_video, make_plan, connected):
    make_video(title="New title")
    plan = run(make_plan(), connected)
    requests = len(sandbox.requests)

    run(plan, connected)

    assert len(sandbox.requests) == requests


# Faults


def test_lost_reply_is_found_by_reading_again(
    sandbox, make_video, make_plan, connected
):
    video = make_video(title="New title")
    sandbox.add_fault("drop_after_commit", "videos.update")

    plan = run(make_plan(), connected)

    assert len(written(sandbox)) == 1
    assert plan.state == PushPlan.State.COMPLETED
    assert pending_of(video) == []
    assert quota.get_budget().used >= sandbox.units_spent


@pytest.mark.parametrize(
    "fault", ["status_503", "drop_before_commit", "rate_limit_429"]
)
def test_outage_of_a_moment_is_tried_again(
    sandbox, make_video, make_plan, connected, fault
):
    make_video(title="New title")
    sandbox.add_fault(fault, "videos.update")

    plan = run(make_plan(), connected)

    assert plan.state == PushPlan.State.COMPLETED
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "New title"


def test_long_outage_lets_the_plan_wait(sandbox, make_video, make_plan, connected):
    make_video(title="New title")
    sandbox.add_fault("status_503", "videos.list", count=-1)

    plan = run(make_plan(), connected)

    assert plan.state == PushPlan.State.CONFIRMED
    assert plan.resume_at > timezone.now()
    assert plan.items.get().state == PlanItem.State.PENDING


def test_stale_read_after_our_own_push_waits(sandbox, make_video, make_plan, connected):
    video = make_video(title="First title")
    sandbox.change_settings(stale_read_seconds=30)
    run(make_plan(), connected)
    want(video, tags=["second"])

    plan = run(make_plan(), connected)

    assert plan.state == PushPlan.State.CONFIRMED
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "First title"
    assert not Conflict.objects.exists()


# Quota


def test_spent_quota_lets_the_plan_wait_for_the_reset(
    sandbox, make_video, make_plan, connected
):
    make_video(title="New title")
    sandbox.add_fault("quota_exceeded", "videos.update")

    plan = run(make_plan(), connected)

    assert plan.state == PushPlan.State.WAITING_QUOTA
    assert plan.resume_at == quota.next_reset()
    assert plan.items.get().state == PlanItem.State.PENDING
    assert quota.get_budget().is_closed


def test_plan_that_waited_for_quota_goes_on(sandbox, make_video, make_plan, connected):
    make_video(title="New title")
    sandbox.add_fault("quota_exceeded", "videos.update")
    plan = run(make_plan(), connected)
    QuotaEntry.objects.update(quota_on=quota.pacific_day() - timedelta(days=1))

    plan = run(plan, connected)

    assert plan.state == PushPlan.State.COMPLETED


def test_share_for_single_pushes_is_kept(
    settings, sandbox, make_video, make_plan, connected
):
    settings.YOUTUBE_DAILY_QUOTA = 52
    make_video(title="New title")

    plan = run(make_plan(), connected)

    assert plan.state == PushPlan.State.WAITING_QUOTA
    assert not written(sandbox)


def test_single_push_may_use_the_kept_share(
    settings, sandbox, make_video, make_plan, connected
):
    settings.YOUTUBE_DAILY_QUOTA = 52
    make_video(title="New title")

    plan = run(make_plan(is_urgent=True), connected)

    assert plan.state == PushPlan.State.COMPLETED


def test_items_that_ended_before_the_quota_did_are_kept(
    sandbox, make_video, make_plan, connected
):
    first, second = (make_video(f"video00000{n}", title="New") for n in (1, 2))
    sandbox.add_fault("quota_exceeded", "videos.update", skip=1)

    plan = run(make_plan(), connected)

    assert (pending_of(first), pending_of(second)) == ([], ["title"])
    assert plan.done_count == 1


# Accounts


def test_dead_permission_stops_the_queue_and_loses_nothing(
    sandbox, account, make_video, make_plan, connected
):
    make_video(title="New title")
    sandbox.sandbox.oauth.revoke_everything()

    plan = run(make_plan(), connected)

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.NEEDS_RECONNECT
    assert plan.state == PushPlan.State.CONFIRMED
    assert plan.items.get().state == PlanItem.State.PENDING
    assert LiveEvent.objects.filter(type="notification").exists()


def test_expired_access_token_is_refreshed(
    sandbox, account, make_video, make_plan, connected
):
    make_video(title="New title")
    sandbox.sandbox.oauth.expire("access_token")
    old_token = account.access_token

    plan = run(make_plan(), connected)

    account.refresh_from_db()
    assert plan.state == PushPlan.State.COMPLETED
    assert account.access_token != old_token


def test_forbidden_video_fails_and_the_next_one_is_sent(
    sandbox, make_video, make_plan, connected
):
    first, second = (make_video(f"video00000{n}", title="New") for n in (1, 2))
    sandbox.add_fault("forbidden", "videos.update")

    plan = run(make_plan(), connected)

    assert plan.state == PushPlan.State.COMPLETED_WITH_ERRORS
    assert (pending_of(first), pending_of(second)) == (["title"], [])


def test_cancelled_plan_is_left_alone(
    sandbox, publisher, make_video, make_plan, connected
):
    make_video(title="New title")
    plan = make_plan()
    plans.cancel_plan(plan=plan, actor=publisher)

    plan = run(plan, connected)

    assert plan.state == PushPlan.State.CANCELLED
    assert not sandbox.requests


@pytest.mark.django_db(transaction=True)
def test_plan_that_starts_cannot_be_cancelled_unseen(
    sandbox, make_video, make_plan, connected, monkeypatch
):
    make_video(title="New title")
    plan, refused = make_plan(), []

    def try_to_cancel():
        try:
            with transaction.atomic():
                PushPlan.objects.select_for_update(nowait=True).get(pk=plan.pk)
        except OperationalError as error:
            refused.append(error)
        finally:
            db_connection.close()

    def settle_while_somebody_cancels(**_):
        person = threading.Thread(target=try_to_cancel)
        person.start()
        person.join()
        return 0

    monkeypatch.setattr(
        QuotaEntry.objects, "settle_open", settle_while_somebody_cancels
    )

    run(plan, connected)

    assert len(refused) == 1


def test_asset_that_the_video_left_after_the_plan_is_not_written(
    sandbox, make_asset_video, make_plan, connected
):
    video = make_asset_video(label="New label")
    want(video, label="New label")
    plan = make_plan()
    Video.objects.filter(pk=video.pk).update(primary_asset=AssetFactory())

    run(plan, connected)

    item = plan.items.get(target_kind="asset")
    assert item.state == PlanItem.State.MOVED
    assert not written(sandbox)


def test_defect_fails_the_plan_instead_of_repeating_it(
    make_video, make_plan, connected, monkeypatch
):
    make_video(title="New title")
    plan = make_plan()
    monkeypatch.setattr(batches, "Catalogue", None)

    with pytest.raises(TypeError):
        run(plan, connected)

    plan.refresh_from_db()
    assert plan.state == PushPlan.State.FAILED


def test_states_are_recorded_as_live_events(make_video, make_plan, connected):
    make_video(title="New title")

    plan = run(make_plan(), connected)

    events = LiveEvent.objects.filter(type="sync.status").order_by("sequence")
    of_plan = [e.payload["state"] for e in events if f"plan.{plan.pk}" in e.groups]
    of_video = [e.payload["state"] for e in events if f"video.{VIDEO_ID}" in e.groups]
    assert of_plan == ["confirmed", "running", "completed"]
    assert of_video == ["success"]
