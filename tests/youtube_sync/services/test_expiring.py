"""Data of the API are read again before their limit, where there is one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Video, VideoStatistics
from tests.factories.youtube_sync import YouTubeAccountFactory
from youtube_sync import tasks
from youtube_sync.models import RefreshRun
from youtube_sync.services import refresh
from youtube_sync.services.clients import connect
from youtube_sync.services.refresh_requests import request_expiring


@pytest.fixture(autouse=True)
def limit(settings):
    settings.API_DATA_KEPT_DAYS = 30


@pytest.fixture
def read_days_ago(make_video):
    """A video whose counters and texts are so old."""

    def make(days, video_id="abcdefghijk", **values):
        video = make_video(video_id)
        moment = timezone.now() - timedelta(days=days)
        VideoStatistics.objects.filter(video=video).update(
            counters_as_of=moment, snippet_as_of=moment, status_as_of=moment
        )
        Video.objects.filter(pk=video.pk).update(**values)
        return video

    return make


def aimed_at(run):
    return set(run.targets.values_list("video__video_id", flat=True))


def test_what_nears_the_limit_is_read_again_within_the_share(account, read_days_ago):
    read_days_ago(24, "nearlimit01")
    read_days_ago(10, "readlately1")

    [run] = request_expiring(timezone.now())

    assert aimed_at(run) == {"nearlimit01"}
    assert (run.account, run.is_scheduled, run.with_counters) == (account, True, True)


def test_reading_makes_it_young_again(account, read_days_ago):
    video = read_days_ago(29)
    [run] = request_expiring(timezone.now())

    with connect(account) as clients:
        refresh.run_refresh(run=run, clients=clients)

    video.statistics.refresh_from_db()
    assert video.statistics.counters_as_of > timezone.now() - timedelta(days=1)
    assert request_expiring(timezone.now()) == []


def test_second_one_waits_for_the_end_of_the_first(account, read_days_ago):
    read_days_ago(24)

    first, second = (request_expiring(timezone.now()) for _ in range(2))

    assert (len(first), len(second)) == (1, 0)


def test_video_that_youtube_no_longer_shows_is_not_asked_for(account, read_days_ago):
    read_days_ago(40, not_found_at=timezone.now())

    assert request_expiring(timezone.now()) == []


def test_video_that_nothing_ever_read_is_not_asked_for(account, make_video):
    video = make_video()
    ages = {"counters_as_of": None, "snippet_as_of": None}
    VideoStatistics.objects.filter(video=video).update(**ages)

    assert request_expiring(timezone.now()) == []


def test_owner_without_a_connected_account_is_left_out(owner, read_days_ago):
    YouTubeAccountFactory(content_owner=owner, state="disconnected")
    read_days_ago(24)

    assert request_expiring(timezone.now()) == []


def test_without_a_limit_nothing_is_asked_for(account, read_days_ago, settings):
    settings.API_DATA_KEPT_DAYS = 0
    read_days_ago(400)

    assert request_expiring(timezone.now()) == []


def test_nightly_job_queues_the_refresh(account, read_days_ago):
    read_days_ago(24)

    tasks.refresh_expiring_data(int(timezone.now().timestamp()))

    run = RefreshRun.objects.get()
    queued = ProcrastinateJob.objects.filter(args__refresh_pk=run.pk)
    assert [job.task_name for job in queued] == [tasks.run_refresh.name]
