"""The pages of report sources."""

import pytest
from django.urls import reverse

from reports.models import ReportSource
from tests.factories.reports import ReportFactory, ReportSourceFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/reports/reportsource/"


def save(client, schedule):
    facts = {"name": "Nightly", "prefix": "nightly/", "is_active": "on"}
    return client.post(f"{LIST}add/", {**facts, "schedule": schedule})


def test_list_shows_the_place_of_the_files(viewer, django_assert_max_num_queries):
    ReportSourceFactory(name="Nightly", bucket="files", prefix="youtube/")

    with django_assert_max_num_queries(25):
        page = viewer.get(LIST)

    assert b"files <code>/youtube/*</code>" in page.content


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), (" 0  6 * * 1-5 ", "0 6 * * 1-5")]
)
def test_source_is_saved_with_its_schedule(admin_client, typed, kept):
    save(admin_client, typed)

    assert ReportSource.objects.get(name="Nightly").schedule == kept


def test_wrong_schedule_is_explained_at_its_field(admin_client):
    reply = save(admin_client, "every morning")

    errors = reply.context["adminform"].form.errors
    assert "Five fields as in cron" in errors["schedule"][0]
    assert not ReportSource.objects.exists()


def test_source_with_reports_is_kept(admin_client):
    source = ReportFactory().source

    admin_client.post(
        reverse("admin:reports_reportsource_delete", args=[source.pk]), {"post": "yes"}
    )

    assert ReportSource.objects.filter(pk=source.pk).exists()


@pytest.mark.security
def test_editor_cannot_change_a_source(editor):
    source = ReportSourceFactory()
    page = reverse("admin:reports_reportsource_change", args=[source.pk])

    reply = editor.post(page, {"name": "Mine"})

    source.refresh_from_db()
    assert reply.status_code == 403
    assert source.name != "Mine"
