"""Video reports: the layout of 2013, and videos that were deleted."""

import pytest

from catalog.models import ContentOwner, Video
from reports.models import Report
from tests.reports.conftest import video_file, video_row

pytestmark = pytest.mark.django_db

COLUMNS_2013 = (
    "video_id,username,time_uploaded,title,length,view_count,status,category,"
    "favorite_count,responses_allowed,is_licensed,claim_custom_id,isrc"
)
NAME_2013 = "video_report_Aurora_V_1.csv"


def row_2013(number=1, title="Song of 2013", views="200"):
    return (
        f"video{number:06d},aurora,2013-01-02,{title},240,{views},Public,music,"
        f"3,Yes,Yes,C-{number},QZABC25{number:05d}"
    )


def file_2013(*rows):
    return "\n".join([COLUMNS_2013, *rows, ""]).encode()


def test_layout_of_2013_updates_known_videos(run):
    run(video_file())

    report = run(file_2013(row_2013()), NAME_2013, day=2)

    assert (report.kind, report.state) == (
        "video_report_2013",
        Report.State.COMPLETED,
    )
    video = Video.objects.get()
    assert (video.title, video.length_seconds) == ("Song of 2013", 240)
    assert video.statistics.view_count == 200


def test_layout_of_2013_lists_unknown_videos_and_creates_none(run):
    run(video_file())

    report = run(file_2013(*map(row_2013, range(1, 8))), NAME_2013, day=2)

    assert report.state == Report.State.COMPLETED_WITH_ERRORS
    assert (report.rows_read, report.rows_imported, report.rows_rejected) == (7, 1, 6)
    assert Video.objects.count() == 1
    error = report.row_errors.first()
    assert (error.line, error.column, error.value) == (3, "video_id", "video000002")
    assert "This video is not in the catalogue." in error.reason


def test_deleted_video_that_nobody_knows_is_rejected(run):
    rows = [video_row(n) for n in range(1, 10)]

    report = run(video_file(*rows, video_row(20, video_id="", custom_id="video000020")))

    assert (report.rows_imported, report.rows_rejected) == (9, 1)
    assert not Video.objects.filter(video_id="video000020").exists()


def test_bulk_download_is_its_owners_by_the_owner_id(run):
    owner = ContentOwner.objects.create(name="Aurora", content_owner_id="id0iPcHV")
    ContentOwner.objects.create(name="Other")

    report = run(video_file(), "id0iPcHV_content_owner_video_metadata_a3_2026-06.csv")

    assert (report.content_owner, report.version) == (owner, "a3")
    assert report.warnings == []
