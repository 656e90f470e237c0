"""Refresh of channels over HTTP: what is read, what it costs, what goes wrong."""

import pytest

from catalog.models import Channel, ChannelStatistics, Observation
from tests.factories.catalog import ChannelFactory
from youtube_sync.exceptions import (
    AccountProblemError,
    QuotaExceededError,
    ReconnectRequiredError,
    RetryableAPIError,
)
from youtube_sync.models import QuotaEntry, YouTubeAccount
from youtube_sync.remote import RemoteChannel
from youtube_sync.services import quota
from youtube_sync.services.channels import facts_of, refresh_channels, tell_failure
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db

OURS = "UC" + "a" * 22
THEIRS = "UC" + "b" * 22


@pytest.fixture
def refresh(account, connected):
    return lambda: refresh_channels(account=account, youtube=connected.youtube)


def spent():
    entries = QuotaEntry.objects.filter(call="channels.list")
    return [(entry.units, entry.state) for entry in entries.order_by("pk")]


def calls(sandbox):
    return [r for r in sandbox.requests if r["path"].endswith("/channels")]


def test_refresh_brings_channels_with_their_figures(refresh, sandbox, owner):
    sandbox.add_channel(
        OURS,
        title="Aurora",
        description="Music",
        country="DE",
        subscriber_count=7,
        view_count=3_000_000_000,
    )

    counts = refresh()

    channel = Channel.objects.get()
    assert counts.channels_new == 1
    assert (channel.content_owner, channel.name) == (owner, "Aurora")
    assert (channel.description, channel.country) == ("Music", "DE")
    assert (channel.subscriber_count, channel.view_count) == (7, 3_000_000_000)
    assert channel.image_url.startswith(sandbox.url)
    assert ChannelStatistics.objects.get().subscriber_count == 7
    assert Observation.objects.get().source == "refresh"


def test_refresh_again_changes_nothing(refresh, sandbox):
    sandbox.add_channel(OURS)
    refresh()

    counts = refresh()

    assert (counts.channels_unchanged, counts.channels_changed) == (1, 0)
    assert ChannelStatistics.objects.count() == 1


def test_fifty_channels_cost_one_unit(refresh, sandbox):
    for number in range(60):
        sandbox.add_channel(f"UC{number:022}")

    refresh()

    assert Channel.objects.count() == 60
    assert len(calls(sandbox)) == 2
    assert spent() == [(1, "spent"), (1, "spent")]


def test_channels_that_are_not_linked_are_read_by_id(refresh, sandbox, owner):
    sandbox.add_channel(OURS)
    sandbox.add_channel(THEIRS, content_owner="SomebodyElse", subscriber_count=9)
    ChannelFactory(content_owner=owner, channel_id=THEIRS)

    refresh()

    assert Channel.objects.get(channel_id=THEIRS).subscriber_count == 9
    assert len(calls(sandbox)) == 2


def test_channels_of_other_owners_stay_out(refresh, sandbox):
    sandbox.add_channel(THEIRS, content_owner="SomebodyElse")

    refresh()

    assert not Channel.objects.exists()


def test_channel_that_youtube_leaves_out_keeps_its_values(refresh, owner):
    ChannelFactory(content_owner=owner, name="Gone", subscriber_count=3)

    refresh()

    channel = Channel.objects.get()
    assert (channel.name, channel.subscriber_count) == ("Gone", 3)


def test_account_without_partner_scope_reads_its_own_channels(
    account, refresh, sandbox
):
    sandbox.add_channel(OURS, content_owner="", title="Mine")
    account.granted_scopes = ["https://www.googleapis.com/auth/youtube"]

    refresh()

    assert Channel.objects.get().name == "Mine"


def test_hidden_subscribers_are_no_number():
    item = {
        "id": OURS,
        "statistics": {"hiddenSubscriberCount": True, "viewCount": "5"},
    }

    facts = facts_of(RemoteChannel.from_api(item))

    assert (facts["subscriber_count"], facts["view_count"]) == (None, 5)


def test_read_without_statistics_says_nothing_of_counters():
    facts = facts_of(RemoteChannel.from_api({"id": OURS, "snippet": {}}))

    assert "subscriber_count" not in facts
    assert facts["name"] == ""


def test_outage_is_waited_out(refresh, sandbox):
    sandbox.add_channel(OURS)
    sandbox.add_fault("status_503", "channels.list", count=2)

    refresh()

    assert Channel.objects.exists()
    assert len(spent()) == 3


def test_long_outage_is_for_the_job_to_try_again(refresh, sandbox):
    sandbox.add_fault("status_503", "channels.list", count=-1)

    with pytest.raises(RetryableAPIError):
        refresh()

    assert not Observation.objects.exists()


def test_dead_permission_stops_the_account(refresh, sandbox, account):
    sandbox.add_fault("unauthorized", "channels.list", count=-1)
    sandbox.add_fault("invalid_grant", "oauth.token", count=-1)

    with pytest.raises(ReconnectRequiredError):
        refresh()

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.NEEDS_RECONNECT


def test_quota_exceeded_closes_the_day(refresh, sandbox):
    sandbox.add_fault("quota_exceeded", "channels.list")

    with pytest.raises(QuotaExceededError):
        refresh()

    assert quota.get_budget().is_closed


def test_spent_day_sends_nothing(refresh, sandbox, settings):
    settings.YOUTUBE_DAILY_QUOTA = 0

    with pytest.raises(QuotaExceededError):
        refresh()

    assert not calls(sandbox)


def test_failure_is_told_to_people(account):
    tell_failure(account=account, error=AccountProblemError("The account is closed."))

    event = LiveEvent.objects.get()
    assert event.payload["title"] == "Channels of Labels were not refreshed"
    assert event.payload["message"] == "The account is closed."
