"""Snapshot, wanted and live decide what a push does with a field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youtube_sync.diff import Disagreement, ThreeWay, diff_three_ways

pytestmark = pytest.mark.unit
UNKNOWN = None


@pytest.mark.parametrize(
    ("snapshot", "wanted", "live", "expected"),
    [
        ("old", "new", "old", {"to_send": {"title": "new"}}),
        ("old", "new", "new", {"already_there": ["title"]}),
        ("old", "old", "old", {"already_there": ["title"]}),
        ("old", "old", "third", {"followed": ["title"]}),
        ("old", "new", "third",
         {"conflicts": {"title": Disagreement("old", "new", "third")}}),
        (UNKNOWN, "new", "new", {"already_there": ["title"]}),
        (UNKNOWN, "new", "old",
         {"conflicts": {"title": Disagreement(None, "new", "old")}}),
        ("old", "new", UNKNOWN, {"unread": ["title"]}),
        ("old", UNKNOWN, "live", {}),
        ("", "new", "", {"to_send": {"title": "new"}}),
        ("old", "", "old", {"to_send": {"title": ""}}),
        (False, True, False, {"to_send": {"title": True}}),
        (True, False, True, {"to_send": {"title": False}}),
        (["a", "b"], ["b", "a"], ["a", "b"], {"to_send": {"title": ["b", "a"]}}),
    ],
)  # fmt: skip
def test_diff_decides_one_field(snapshot, wanted, live, expected):
    sides = ({"title": snapshot}, {"title": wanted}, {"title": live})

    result = diff_three_ways(*sides, ["title"])

    assert result == ThreeWay(**expected)


def test_diff_looks_at_the_asked_fields_only():
    result = diff_three_ways(
        {"title": "a", "license": "x"},
        {"title": "b", "license": "y"},
        {"title": "a", "license": "x"},
        ["license"],
    )

    assert result.to_send == {"license": "y"}


value = st.sampled_from([None, "", "a", "b", "c"])


@given(snapshot=value, wanted=value, live=value)
def test_diff_never_sends_over_a_value_nobody_here_has_seen(snapshot, wanted, live):
    result = diff_three_ways({"f": snapshot}, {"f": wanted}, {"f": live}, ["f"])

    assert not result.to_send or (live == snapshot and wanted not in (None, live))


@given(snapshot=value, wanted=value, live=value)
def test_diff_gives_every_wanted_field_one_verdict(snapshot, wanted, live):
    result = diff_three_ways({"f": snapshot}, {"f": wanted}, {"f": live}, ["f"])

    verdicts = [result.to_send, result.already_there, result.conflicts]
    verdicts += [result.followed, result.unread]
    assert sum(map(len, verdicts)) == (wanted is not None)
