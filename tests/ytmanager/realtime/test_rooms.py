"""Every page on which people work together tells who else is there."""

import pytest
from django.urls import reverse

from catalog.models import Channel
from catalog.services.channels import hide_channels, update_channel
from tests.factories.catalog import (
    AssetFactory,
    ChangeSetFactory,
    ChannelFactory,
    UserFactory,
    VideoFactory,
)
from tests.factories.reports import ReportFactory
from tests.factories.youtube_sync import PushPlanFactory, YouTubeAccountFactory
from youtube_sync.models import RefreshRun
from ytmanager.models import LiveEvent
from ytmanager.realtime.events import EVERYONE, ROOM_PERMISSIONS, is_subscribable

pytestmark = pytest.mark.django_db


def refresh_run():
    return RefreshRun.objects.create(account=YouTubeAccountFactory(), scope="catalogue")


# A row and its page, and what stands for it in the name of the room.
PAGES = {
    "asset": (AssetFactory, "catalog_asset", "asset_id"),
    "changeset": (ChangeSetFactory, "catalog_changeset", "pk"),
    "channel": (ChannelFactory, "catalog_channel", "channel_id"),
    "plan": (PushPlanFactory, "youtube_sync_pushplan", "pk"),
    "refresh": (refresh_run, "youtube_sync_refreshrun", "pk"),
    "report": (ReportFactory, "reports_report", "pk"),
    "video": (VideoFactory, "catalog_video", "video_id"),
}


def test_every_kind_of_room_has_its_page():
    assert set(PAGES) == set(ROOM_PERMISSIONS)


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_in_its_room(kind, admin_client, report_store):
    factory, page, name = PAGES[kind]
    row = factory()

    html = admin_client.get(reverse(f"admin:{page}_change", args=[row.pk])).content

    room = f"{kind}.{getattr(row, name)}"
    assert f'data-live-presence="{room}"' in html.decode()
    assert f'data-live-group="{room}"' in html.decode()
    assert is_subscribable(room)


def changes_of_channels():
    rows = LiveEvent.objects.filter(type="channel.changed").order_by("sequence")
    return [(row.payload, row.groups) for row in rows]


def test_edit_of_a_channel_is_told_to_its_pages():
    channel = ChannelFactory()

    made = update_channel(
        channel=channel, values={"partner_name": "Ours"}, actor=UserFactory()
    )

    assert changes_of_channels() == [
        (
            {
                "change_set": made.pk,
                "channel_id": channel.channel_id,
                "fields": ["partner_name"],
            },
            [EVERYONE, f"channel.{channel.channel_id}"],
        )
    ]


def test_edit_that_changes_nothing_is_told_to_nobody():
    channel = ChannelFactory(partner_name="Ours")

    update_channel(
        channel=channel, values={"partner_name": "Ours"}, actor=UserFactory()
    )

    assert changes_of_channels() == []


def test_edit_of_many_channels_is_one_event():
    ChannelFactory.create_batch(101)

    made = hide_channels(channels=Channel.objects.all(), actor=UserFactory())

    assert changes_of_channels() == [
        ({"change_set": made.pk, "count": 101}, [EVERYONE])
    ]
