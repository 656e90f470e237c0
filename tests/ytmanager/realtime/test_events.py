import pytest

from ytmanager.realtime import events

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "group",
    [
        events.EVERYONE,
        events.report_group(7),
        events.change_set_group(12),
        events.plan_group(1),
        events.video_group("-a_B3456789"),
        events.channel_group("UC0123456789012345678901"),
        events.asset_group("A000000000000007"),
    ],
)
def test_group_of_a_subject_can_be_asked_for(group):
    assert events.is_subscribable(group)


@pytest.mark.parametrize(
    "group",
    [
        "user.1",
        "report.",
        "report.0",
        "report.7\n",
        "report.٧",
        "video.a b",
        "video." + "x" * 21,
        "channel.",
        "asset." + "x" * 41,
        "specific.channel",
        "",
        None,
        7,
        ["everyone"],
    ],
)
def test_anything_else_cannot_be_asked_for(group):
    assert not events.is_subscribable(group)


def test_personal_group_takes_events_but_no_requests():
    group = events.user_group(3)

    assert events.is_group(group)
    assert not events.is_subscribable(group)


def test_event_of_an_unknown_type_is_refused():
    with pytest.raises(ValueError, match=r"video\.vanished"):
        events.Event("video.vanished", {"count": 1})
