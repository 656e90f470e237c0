"""Refresh from YouTube on the list of channels."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories.catalog import ChannelFactory, ContentOwnerFactory
from tests.factories.youtube_sync import YouTubeAccountFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/channel/"
BUTTON = "/admin/youtube_sync/youtubeaccount/refresh-channels/"
VIEW = "catalog.view_channel"


@pytest.fixture
def publishing(browser):
    return browser(VIEW, "catalog.push_video")


@pytest.fixture
def account(db):
    owner = ContentOwnerFactory(name="Labels")
    return YouTubeAccountFactory(content_owner=owner)


def act(browser, *channels):
    data = {
        "action": "refresh_from_youtube",
        "_selected_action": [channel.pk for channel in channels],
    }
    return browser.post(LIST, data, follow=True).content.decode()


def refreshed():
    jobs = ProcrastinateJob.objects.filter(
        task_name="youtube_sync.tasks.refresh_channels", queue_name="youtube"
    )
    return [job.args["account_pk"] for job in jobs]


def test_button_starts_a_job_for_each_owner(publishing, account):
    another = YouTubeAccountFactory()

    page = publishing.post(BUTTON, follow=True).content.decode()

    assert sorted(refreshed()) == sorted([account.pk, another.pk])
    assert "YouTube is being asked about the channels of" in page
    assert "No YouTube account is connected" not in page


def test_action_reads_the_owners_of_the_selected_channels(publishing, account):
    YouTubeAccountFactory()
    channel = ChannelFactory(content_owner=account.content_owner)

    page = act(publishing, channel)

    assert refreshed() == [account.pk]
    assert "the channels of Labels." in page


def test_waiting_job_is_enough(publishing, account):
    publishing.post(BUTTON)
    publishing.post(BUTTON)

    assert refreshed() == [account.pk]


def test_most_able_account_of_an_owner_is_asked(publishing, account):
    able = account
    YouTubeAccountFactory(content_owner=account.content_owner, has_content_id=False)

    publishing.post(BUTTON)

    assert refreshed() == [able.pk]


@pytest.mark.parametrize("state", ["needs_reconnect", "disconnected"])
def test_owner_without_a_connected_account_is_named(publishing, account, state):
    account.state = state
    account.save(update_fields=["state"])
    channel = ChannelFactory(content_owner=account.content_owner)

    page = act(publishing, channel)

    assert "No YouTube account is connected for Labels" in page
    assert not refreshed()


def test_button_without_any_owner_says_so(publishing):
    page = publishing.post(BUTTON, follow=True).content.decode()

    assert "No YouTube account is connected, so nothing can be read." in page


def test_list_offers_the_refresh(publishing):
    ChannelFactory()

    page = publishing.get(LIST).content.decode()

    assert f'action="{BUTTON}"' in page
    assert 'value="refresh_from_youtube"' in page


@pytest.mark.security
def test_viewer_is_not_offered_and_cannot(browser, account):
    viewer = browser(VIEW)
    channel = ChannelFactory(content_owner=account.content_owner)

    act(viewer, channel)

    assert BUTTON not in viewer.get(LIST).content.decode()
    assert viewer.post(BUTTON).status_code == 403
    assert not refreshed()


@pytest.mark.security
def test_refresh_takes_no_get(publishing, account):
    assert publishing.get(BUTTON).status_code == 405
    assert not refreshed()
