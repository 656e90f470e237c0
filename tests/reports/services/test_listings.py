"""Videos that a complete report no longer lists, and those that come back."""

import pytest

from catalog.models import HighlightCount, Video
from reports.models import Report
from reports.services.imports import run_import
from reports.services.requests import answer_question
from tests.reports.conftest import asset_file, video_file, video_row

pytestmark = pytest.mark.django_db

State = Report.State


def listing(numbers, *broken):
    return video_file(*(video_row(n) for n in numbers), *broken)


def missing():
    videos = Video.objects.no_longer_listed().order_by("video_id")
    return [video.video_id for video in videos]


def test_video_that_a_report_leaves_out_is_no_longer_listed(run):
    run(listing(range(3)), day=1)

    report = run(listing([0, 2]), day=2)

    assert report.state == State.COMPLETED
    assert missing() == ["video000001"]
    video = Video.objects.get(video_id="video000001")
    assert video.missing_since == report.as_of
    assert video.not_found_at is None
    assert report.observation.counts["videos_missing"] == 1


def test_video_that_is_listed_again_is_not_missing_any_more(run):
    run(listing(range(3)), day=1)
    run(listing([0, 2]), day=2)

    report = run(listing(range(3)), day=3)

    assert missing() == []
    assert report.observation.counts["videos_back"] == 1


def test_moment_since_when_a_video_is_missing_stays(run):
    run(listing(range(3)), day=1)
    first = run(listing([0, 2]), day=2)

    report = run(listing([0, 2, 5]), day=3)

    assert Video.objects.no_longer_listed().get().missing_since == first.as_of
    assert report.observation.counts["videos_missing"] == 0


def test_older_report_neither_loses_videos_nor_brings_them_back(run):
    run(listing(range(3)), day=5)
    run(listing([0, 2]), day=6)

    run(listing([1, 2, 7]), day=2)

    assert missing() == ["video000001"]


def test_report_of_another_owner_says_nothing_about_these(run):
    run(listing(range(3)), "video_report_Aurora_V_v1-3.csv", day=1)

    other = video_row(9, channel_id="UC" + "z" * 22)
    run(video_file(other), "video_report_Borealis_V_v1-3.csv", day=2)

    assert missing() == []


def test_asset_report_says_nothing_about_videos(run):
    run(listing(range(3)), day=1)

    run(asset_file(), "asset_full_report_Aurora_L_v1-2.csv", day=2)

    assert missing() == []


def test_same_report_again_changes_nothing(run):
    run(listing(range(3)), day=1)
    run(listing([0, 2]), day=2)

    run(listing([2, 0]), day=2)

    assert missing() == ["video000001"]


def test_many_missing_videos_ask_before_anything_is_written(run):
    run(listing(range(40)), day=1)

    report = run(listing(range(30)), day=2)

    assert report.state == State.NEEDS_ANSWER
    assert report.question["topic"] == "shrinkage"
    assert report.error_message.startswith("10 of the 40 videos")
    assert missing() == []


@pytest.mark.parametrize(("answer", "count"), [("gone", 10), ("part", 0)])
def test_answer_tells_whether_many_missing_videos_are_gone(run, answer, count):
    run(listing(range(40)), day=1)
    report = run(listing(range(30)), day=2)

    answer_question(report=report, answer=answer, actor=None)
    run_import(report=report)

    assert report.state == State.COMPLETED
    assert len(missing()) == count
    counted = HighlightCount.objects.filter(kind="video_missing")
    assert sum(row.count for row in counted) == count


def test_part_of_the_catalogue_brings_its_videos_back(run):
    run(listing(range(40)), day=1)
    run(listing(range(39)), day=2)
    report = run(listing([38, 39]), day=3)

    answer_question(report=report, answer="part", actor=None)
    run_import(report=report)

    assert missing() == []


def test_video_in_a_row_that_was_rejected_is_listed(run):
    run(listing(range(9)), day=1)

    report = run(listing(range(8), video_row(8, channel_id="wrong")), day=2)

    assert report.rows_rejected == 1
    assert missing() == []


def test_video_in_a_record_of_the_wrong_shape_is_listed(run):
    run(listing(range(9)), day=1)

    report = run(listing(range(7), "video000008,too few"), day=2)

    assert report.rows_rejected == 1
    assert missing() == ["video000007"]


def test_nothing_is_missing_where_rejected_rows_are_not_all_known(run, monkeypatch):
    monkeypatch.setattr("reports.services.imports.LISTED_BAD_RECORDS", 1)
    run(listing(range(19)), day=1)

    report = run(listing(range(17), "video000017,x", "video000018,x"), day=2)

    assert missing() == []
    assert any("no longer listed" in warning for warning in report.warnings)
