"""The pages of report sources."""

import pytest
from django.urls import reverse

from reports.models import ReportSource
from tests.factories.catalog import AS_OF
from tests.factories.reports import ReportFactory, ReportSourceFactory
from tests.reports.admin.conftest import messages_of
from tests.s3_server import Fault

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


# LOOKING AND CHECKING


def press(client, button, source):
    return client.post(
        reverse(f"admin:reports_reportsource_{button}", args=[source.pk])
    )


def test_check_says_what_can_be_read(admin_client, store):
    (store / "in").mkdir()
    (store / "in" / "a.csv").write_bytes(b"x")
    source = ReportSourceFactory(prefix="in/")

    reply = press(admin_client, "check", source)

    assert messages_of(reply) == [
        "The report store answers: 1 file whose keys begin with in/. "
        "in/a.csv can be read."
    ]


def test_check_of_an_empty_place_says_so(admin_client, store):
    reply = press(admin_client, "check", ReportSourceFactory())

    assert "can be listed. There are no files in all yet." in messages_of(reply)[0]


def test_check_says_what_is_wrong(admin_client, bucket, faulty):
    faulty.faults.append(Fault("AccessDenied", 403, times=9))

    reply = press(admin_client, "check", ReportSourceFactory())

    assert "s3:ListBucket is missing" in messages_of(reply)[0]


def test_new_source_is_checked_when_it_is_saved(admin_client, store):
    reply = save(admin_client, "")

    assert "no files whose keys begin with nightly/" in " ".join(messages_of(reply))


def test_source_that_cannot_be_read_is_saved_all_the_same(admin_client, store):
    store.rmdir()

    reply = save(admin_client, "")

    assert ReportSource.objects.filter(name="Nightly").exists()
    assert any("does not exist" in text for text in messages_of(reply))


def test_look_button_finds_files_of_its_source(admin_client, store):
    (store / "a.csv").write_bytes(b"x")
    source = ReportSourceFactory(imports_automatically=True)

    reply = press(admin_client, "look", source)

    assert messages_of(reply) == ["1 new file was found."]
    assert source.reports.get().state == "waiting"


def test_page_shows_the_error_of_the_last_look(admin_client):
    source = ReportSourceFactory(
        looked_at=AS_OF, look_error="The bucket x does not exist.", look_again_at=AS_OF
    )
    page = reverse("admin:reports_reportsource_change", args=[source.pk])

    shown = admin_client.get(page).content.decode()

    assert "The bucket x does not exist." in shown
    assert "It is tried again by itself" in shown
    assert "Cannot be read" in admin_client.get(LIST).content.decode()


@pytest.mark.security
@pytest.mark.parametrize("button", ["check", "look"])
def test_editor_cannot_press_buttons_of_a_source(editor, button):
    source = ReportSourceFactory()

    assert press(editor, button, source).status_code == 403
    page = reverse("admin:reports_reportsource_change", args=[source.pk])
    assert "Check connection" not in editor.get(page).content.decode()
