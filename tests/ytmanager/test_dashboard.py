"""The start page: what it counts, for whom, and at what price."""

import pytest

from catalog.models import ContentOwner
from reports.models import Report
from tests.factories.catalog import ConflictFactory, UserFactory, VideoFactory
from youtube_sync.models import YouTubeAccount

pytestmark = pytest.mark.django_db


def figures(browser):
    page = browser.get("/admin/")
    return {figure.title: figure.count for figure in page.context["figures"]}


def test_figures_count_what_their_lists_show(admin_client):
    VideoFactory(isrc="", snapshot__title="Old")
    VideoFactory(is_hidden=True)
    ConflictFactory()

    page = admin_client.get("/admin/")

    for figure in page.context["figures"]:
        listed = admin_client.get(figure.address).context["cl"].result_count
        assert listed == figure.count > 0, figure.title


def test_last_reports_and_troubled_accounts_are_shown(admin_client, db):
    owner = ContentOwner.objects.create(name="Label House")
    Report.objects.create(name="video_report.csv", key="a", state="failed")
    Report.objects.create(name="waiting_file.csv", key="b")
    YouTubeAccount.objects.create(
        content_owner=owner, name="Main", state="needs_reconnect"
    )

    page = admin_client.get("/admin/").content.decode()

    assert "video_report.csv" in page
    assert "waiting_file.csv" not in page
    assert "Main is not connected any more" in page


def test_start_page_stays_cheap(admin_client, django_assert_max_num_queries):
    VideoFactory.create_batch(3, snapshot__title="Old")

    with django_assert_max_num_queries(12):
        admin_client.get("/admin/")


@pytest.mark.security
def test_person_without_rights_is_told_whom_to_ask(client):
    client.force_login(UserFactory())
    Report.objects.create(name="secret.csv", key="a", state="failed")

    page = client.get("/admin/").content.decode()

    assert "Please ask an administrator" in page
    assert "secret.csv" not in page


@pytest.mark.security
def test_figures_need_their_permission(client):
    client.force_login(UserFactory(permissions=["catalog.view_conflict"]))

    assert list(figures(client)) == ["Open conflicts"]
