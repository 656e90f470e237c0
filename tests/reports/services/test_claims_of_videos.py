"""Claims that a video report no longer names, of owners without claim reports."""

import pytest

from catalog.models import Claim, Video
from reports.models import Report
from reports.services.imports import run_import
from reports.services.requests import answer_question
from tests.reports.conftest import VIDEO_COLUMNS, video_file, video_row
from tests.reports.files import claim_file, claim_row

pytestmark = pytest.mark.django_db

OTHER_ASSET = "A000000000000900"


def released(number, **cells):
    """The row of a video that nobody claims."""
    return video_row(number, asset_id="", claim_id="", content_type="", **cells)


def ended():
    claims = Claim.objects.exclude(ended_at=None).order_by("video_id", "asset_id")
    return [(claim.video_id, claim.asset.asset_id) for claim in claims]


def primary_of(number):
    asset = Video.objects.get(video_id=f"video{number:06d}").primary_asset
    return asset and asset.asset_id


def test_claim_that_no_row_names_has_ended(run):
    run(video_file(video_row(1), video_row(2)), day=1)

    report = run(video_file(released(1), video_row(2)), day=2)

    assert (report.claims_ended, report.videos_changed) == (1, 1)
    assert ended() == [("video000001", "A000000000000001")]
    assert Claim.objects.get(video_id="video000001").ended_at == report.as_of
    assert (primary_of(1), primary_of(2)) == (None, "A000000000000002")


def test_video_follows_the_claims_that_remain(run):
    second = video_row(1, claim_id="second", asset_id=OTHER_ASSET)
    run(video_file(video_row(1), second), day=1)

    run(video_file(second), day=2)

    assert ended() == [("video000001", "A000000000000001")]
    assert primary_of(1) == OTHER_ASSET
    assert not Video.objects.get().has_several_assets


def test_claim_that_is_named_again_has_no_end(run):
    run(video_file(), day=1)
    run(video_file(released(1)), day=2)

    report = run(video_file(), day=3)

    assert (ended(), report.claims_changed) == ([], 1)
    assert primary_of(1) == "A000000000000001"


def test_same_file_again_changes_nothing(run):
    run(video_file(video_row(1), video_row(2)), day=1)
    run(video_file(released(1), video_row(2)), day=2)

    again = run(video_file(video_row(2), released(1)), day=3)

    assert (again.claims_ended, again.claims_changed, again.videos_changed) == (0, 0, 0)
    assert again.videos_unchanged == 2


def test_claim_reports_decide_where_there_are_any(run):
    run(video_file(), day=1)
    run(claim_file(claim_row(1)), "claim_report_Aurora_C_v1-2.csv", day=2)

    report = run(video_file(released(1)), day=3)

    assert (report.claims_ended, ended()) == (0, [])


def test_older_report_ends_nothing(run):
    run(video_file(), day=5)

    report = run(video_file(released(1)), day=4)

    assert (report.claims_ended, ended()) == (0, [])


def test_claims_on_videos_that_are_not_listed_stay(run):
    run(video_file(video_row(1), video_row(2)), day=1)

    run(video_file(video_row(2)), day=2)

    assert ended() == []


def test_claims_of_other_owners_stay(run):
    other = claim_row(1, claim_id="theirs", asset_id=OTHER_ASSET)
    run(claim_file(other), "claim_report_Borealis_C_v1-2.csv", day=1)
    run(video_file(), day=1)

    run(video_file(released(1)), day=2)

    assert ended() == [("video000001", "A000000000000001")]


def test_asset_that_cannot_be_read_ends_nothing(run):
    run(video_file(), day=1)

    report = run(video_file(video_row(1, asset_id="A1.5E+14")), day=2)

    assert (report.values_rejected, ended()) == (1, [])


def test_row_that_cannot_be_read_may_have_named_the_claim(run):
    rows = [video_row(n) for n in range(2, 30)]
    second = video_row(1, claim_id="second", asset_id=OTHER_ASSET)
    run(video_file(video_row(1), second, *rows), day=1)

    no_channel = video_row(1, channel_id="?")
    report = run(video_file(no_channel, second, *rows), day=2)
    scrap = run(video_file("video000001,too,few", second, *rows), day=3)

    assert (report.rows_rejected, scrap.rows_rejected) == (1, 1)
    assert ended() == []


def test_file_without_assets_says_nothing_about_claims(run):
    run(video_file(), day=1)
    header = VIDEO_COLUMNS.replace("asset_id,", "")
    row = video_row(1).replace("A000000000000001,", "")

    report = run(video_file(row, header=header), day=2)

    assert (report.state, ended()) == (Report.State.COMPLETED, [])


def test_many_claims_at_once_are_asked_about(run):
    run(video_file(*(video_row(n) for n in range(1, 41))), day=1)
    rows = [released(n) if n < 11 else video_row(n) for n in range(1, 41)]

    report = run(video_file(*rows), day=2)

    assert report.state == Report.State.NEEDS_ANSWER
    assert "10 of the 40 claims" in report.question["message"]

    answer_question(report=report, answer="gone", actor=None)
    run_import(report=report)

    report.refresh_from_db()
    assert (report.state, report.claims_ended) == (Report.State.COMPLETED, 10)
