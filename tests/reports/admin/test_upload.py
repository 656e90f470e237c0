"""Upload a report: what is asked depends on what the file name tells."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse

from reports.models import Report
from reports.services import sources
from tests.factories.catalog import ContentOwnerFactory
from tests.reports.admin.conftest import address
from tests.reports.conftest import video_file
from ytmanager.exceptions import S3ProcessingError

pytestmark = pytest.mark.django_db
NAME = "video_report_Aurora_V_v1-4_20260601.csv"
UNDATED = "video_report_Aurora_V_v1-4.csv"
UPLOAD = "/admin/reports/report/add/"


def send(client, name=NAME, content=None, **facts):
    file = SimpleUploadedFile(name, video_file() if content is None else content)
    return client.post(UPLOAD, {"file": file, **facts})


def errors_of(reply):
    return reply.context["form"].errors.get_json_data()


def test_upload_is_stored_and_leads_to_its_page(editor, store):
    reply = send(editor, as_of="2026-06-02")

    report = Report.objects.get()
    assert reply.url == address("change", report)
    assert (report.name, report.state) == (NAME, "available")
    assert report.requested_by == editor.person
    assert report.as_of == datetime(2026, 6, 2, 7, tzinfo=UTC)
    assert (store / report.key).read_bytes() == video_file()
    assert "Import</button>" in editor.get(reply.url).content.decode()


def test_large_upload_passes_by_the_disk_not_through_memory(
    editor, settings, monkeypatch
):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    kinds = []
    store_it = sources.save_file
    monkeypatch.setattr(
        sources,
        "save_file",
        lambda store, key, file: kinds.append(type(file)) or store_it(store, key, file),
    )

    send(editor)

    assert kinds == [TemporaryUploadedFile]


def test_date_is_asked_when_the_name_does_not_tell_it(editor):
    reply = send(editor, UNDATED)

    assert reply.status_code == 200
    assert (
        "The file name does not tell the date"
        in errors_of(reply)["as_of"][0]["message"]
    )
    assert Report.objects.count() == 0


def test_date_in_the_name_suffices(editor):
    send(editor, NAME)

    assert Report.objects.get().as_of is None


@time_machine.travel("2026-06-02T05:00:00Z", tick=False)
def test_day_that_has_not_come_in_california_is_refused(editor):
    reply = send(editor, as_of="2026-06-02")

    assert errors_of(reply)["as_of"][0]["message"] == "This day has not come yet."


def test_owner_is_asked_when_there_are_several_and_the_name_does_not_tell(editor):
    owner, _ = ContentOwnerFactory.create_batch(2)

    refused = send(editor, "export.csv", as_of="2026-06-01")
    send(editor, "export.csv", as_of="2026-06-01", content_owner=owner.pk)

    assert "Choose one." in errors_of(refused)["content_owner"][0]["message"]
    assert Report.objects.get().content_owner == owner


def test_owner_in_the_name_suffices(editor):
    ContentOwnerFactory.create_batch(2)

    send(editor, NAME)

    assert Report.objects.get().content_owner is None


def test_owner_is_not_asked_when_there_is_one(editor):
    ContentOwnerFactory()

    page = editor.get(UPLOAD)

    assert "content_owner" not in page.context["form"].fields


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"content": b""}, "file"), ({"as_of": "yesterday"}, "as_of")],
)
def test_wrong_input_is_explained_at_its_field(editor, facts, field):
    reply = send(editor, **facts)

    assert list(errors_of(reply)) == [field]
    assert reply.content.decode().count("ytm-error") == 1


def test_store_that_fails_is_said_on_the_page(editor, monkeypatch):
    def fail(*args):
        raise S3ProcessingError("The report store does not answer.")

    monkeypatch.setattr(sources, "save_file", fail)

    reply = send(editor)

    assert reply.status_code == 200
    assert "The report store does not answer." in reply.content.decode()
    assert Report.objects.count() == 0


@pytest.mark.security
def test_viewer_cannot_upload(viewer):
    assert send(viewer).status_code == 403
    assert Report.objects.count() == 0


@pytest.mark.security
def test_name_cannot_leave_the_folder_of_uploads(editor, store):
    send(editor, "..\\..\\evil_20260601.csv")

    report = Report.objects.get()
    assert report.key.startswith("uploads/")
    assert (store / report.key).resolve().is_relative_to(store.resolve())


def test_address_of_the_page_is_the_add_page():
    assert reverse("admin:reports_report_add") == UPLOAD
