"""The days before today differ in what happened since, and in nothing else."""

import pytest

from reports.samples import days, write_samples
from reports.samples.videos import SampleCatalogue
from tests.reports.samples.test_files import rows_of

pytestmark = pytest.mark.unit

VIDEOS = 500
COUNTERS = {"views", "comments", "engaged_views"}


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Rows of the video report by video: of today, of the day before, and so on."""
    folder = tmp_path_factory.mktemp("days")
    made = [
        write_samples(videos=VIDEOS, seed=1, folder=folder / str(ago), days_ago=ago)
        for ago in range(days.HISTORY + 1)
    ]
    return [
        {row["video_id"]: row for row in rows_of(files.video_report)} for files in made
    ]


def ids_of(*events):
    catalogue = SampleCatalogue(videos=VIDEOS, seed=1)
    return {
        catalogue.video_id(number)
        for number in range(VIDEOS)
        if any(days.happened(event, number) for event in events)
    }


def test_uploads_of_the_last_day_are_new_and_some_videos_have_vanished(history):
    today, yesterday, _ = history

    assert today.keys() - yesterday.keys() == ids_of("uploaded")
    assert len(yesterday.keys() - today.keys()) == VIDEOS // days.VIDEOS_PER_VANISHED


def test_cells_differ_only_where_something_happened(history):
    today, yesterday, before = history

    changed = {
        video
        for video in today.keys() & yesterday.keys()
        for name in today[video].keys() - COUNTERS
        if today[video][name] != yesterday[video][name]
    }
    happened = ids_of("claimed_by_another_owner", "blocked", "released", "retitled")
    assert changed <= happened
    assert len(changed) > len(happened) / 2
    assert {
        name
        for video, row in yesterday.items()
        for name, cell in row.items()
        if cell != before[video][name]
    } == COUNTERS


def test_views_never_fall_and_move_fast_where_they_should(history):
    views = [
        {video: int(row["views"]) for video, row in rows.items()} for rows in history
    ]

    for video in views[0].keys() & views[1].keys():
        last, earlier = (views[n][video] - views[n + 1][video] for n in (0, 1))
        assert min(last, earlier) > 0
        if video in ids_of("viewed_much_more"):
            assert last > 3 * earlier + 1000
        elif video in ids_of("viewed_much_less"):
            assert earlier > 3 * last + 1000
        else:
            assert last == earlier


def test_blocked_videos_earned_money_the_day_before(history):
    today, yesterday, _ = history

    for video in ids_of("blocked"):
        assert today[video]["effective_policy"].startswith("Block")
        assert yesterday[video]["effective_policy"].startswith("Monetize")
