"""Every link of the start page leads to the list that its number counts."""

import re
from html import unescape

import pytest
from django.utils import timezone

from tests.factories.catalog import ConflictFactory, UserFactory, VideoFactory
from tests.factories.reports import ReportFactory
from tests.factories.youtube_sync import (
    PlanItemFactory,
    PushPlanFactory,
    YouTubeAccountFactory,
)
from tests.security.worlds import make_world, person_with
from youtube_sync.models import QuotaEntry
from youtube_sync.services.quota import pacific_day

pytestmark = [pytest.mark.security, pytest.mark.django_db]


@pytest.fixture
def office(settings):
    """Two content owners with something of each kind, more of theirs than of ours."""
    ours, theirs = make_world("Ours"), make_world("Theirs")
    add_work(ours, 1, settings)
    add_work(theirs, 2, settings)
    return ours


def add_work(world, count, settings):
    channel, account = world["channel"], world["youtubeaccount"]
    for _ in range(count):
        VideoFactory(channel=channel, isrc="", snapshot__title="Old")
        VideoFactory(channel=channel, upc="", artist=[], is_hidden=True)
        ConflictFactory(video=VideoFactory(channel=channel, upc="", artist=[]))
        ReportFactory(content_owner=world["contentowner"], state="failed")
        YouTubeAccountFactory(
            content_owner=world["contentowner"], state="needs_reconnect"
        )
        plan = PushPlanFactory(
            account=account,
            state="running",
            confirmed_by=UserFactory(),
            confirmed_at=timezone.now(),
        )
        PlanItemFactory(plan=plan, video=world["video"])
        spend(plan, settings)


def spend(plan, settings):
    QuotaEntry.objects.create(
        project=settings.GOOGLE_PROJECT,
        quota_on=pacific_day(),
        units=51,
        call="videos.update",
        plan=plan,
        state="spent",
    )


@pytest.fixture(params=["administrator", "owner", "channel", "label"])
def reader(request, office):
    """Somebody with every permission, who sees all or a part."""
    if request.param == "administrator":
        return UserFactory(is_superuser=True)
    named = {
        "owner": {"content_owner": office["contentowner"]},
        "channel": {"channel": office["channel"]},
        "label": {"label": office["video"].label},
    }
    return person_with(**named[request.param])


@pytest.fixture
def start(client, reader):
    client.force_login(reader)
    return client.get("/admin/")


def total_of(client, address):
    return client.get(address).context["cl"].result_count


def test_each_figure_is_the_total_of_its_list(client, start):
    found = {figure.title: figure for figure in start.context["figures"]}

    totals = {name: total_of(client, one.address) for name, one in found.items()}

    assert totals == {name: figure.count for name, figure in found.items()}
    assert len(found) >= 9


def test_estimates_are_those_of_their_lists(client, reader, monkeypatch):
    monkeypatch.setattr("ytmanager.paginator.EXACT_UP_TO", 0)
    client.force_login(reader)
    found = {one.title: one for one in client.get("/admin/").context["figures"]}

    totals = {name: total_of(client, one.address) for name, one in found.items()}

    assert totals == {name: figure.count for name, figure in found.items()}


def test_each_kind_of_change_is_counted_alike_on_its_page(client, start):
    for comparison in start.context["changes"]:
        for kind in comparison.kinds:
            cards = client.get(kind.address).context["cards"]
            assert [card.count for card in cards if card.is_chosen] == [kind.count]


def test_used_units_are_the_sum_of_their_list(client, start):
    quota = start.context["quota"]

    listed = client.get(quota.address).context["cl"].queryset

    assert sum(entry.units for entry in listed) == quota.budget.used == 153


def test_every_link_of_the_page_opens(client, start):
    found = map(unescape, re.findall(r'href="(/admin/[^"]*)"', start.content.decode()))
    addresses = {one for one in found if "logout" not in one}

    # The admin answers with a redirect where a row is not there.
    replies = {address: client.get(address).status_code for address in addresses}

    assert len(replies) > 12
    assert {a: code for a, code in replies.items() if code != 200} == {}
