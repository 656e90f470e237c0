"""The counts of the start page: the same as in their lists, for whom, at what price."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from catalog.services.daily_figures import keep_figures
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    ConflictFactory,
    UserFactory,
    VideoFactory,
)
from tests.factories.reports import ReportFactory

pytestmark = pytest.mark.django_db


def figures(browser):
    page = browser.get("/admin/")
    return {figure.title: figure for figure in page.context["figures"]}


def test_figures_count_what_their_lists_show(admin_client, admin_user):
    asset = AssetFactory()
    VideoFactory(isrc="", snapshot__title="Old", assignee=admin_user)
    VideoFactory(upc="", artist=[], primary_asset=asset)
    VideoFactory(is_hidden=True, isrc="", assignee=admin_user)
    VideoFactory(channel=ChannelFactory(is_hidden=True))
    ConflictFactory(video=VideoFactory(primary_asset=asset))
    ReportFactory(state="failed")
    ReportFactory(state="needs_answer")

    found = figures(admin_client)

    listed = {
        title: admin_client.get(figure.address).context["cl"].result_count
        for title, figure in found.items()
    }
    assert listed == {title: figure.count for title, figure in found.items()}
    assert listed == {
        "Videos": 3,
        "Assigned to me": 1,
        "Unpushed edits": 1,
        "Missing ISRC": 1,
        "Missing UPC": 1,
        "Missing artist": 1,
        "Missing asset": 1,
        "Open conflicts": 1,
        "Reports to look at": 2,
    }


def test_long_list_is_estimated_on_both_pages(admin_client, monkeypatch):
    monkeypatch.setattr("ytmanager.paginator.EXACT_UP_TO", 1)
    VideoFactory.create_batch(3)

    figure = figures(admin_client)["Videos"]

    listed = admin_client.get(figure.address).context["cl"].paginator
    assert figure.is_estimated
    assert figure.count == listed.count


def test_trend_ends_with_the_count_of_this_moment(admin_client):
    today = timezone.now().date()
    keep_figures(today - timedelta(days=8), {"missing_isrc": 5})
    keep_figures(today, {"missing_isrc": 3})
    VideoFactory(isrc="")

    figure = figures(admin_client)["Missing ISRC"]

    assert figure.in_a_week == -4
    assert "to 1 on" in figure.trend


def test_figure_without_history_has_no_trend(admin_client):
    VideoFactory()

    figure = figures(admin_client)["Videos"]

    assert figure.trend is None
    assert figure.in_a_week is None


def test_growth_is_drawn_and_told_in_words(admin_client):
    today = timezone.now().date()
    keep_figures(today - timedelta(days=2), {"videos": 1_000})
    keep_figures(today - timedelta(days=1), {"videos": 1_200})

    page = admin_client.get("/admin/").content.decode()

    assert "1,200" in page
    assert "(+200)" in page


def test_start_page_stays_cheap(admin_client, django_assert_max_num_queries):
    VideoFactory.create_batch(3, snapshot__title="Old")
    admin_client.get("/admin/")

    with django_assert_max_num_queries(50):
        admin_client.get("/admin/")


@pytest.mark.django_db(transaction=True)
def test_figures_follow_a_write_at_once(admin_client):
    VideoFactory()
    before = figures(admin_client)["Videos"].count

    VideoFactory()

    assert (before, figures(admin_client)["Videos"].count) == (1, 2)


@pytest.mark.security
def test_assignments_are_those_of_the_reader(client):
    one, other = (
        UserFactory(permissions=["catalog.view_video"]),
        UserFactory(permissions=["catalog.view_video"]),
    )
    VideoFactory(assignee=one)
    client.force_login(one)
    assert figures(client)["Assigned to me"].count == 1

    client.force_login(other)

    assert figures(client)["Assigned to me"].count == 0


def test_start_page_works_without_the_cache(admin_client, monkeypatch):
    def is_away(*args, **kwargs):
        raise RedisConnectionError

    monkeypatch.setattr(cache, "get", is_away)
    monkeypatch.setattr(cache, "set", is_away)
    VideoFactory()

    assert figures(admin_client)["Videos"].count == 1


@pytest.mark.security
def test_person_without_rights_is_told_whom_to_ask(client):
    client.force_login(UserFactory())
    ReportFactory(name="secret.csv", state="failed")

    page = client.get("/admin/").content.decode()

    assert "Please ask an administrator" in page
    assert "secret.csv" not in page


@pytest.mark.security
def test_figures_need_their_permission(client):
    client.force_login(UserFactory(permissions=["catalog.view_conflict"]))

    assert list(figures(client)) == ["Open conflicts"]
