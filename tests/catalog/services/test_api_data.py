"""Counters that nobody read again are emptied; what people edit is not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import tasks
from catalog.models import ChannelStatistics, Video, VideoSnapshot
from catalog.services import api_data
from catalog.services.api_data import purge_old_counters
from tests.factories.catalog import (
    ChannelFactory,
    ChannelStatisticsFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 3, 30, tzinfo=UTC)
OLD, FRESH = NOW - timedelta(days=31), NOW - timedelta(days=29)


@pytest.fixture(autouse=True)
def limit(settings):
    settings.API_DATA_KEPT_DAYS = 30


def video_of(moment):
    return VideoFactory(statistics__counters_as_of=moment)


def test_counters_of_videos_are_emptied_after_the_limit():
    old, fresh = video_of(OLD), video_of(FRESH)

    counts = purge_old_counters(NOW)

    for video in (old, fresh):
        video.statistics.refresh_from_db()
    assert counts["videos"] == 1
    assert old.statistics.view_count is None
    assert old.statistics.daily_views is None
    assert old.statistics.counters_as_of is None
    assert fresh.statistics.view_count == 1_000


def test_what_people_edit_and_what_it_is_compared_with_stay():
    video = VideoFactory(
        title="Ours", snapshot__title="On YouTube", statistics__counters_as_of=OLD
    )
    before = Video.objects.values().get(pk=video.pk)

    purge_old_counters(NOW)

    assert Video.objects.values().get(pk=video.pk) == before
    assert VideoSnapshot.objects.get(video=video).title == "On YouTube"


def test_every_batch_is_gone_through(monkeypatch):
    monkeypatch.setattr(api_data, "_NEXT", api_data._NEXT.replace("10000", "2"))
    for _ in range(5):
        video_of(OLD)

    assert purge_old_counters(NOW)["videos"] == 5
    assert purge_old_counters(NOW)["videos"] == 0


def test_counters_of_channels_and_their_days_are_emptied():
    counters = {"subscriber_count": 5, "video_count": 6, "view_count": 7}
    old = ChannelFactory(as_of=OLD, **counters)
    fresh = ChannelFactory(as_of=FRESH, **counters)
    for channel, moment in ((old, OLD), (fresh, FRESH)):
        ChannelStatisticsFactory(channel=channel, on=moment.date())

    counts = purge_old_counters(NOW)

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert counts == {"videos": 0, "channels": 1, "days": 1}
    assert (old.subscriber_count, old.video_count, old.view_count) == (None,) * 3
    assert fresh.view_count == 7
    assert ChannelStatistics.objects.get().channel == fresh


def test_without_a_limit_everything_stays(settings):
    settings.API_DATA_KEPT_DAYS = 0
    video = video_of(OLD)

    with CaptureQueriesContext(connection) as queries:
        tasks.purge_old_counters(timestamp=int(NOW.timestamp()))

    video.statistics.refresh_from_db()
    assert video.statistics.view_count == 1_000
    assert len(queries) == 0


def test_a_nightly_job_keeps_to_the_limit():
    video = video_of(OLD)

    tasks.purge_old_counters(timestamp=int(NOW.timestamp()))

    video.statistics.refresh_from_db()
    assert video.statistics.view_count is None
