import pytest

from catalog.admin.sparkline import Point, coordinates, sparkline

pytestmark = pytest.mark.unit


def points(*counts):
    return [Point(f"2025-01-0{day}", count) for day, count in enumerate(counts, 1)]


def test_line_runs_from_bottom_to_top():
    assert coordinates(points(10, 20)) == "2.0,26.0 118.0,2.0"


def test_flat_line_runs_through_the_middle():
    assert coordinates(points(5, 5, 5)) == "2.0,14.0 60.0,14.0 118.0,14.0"


@pytest.mark.parametrize("counts", [(), (1,)])
def test_fewer_than_two_points_are_no_line(counts):
    assert sparkline(points(*counts)) is None


def test_line_has_words_for_screen_readers():
    svg = sparkline(points(1000, 900))

    assert "<title>From 1,000 on 2025-01-01 to 900 on 2025-01-02 (−100)</title>" in svg
