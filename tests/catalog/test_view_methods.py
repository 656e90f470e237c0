"""Counts on both sides of a new way of counting are not compared in silence."""

from datetime import UTC, datetime

import pytest

from catalog.view_methods import method_between

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("earlier", "later", "name"),
    [
        ("2025-03-30", "2025-03-31", "shorts_starts"),
        ("2025-03-31", "2026-08-26", None),
        ("2026-08-26", "2026-08-27", "first_frame"),
        ("2026-08-27", "2026-11-01", None),
        ("2024-01-01", "2026-09-01", "first_frame"),
    ],
)
def test_method_that_began_between_two_counts_is_named(earlier, later, name):
    days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (earlier, later)]

    method = method_between(*days)

    assert (method and method.name) == name
