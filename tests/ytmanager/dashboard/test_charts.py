"""Pictures of the start page: where points lie, and their words."""

from datetime import date

import pytest

from ytmanager.dashboard.charts import Share, growth_chart, share_bar

pytestmark = pytest.mark.unit


def test_growth_places_days_by_date():
    chart = growth_chart(
        [(date(2026, 3, 1), 10), (date(2026, 3, 2), 15), (date(2026, 3, 5), 20)]
    )

    assert '<polyline points="72.0,130.0 213.5,70.0 638.0,10.0">' in chart
    assert "10 on 2026-03-01, 20 on 2026-03-05 (+10)" in chart


def test_growth_that_stands_still_is_a_line_in_the_middle():
    chart = growth_chart([(date(2026, 3, 1), 7), (date(2026, 3, 2), 7)])

    assert '<polyline points="72.0,70.0 638.0,70.0">' in chart


@pytest.mark.parametrize("days", [[], [(date(2026, 3, 1), 10)]])
def test_growth_needs_two_days(days):
    assert growth_chart(days) is None


def test_bar_never_exceeds_its_whole():
    bar = share_bar(
        [Share("used", "used", 80), Share("needed", "planned", 50)], 100, "u"
    )

    assert '<rect class="ytm-bar-needed" x="512.0" width="128.0"' in bar
    assert "used 80, planned 50 of 100 u" in bar


def test_bar_of_nothing_is_empty():
    assert 'class="ytm-bar-used" x="0.0" width="0.0"' in share_bar(
        [Share("used", "used", 5)], 0, "units"
    )
