"""What a push and a refresh cost."""

import pytest

from youtube_sync.prices import Price, price_of, price_of_refresh

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("videos", "units"), [(0, 0), (1, 51), (50, 2501), (51, 2552), (1000, 50_020)]
)
def test_price_of_videos_is_an_update_each_and_a_read_for_fifty(videos, units):
    price = price_of(videos)

    assert price == Price(units=units, update_count=videos)
    assert price.is_complete


def test_price_of_assets_is_unknown():
    price = price_of(videos=1, assets=2)

    assert (price.units, price.unpriced_call_count) == (51, 3)
    assert not price.is_complete


@pytest.mark.parametrize(("videos", "units"), [(0, 0), (50, 1), (38_000, 760)])
def test_price_of_refresh_is_one_unit_for_fifty(videos, units):
    assert price_of_refresh(videos) == units
