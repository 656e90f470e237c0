"""The invented history of channels ends at the figures of the sandbox."""

import pytest

from reports.samples.growth import DAYS, channel_history

pytestmark = pytest.mark.unit

TEXTS = {"title": "Aurora", "description": "", "country": "DE"}


def channel(number):
    figures = {"subscriber_count": 10_000, "view_count": 1_000_000}
    return {"id": f"UC{number}", **TEXTS, **figures}


def test_history_goes_back_day_by_day():
    seed = {"channels": [], "videos": []}

    assert [ago for ago, _ in channel_history(seed)] == list(range(DAYS - 1, -1, -1))


def test_last_day_shows_the_figures_of_today():
    seed = {"channels": [channel(0)], "videos": [{"snippet": {"channelId": "UC0"}}]}

    *_, (days_ago, [facts]) = channel_history(seed)

    assert days_ago == 0
    assert (facts["subscriber_count"], facts["view_count"]) == (10_000, 1_000_000)
    assert facts["video_count"] == 1


def test_channels_grow_slowly_and_one_in_six_shrinks():
    seed = {"channels": [channel(number) for number in range(6)], "videos": []}

    (_, first), *_ = channel_history(seed)

    counts = [facts["subscriber_count"] for facts in first]
    assert all(9_000 < count < 10_000 for count in counts[:5])
    assert 10_000 < counts[5] < 10_500
