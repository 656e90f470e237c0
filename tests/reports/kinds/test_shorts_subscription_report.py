"""Shorts subscription reports: evidence for the verdict, below a title line."""

import pytest

from catalog.models import ShortsVerdict, Video
from reports.kinds import KINDS, kind_of_header, kind_of_name, normal_header
from reports.models import Report
from tests.reports.conftest import CHANNEL, video_file, video_row

HEADER = (
    "Adjustment Type,Day,Country,Video ID,Custom ID,Content Type,Video Title,"
    "Video Duration (sec),Username,Uploader,Channel ID,Owned Subscription Views,"
    "Partner Revenue"
)
NAME = (
    "YouTube_Aurora_M_20260701_20260731_monthly_shorts_non_music_subscription_"
    "video_summary_v1-0.csv"
)


def row(number=1, day="20260701", country="DE"):
    return (
        f"None,{day},{country},video{number:06d},C-{number},Partner-provided,"
        f"Song {number},40,,aurora,{CHANNEL},12,0.000021676471"
    )


def file_of(*rows, title="Video Summary\n"):
    return (title + "\n".join([HEADER, *rows, ""])).encode()


def verdict(number=1):
    return ShortsVerdict.objects.get(video__video_id=f"video{number:06d}")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "owner", "version"),
    [
        (NAME, "Aurora", "v1-0"),
        (
            "youtube_shorts_subscription_revenue_month_youtube_shorts_subscription_"
            "video_summary_v1_1_20250701.csv",
            "",
            "v1_1",
        ),
    ],
)
def test_name_and_header_tell_the_kind(name, owner, version):
    match = kind_of_name(name)

    assert match.kind is KINDS["shorts_subscription_report"]
    assert (match.owner, match.version) == (owner, version)
    assert kind_of_header(list(map(normal_header, HEADER.split(",")))) is match.kind


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["", "Video Summary\n"])
def test_q02_listed_video_is_a_short_with_and_without_the_title_line(run, title):
    run(video_file(video_row(1), video_row(2)))

    report = run(file_of(row(), title=title), NAME, day=None)

    assert (report.state, report.unknown_columns) == (Report.State.COMPLETED, [])
    assert (report.kind, report.shorts_found) == ("shorts_subscription_report", 1)
    assert (verdict().verdict, verdict().method) == ("yes", "report")
    assert verdict().evidence == (
        "Listed in the Shorts subscription report, data of 2026-07-31."
    )
    assert verdict(2).verdict == "unknown"


@pytest.mark.django_db
def test_days_and_countries_of_one_video_collapse(run):
    rows = [row(), row(country="NA"), row(day="20260702"), row(2)]

    report = run(file_of(*rows), NAME)

    assert (report.rows_read, report.rows_imported, report.rows_collapsed) == (4, 2, 2)
    assert not Video.objects.exists()


@pytest.mark.django_db
def test_row_without_a_video_is_rejected_and_the_rows_add_up(run):
    good = [row(n) for n in range(1, 10)]

    report = run(file_of(*good, row(10).replace("video000010", "")), NAME)

    assert report.state == Report.State.COMPLETED_WITH_ERRORS
    assert (report.rows_read, report.rows_imported, report.rows_rejected) == (10, 9, 1)
    assert report.row_errors.get().column == "video_id"
