"""Lists sorted by views follow the counters once a night."""

import pytest

from catalog import tasks
from catalog.models import Video
from catalog.services.sort_views import refresh_sort_views
from tests.factories.catalog import VideoFactory

pytestmark = pytest.mark.django_db


def test_refresh_copies_the_counts_that_moved():
    low = VideoFactory(sort_views=900, statistics__view_count=5)
    high = VideoFactory(sort_views=1, statistics__view_count=700)

    tasks.refresh_sort_views(timestamp=0)

    assert list(Video.objects.in_order("sort_views", is_descending=True)) == [high, low]


def test_refresh_writes_nothing_twice():
    VideoFactory(sort_views=1, statistics__view_count=700)

    assert (refresh_sort_views(), refresh_sort_views()) == (1, 0)
