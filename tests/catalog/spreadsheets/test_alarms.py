"""People hear of channel lists that stop, because work of their own follows these."""

import pytest

from catalog.models import Channel
from catalog.services import change_sets
from tests.catalog.spreadsheets.conftest import sheet_of
from tests.factories.catalog import ChannelFactory
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db
CHANNEL_LIST = ["channelID", "customID", "displayName"]


def alarms():
    rows = LiveEvent.objects.filter(type="notification")
    return [(row.payload["level"], row.payload["message"]) for row in rows]


def broken_sheet(header, row):
    """A sheet whose beginning says nothing of how its last line ends."""
    return sheet_of(header, *[row] * 50) + b'broken,"' + b"x" * 200_000


def test_alarm_when_a_channel_list_cannot_be_read(compared):
    broken = broken_sheet(CHANNEL_LIST, ["UCx", "P-1", "Partner"])

    sheet = compared(broken, name="partners.csv")

    assert sheet.state == "failed"
    assert alarms() == [("error", sheet.error)]
    event = LiveEvent.objects.get(type="notification")
    assert event.payload["title"] == "Reading of the channel list partners.csv failed"


def test_alarm_when_a_channel_list_cannot_be_applied(compared):
    channel = ChannelFactory()
    row = [channel.channel_id, "NEW-1", "Partner"]
    sheet = compared(sheet_of(CHANNEL_LIST, row))
    Channel.objects.update(partner_custom_id="moved")

    change_sets.request_apply(sheet.change_set)

    assert [level for level, _ in alarms()] == ["warning"]


def test_sheet_of_videos_that_cannot_be_read_sounds_no_alarm(compared):
    sheet = compared(broken_sheet(["Video ID", "Title"], ["aaaaaaaaaaa", "Song"]))

    assert sheet.state == "failed"
    assert alarms() == []
