import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytmanager.realtime import frames
from ytmanager.realtime.frames import Frame, FrameBudget, FrameError, parse_frame

pytestmark = pytest.mark.unit

NESTED = "[" * 4000
BAD_FRAMES = [
    None,
    "",
    "{",
    "[]",
    "{}",
    "7",
    "null",
    NESTED,
    '{"hello": 1}',
    '{"subscribe": "report.1"}',
    '{"subscribe": [1]}',
    '{"subscribe": ["user.1"]}',
    '{"subscribe": [{"a": 1}]}',
    '{"since": "7"}',
    '{"since": -1}',
    '{"since": true}',
    '{"since": 1.5}',
    '{"since": 9223372036854775808}',
    '{"subscribe": ["video.\\ud800"]}',
    json.dumps({"ping": "x" * frames.MAX_FRAME_BYTES}),
    json.dumps({"subscribe": ["report.1"] * (frames.MAX_GROUPS + 1)}),
]


def test_frame_is_read():
    frame = parse_frame('{"subscribe": ["report.7"], "since": 12, "ping": 1}')

    assert frame == Frame(frozenset({"report.7"}), frozenset(), 12, True, None)


@pytest.mark.parametrize("text", BAD_FRAMES)
def test_malformed_frame_is_refused(text):
    with pytest.raises(FrameError):
        parse_frame(text)


@given(st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_a_frame_or_a_frame_error(text):
    try:
        frame = parse_frame(text)
    except FrameError:
        return

    assert isinstance(frame, Frame)


def test_budget_refuses_a_flood():
    budget = FrameBudget()
    for _ in range(frames.MAX_FRAMES):
        budget.spend()

    with pytest.raises(FrameError, match="too many messages"):
        budget.spend()


def test_budget_starts_again_after_a_while(monkeypatch):
    now = 100.0
    monkeypatch.setattr(frames.time, "monotonic", lambda: now)
    budget = FrameBudget()
    for _ in range(frames.MAX_FRAMES):
        budget.spend()

    now += frames.FRAME_SECONDS + 1

    budget.spend()
