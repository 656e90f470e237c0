"""Refresh over HTTP: what is read, what it costs, what goes wrong on the way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Change, Claim, Conflict, Observation, Video
from tests.youtube_sync.services.conftest import (
    OBSERVED,
    PROVIDED,
    calls,
    known_videos,
    want,
)
from youtube_sync.models import (
    MissedVideo,
    PushPlan,
    QuotaEntry,
    ReadEtag,
    RefreshRun,
    YouTubeAccount,
)
from youtube_sync.services import refresh, refresh_requests
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db
State = RefreshRun.State


def test_refresh_follows_what_changed_on_youtube(sandbox, make_video, start, go):
    video = make_video()
    sandbox.edit_video(video.video_id, title="Edited in Studio", view_count=77)

    run = go(start(with_counters=True))

    video = Video.objects.select_related("statistics").get(pk=video.pk)
    assert run.state == State.COMPLETED
    assert (video.title, video.statistics.view_count) == ("Edited in Studio", 77)
    assert (run.read_count, run.changed_count, run.total_count) == (1, 1, 1)
    change = Change.objects.get(field="title")
    assert change.observation.refresh_read.run == run


def test_refresh_keeps_an_unpushed_edit_and_opens_a_conflict(
    sandbox, make_video, start, go
):
    video = make_video(title="Ours")
    sandbox.edit_video(video.video_id, title="Theirs")

    run = go(start())

    assert Video.objects.get(pk=video.pk).title == "Ours"
    assert Conflict.objects.get().theirs == "Theirs"
    assert run.conflict_count == 1


def test_refresh_takes_one_call_for_fifty_videos(sandbox, channel, start, go):
    known_videos(sandbox, channel, 120)

    run = go(start())

    assert len(calls(sandbox)) == 3
    assert (run.call_count, run.read_count) == (3, 120)
    assert sandbox.units_spent == QuotaEntry.objects.total_units() == 3
    assert Observation.objects.filter(source="refresh").count() == 1


def test_refresh_reads_only_what_it_needs(sandbox, make_video, start, go):
    make_video()

    go(start())

    [call] = calls(sandbox)
    assert "items(id,snippet(" in call["query"]["fields"]
    assert "statistics" not in call["query"]["part"]


def test_refresh_of_the_same_is_answered_in_a_word(sandbox, channel, start, go):
    known_videos(sandbox, channel, 60)
    go(start())
    before = set(Video.objects.values_list("updated_at", flat=True))

    run = go(start())

    assert [r["status"] for r in calls(sandbox)] == [200, 200, 304, 304]
    assert (run.unchanged_count, run.changed_count, run.read_count) == (60, 0, 60)
    assert set(Video.objects.values_list("updated_at", flat=True)) == before
    assert Observation.objects.filter(source="refresh").count() == 1


def test_unchanged_answer_makes_the_facts_younger(sandbox, channel, start, go):
    known_videos(sandbox, channel, 1)
    first = go(start())

    second = go(start())

    ages = Video.objects.get().statistics
    assert ages.snippet_as_of > first.started_at
    assert ages.snippet_as_of >= second.started_at


def test_mark_is_not_trusted_after_other_news(sandbox, channel, start, go):
    known_videos(sandbox, channel, 1)
    go(start())
    later = timezone.now() + timedelta(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_videostatistics SET snippet_as_of = %s", [later])

    go(start())

    assert [r["status"] for r in calls(sandbox)] == [200, 200]


def test_old_marks_are_forgotten(sandbox, make_video, start, go):
    long_ago = timezone.now() - timedelta(days=31)
    ReadEtag.objects.create(key="old", etag="e", read_at=long_ago)
    make_video()

    go(start())

    assert not ReadEtag.objects.filter(key="old").exists()


# Videos that YouTube leaves out


def test_video_that_two_refreshes_miss_is_marked_not_found(
    sandbox, make_video, start, go
):
    video = make_video()
    sandbox.sandbox.store.delete("video", video.video_id)

    once = go(start())
    missed_once = Video.objects.get().not_found_at
    twice = go(start())

    assert (once.missing_count, once.gone_count, missed_once) == (1, 0, None)
    assert (twice.gone_count, Video.objects.gone_from_youtube().count()) == (1, 1)
    change = Change.objects.get(field="not_found_at")
    assert change.observation.refresh_read.run == twice


def test_video_that_comes_back_is_found_again(sandbox, make_video, start, go, channel):
    video = make_video()
    sandbox.sandbox.store.delete("video", video.video_id)
    go(start())
    go(start())
    sandbox.add_video(video.video_id, channel_id=channel.channel_id, **OBSERVED)

    run = go(start())

    assert run.back_count == 1
    assert Video.objects.get().not_found_at is None
    assert not MissedVideo.objects.exists()


def test_one_miss_is_forgotten_once_the_video_is_shown(
    sandbox, make_video, start, go, channel
):
    video = make_video()
    doc = sandbox.sandbox.store.get("video", video.video_id)
    sandbox.sandbox.store.delete("video", video.video_id)
    go(start())
    sandbox.sandbox.catalogue.save_video(doc)
    go(start())
    sandbox.sandbox.store.delete("video", video.video_id)

    run = go(start())

    assert (run.missing_count, run.gone_count) == (1, 0)
    assert Video.objects.get().not_found_at is None


# Claims and assets


def test_assets_come_through_the_claims(sandbox, make_asset_video, start, go):
    video = make_asset_video()
    sandbox.sandbox.catalogue.add_asset(
        video.primary_asset.asset_id, metadataMine=PROVIDED | {"album": "Second"}
    )

    run = go(start(with_assets=True))

    assert Video.objects.get(pk=video.pk).album == "Second"
    assert run.asset_count == 1
    assert run.changed_count + run.unchanged_count == 1
    assert [e.units for e in QuotaEntry.objects.filter(call="assets.list")] == [0]


def test_new_claim_gives_a_video_its_primary_asset(sandbox, channel, start, go):
    known_videos(sandbox, channel, 1)
    sandbox.add_asset("A999999999999999", metadataMine=PROVIDED)
    sandbox.add_claim("Cnew", videoId="known000000", assetId="A999999999999999")

    go(start(with_assets=True))

    video = Video.objects.get()
    assert video.primary_asset.asset_id == "A999999999999999"
    assert video.custom_id == PROVIDED["customId"]
    assert Claim.objects.get().is_partner_provided is True


def test_run_without_content_id_leaves_assets_out(sandbox, make_video, start, go):
    make_video()
    sandbox.change_settings(content_id_enabled=False)

    run = go(start(with_assets=True))

    assert (run.state, run.message) == (State.COMPLETED, refresh.NO_CONTENT_ID)


# What goes wrong


def test_spent_quota_waits_for_the_reset_and_goes_on(
    sandbox, channel, start, go, settings
):
    known_videos(sandbox, channel, 120)
    settings.YOUTUBE_DAILY_QUOTA = 2

    run = go(start())

    assert run.state == State.WAITING_QUOTA
    assert run.resume_at > timezone.now()
    assert run.read_count == 100
    settings.YOUTUBE_DAILY_QUOTA = 100
    run = go(run)
    assert (run.state, run.read_count) == (State.COMPLETED, 120)
    assert len(calls(sandbox)) == 3


def test_schedule_stays_within_its_share(sandbox, channel, start, go, settings):
    known_videos(sandbox, channel, 120)
    settings.YOUTUBE_DAILY_QUOTA, settings.REFRESH_QUOTA_PERCENT = 100, 2

    scheduled = go(start(is_scheduled=True))
    by_hand = go(start())

    assert (scheduled.state, scheduled.call_count) == (State.WAITING_QUOTA, 2)
    assert (by_hand.state, by_hand.call_count) == (State.COMPLETED, 3)


def test_outage_is_waited_out(sandbox, make_video, start, go, monkeypatch):
    make_video()
    sandbox.add_fault("status_503", "videos.list", count=-1)

    run = go(start())

    assert run.state == State.WAITING
    assert run.resume_at > timezone.now()
    sandbox.sandbox.faults.clear()
    assert go(run).state == State.COMPLETED


def test_dead_permission_stops_the_account_and_keeps_the_run(
    sandbox, make_video, start, go, account
):
    make_video()
    sandbox.sandbox.oauth.revoke_everything()

    run = go(start())

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.NEEDS_RECONNECT
    assert (run.state, run.message) == (State.WAITING, refresh.WAITS_FOR_ACCOUNT)
    assert not RefreshRun.objects.to_wake(timezone.now()).exists()


def test_refusal_ends_the_run_and_is_told(sandbox, make_video, start, go):
    make_video()
    sandbox.add_fault("error", "videos.list", reason="cmsUserAccountNotFound")

    run = go(start())

    assert run.state == State.FAILED
    told = LiveEvent.objects.get(type="notification")
    assert "failed" in told.payload["title"]


class Killed(BaseException):
    """Ends the worker like SIGKILL: nothing of ours may catch it."""


@pytest.mark.parametrize("moment", ["merge_facts", "_keep_etags"])
def test_killed_run_goes_on_where_its_facts_end(
    sandbox, channel, start, go, monkeypatch, moment
):
    known_videos(sandbox, channel, 60)
    run = start()

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(f"youtube_sync.services.refresh_facts.{moment}", die)
        with pytest.raises(Killed):
            go(run)
    run.refresh_from_db()
    assert (run.cursor, run.read_count) == (0, 0)

    run = go(run)

    assert (run.state, run.read_count, run.call_count) == (State.COMPLETED, 60, 2)
    assert len(calls(sandbox)) == 4
    assert QuotaEntry.objects.total_units() == sandbox.units_spent == 4


def test_run_gives_way_to_an_urgent_push(
    sandbox, make_video, start, go, account, publisher
):
    make_video()
    plan = PushPlan.objects.create(
        account=account,
        created_by=publisher,
        confirmed_by=publisher,
        is_urgent=True,
        state="confirmed",
    )

    run = go(start())

    assert (run.state, run.message) == (State.WAITING, refresh.GIVES_WAY)
    assert not calls(sandbox)
    plan.change_state(PushPlan.State.CANCELLED)
    assert go(run).state == State.COMPLETED


def test_cancelled_run_reads_nothing_more(sandbox, make_video, start, go, publisher):
    make_video()
    run = start()
    refresh_requests.cancel_refresh(run=run, actor=publisher)

    run = go(run)

    assert run.state == State.CANCELLED
    assert not calls(sandbox)


def test_progress_is_announced(sandbox, make_video, start, go):
    make_video()

    run = go(start())

    told = LiveEvent.objects.filter(type="refresh.progress").order_by("pk")
    assert [event.payload["state"] for event in told] == ["running", "completed"]
    assert told.last().payload["refresh"] == run.pk


def test_edit_during_a_refresh_stays(sandbox, make_video, start, go):
    video = make_video()
    want(video, title="Ours")

    go(start())

    assert Video.objects.get(pk=video.pk).pending_fields == ["title"]
