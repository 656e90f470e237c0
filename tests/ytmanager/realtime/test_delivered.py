import pytest

from ytmanager.realtime import delivered
from ytmanager.realtime.delivered import Delivered

pytestmark = pytest.mark.unit


def test_sequence_is_new_once():
    seen = Delivered()

    assert seen.add(7)
    assert not seen.add(7)


def test_sequence_is_kept_while_an_older_transaction_runs():
    seen = Delivered()
    seen.add(7)

    seen.settle([7], ceiling=120, position=100)

    assert seen.sequences() == [7]


def test_sequence_is_forgotten_when_the_position_passes_its_ceiling():
    seen = Delivered()
    seen.add(7)
    seen.settle([7], ceiling=120, position=100)

    seen.settle([7], ceiling=150, position=120)

    assert seen.sequences() == []


def test_sequence_delivered_during_a_look_at_the_log_is_kept():
    seen = Delivered()
    known = seen.sequences()
    seen.add(8)

    seen.settle(known, ceiling=120, position=120)

    assert seen.sequences() == [8]


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(delivered, "MAX_REMEMBERED", 3)
    seen = Delivered()

    for sequence in range(5):
        seen.add(sequence)

    assert seen.sequences() == [2, 3, 4]
