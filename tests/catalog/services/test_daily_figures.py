"""The figures of a day: what they count, and that a day has one of each."""

from datetime import UTC, date, datetime

import pytest

from catalog import tasks
from catalog.models import DailyFigure
from catalog.services.daily_figures import history, keep_figures, record_figures
from tests.factories.catalog import ConflictFactory, VideoFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def test_record_figures_counts_shown_videos_by_what_they_lack():
    VideoFactory(isrc="", upc="")
    VideoFactory(artist=[], title="New", snapshot__title="Old")
    VideoFactory(isrc="", is_hidden=True)

    counts = record_figures(DAY)

    assert counts == {
        "videos": 2,
        "unpushed": 1,
        "conflicts": 0,
        "missing_isrc": 1,
        "missing_upc": 1,
        "missing_artist": 1,
        "missing_asset": 2,
    }


def test_record_figures_counts_open_conflicts():
    ConflictFactory()

    assert record_figures(DAY)["conflicts"] == 1


def test_second_count_of_a_day_replaces_the_first():
    record_figures(DAY)
    VideoFactory()

    record_figures(DAY)

    assert history(DAY)["videos"] == [(DAY, 1)]


def test_history_is_oldest_first_and_ends_after_90_days():
    for day in (date(2026, 2, 27), date(2026, 2, 26), date(2025, 11, 1)):
        keep_figures(day, {"videos": day.day})

    found = history(DAY)

    assert found["videos"] == [(date(2026, 2, 26), 26), (date(2026, 2, 27), 27)]
    assert found["conflicts"] == []


def test_nightly_job_keeps_the_day_for_which_it_was_due():
    tasks.record_figures(int(datetime(2026, 3, 1, 4, 50, tzinfo=UTC).timestamp()))

    names = DailyFigure.objects.filter(recorded_on=DAY).values_list("name", flat=True)
    assert set(names) == set(DailyFigure.Name.values)


def test_counting_takes_two_queries_and_one_write(django_assert_num_queries):
    with django_assert_num_queries(3):
        record_figures(DAY)
