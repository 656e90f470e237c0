"""New files of the store become reports once; uploads are kept under their name."""

import os

import pytest
from django.core.files.base import ContentFile

from catalog.models import ContentOwner
from reports.models import Report, ReportSource
from reports.services.sources import add_stored_file, find_files, receive_upload
from ytmanager.exceptions import S3ProcessingError
from ytmanager.storage import get_report_store, open_stream

pytestmark = pytest.mark.django_db


def put(folder, key, data=b"x"):
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_files_of_the_store_become_available_reports(report_store):
    put(report_store, "in/video_report_Aurora_V_v1-4.csv", b"abc")

    assert find_files() == 1

    report = Report.objects.get()
    assert report.state == Report.State.AVAILABLE
    assert (report.key, report.size) == ("in/video_report_Aurora_V_v1-4.csv", 3)
    assert report.source == ReportSource.objects.get()


def test_looking_twice_finds_nothing_new(report_store):
    put(report_store, "a.csv")
    find_files()

    assert find_files() == 0
    assert Report.objects.count() == 1


def test_file_with_new_content_is_a_new_report(report_store):
    path = put(report_store, "a.csv")
    find_files()
    path.write_bytes(b"new content")
    os.utime(path, ns=(1, 1))

    assert find_files() == 1
    assert set(Report.objects.values_list("size", flat=True)) == {1, 11}
    assert Report.objects.count() == 2


def test_source_limits_its_files_and_names_their_owner(report_store):
    owner = ContentOwner.objects.create(name="Aurora")
    source = ReportSource.objects.create(
        name="Aurora", prefix="aurora/", content_owner=owner
    )
    ReportSource.objects.create(name="Off", prefix="off/", is_active=False)
    put(report_store, "aurora/a.csv")
    put(report_store, "off/b.csv")

    assert find_files() == 1

    report = Report.objects.get()
    assert (report.source, report.content_owner) == (source, owner)


def test_uploads_are_no_files_of_a_source(report_store):
    receive_upload(file=ContentFile(b"x", name="a.csv"), actor=None)

    assert find_files() == 0


def test_upload_is_stored_and_keeps_its_name(report_store, admin_user):
    file = ContentFile(b"content", name="C:\\My Files\\video (1).csv")

    report = receive_upload(file=file, actor=admin_user)

    assert report.name == "video (1).csv"
    assert report.key.startswith("uploads/")
    assert report.requested_by == admin_user
    with open_stream(get_report_store(), report.key) as stream:
        assert stream.read() == b"content"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b.csv"])
def test_upload_never_leaves_the_store(report_store, name):
    report = receive_upload(file=ContentFile(b"x", name=name), actor=None)

    stored = [path for path in report_store.parent.rglob("*") if path.is_file()]
    assert stored == [report_store / report.key]
    assert stored[0].resolve().is_relative_to(report_store / "uploads")


def test_stored_file_is_added_once(report_store):
    put(report_store, "a.csv")

    first, second = add_stored_file(key="a.csv"), add_stored_file(key="a.csv")

    assert first == second


def test_key_that_is_not_in_the_store_is_told(report_store):
    with pytest.raises(S3ProcessingError, match="no longer"):
        add_stored_file(key="gone.csv")
