"""Claim reports: what lands, what ends, whose video it is."""

import pytest

from catalog.models import Asset, Claim, Video
from reports.models import Report
from reports.services.imports import run_import
from reports.services.requests import request_import
from tests.reports.conftest import video_file, video_row
from tests.reports.files import claim_file, claim_row

pytestmark = pytest.mark.django_db

NAME = "claim_report_Aurora_C_v1-2.csv"


def answer_shrinkage(report, answer):
    report.answers["shrinkage"] = answer
    report.save()
    request_import(report=report, actor=None)
    run_import(report=report)
    report.refresh_from_db()


def test_claim_lands_with_video_asset_policy_and_origin(run):
    run(video_file())

    report = run(claim_file(), NAME, day=2)

    assert report.state == Report.State.COMPLETED
    claim = Claim.objects.get()
    assert (claim.claim_id, claim.video_id) == ("claim1", "video000001")
    assert claim.asset.asset_id == "A000000000000001"
    assert (claim.status, claim.origin) == ("ACTIVE", "CMS_UPLOAD")
    assert claim.countries_by_action == {"monetize": ["DE", "FR"], "block": ["US"]}
    assert (claim.policy, claim.view_count) == ("Monetize in all countries", 100)
    assert f"{claim.claimed_at:%Y-%m-%d}" == "2025-01-03"


def test_claim_on_a_video_of_others_creates_no_video(run):
    run(claim_file(claim_row(7, content_type="UGC")), NAME)

    assert not Video.objects.exists()
    claim = Claim.objects.get()
    assert (claim.video_id, claim.is_partner_provided) == ("video000007", False)
    assert (claim.video_title, claim.video_channel_title) == ("Song 7", "Fan")
    asset = Asset.objects.get()
    assert (asset.title, asset.isrc, asset.label) == (
        "Song 7",
        "QZABC2500007",
        "Aurora",
    )


def test_rows_add_up(run):
    rows = [
        claim_row(1),
        claim_row(1),
        claim_row(2, claim_id=""),
        *map(claim_row, range(3, 12)),
    ]

    report = run(claim_file(*rows), NAME)

    assert (report.rows_read, report.rows_imported) == (12, 10)
    assert (report.rows_collapsed, report.rows_rejected) == (1, 1)
    assert report.claims_new == 10


def test_unlisted_claim_ends_and_its_video_is_judged_again(run):
    run(video_file(*[video_row(n) for n in range(1, 30)]))
    rows = [claim_row(n) for n in range(1, 30)]
    run(claim_file(*rows), NAME, day=2)

    report = run(claim_file(*rows[1:]), NAME, day=3)

    assert (report.claims_ended, report.videos_changed) == (1, 1)
    claim = Claim.objects.get(claim_id="claim1")
    assert f"{claim.ended_at:%Y-%m-%d}" == "2026-06-03"
    assert Video.objects.get(video_id="video000001").primary_asset is None

    report = run(claim_file(*rows), NAME, day=4)

    claim.refresh_from_db()
    assert (claim.ended_at, report.claims_changed) == (None, 1)
    video = Video.objects.get(video_id="video000001")
    assert video.primary_asset.asset_id == "A000000000000001"


def test_older_claim_list_ends_nothing_and_adds_nothing(run):
    rows = [claim_row(n) for n in range(1, 30)]
    run(claim_file(*rows), NAME, day=5)

    report = run(claim_file(*rows[1:], claim_row(50)), NAME, day=4)

    assert (report.claims_ended, report.claims_new, report.claims_changed) == (0, 0, 0)
    assert not Claim.objects.filter(claim_id="claim50").exists()


@pytest.mark.parametrize("kind", ["claims", "videos"])
def test_older_report_leaves_an_ended_claim_ended(run, kind):
    run(video_file(video_row(1), video_row(2)), day=1)
    run(claim_file(claim_row(1), claim_row(2)), NAME, day=1)
    run(claim_file(claim_row(1)), NAME, day=5)

    if kind == "claims":
        older = claim_file(claim_row(1), claim_row(2, claim_status_detail="LATER"))
        report = run(older, NAME, day=3)
    else:
        report = run(video_file(video_row(1), video_row(2, views="7")), day=3)

    claim = Claim.objects.get(claim_id="claim2")
    assert (report.state, f"{claim.ended_at:%Y-%m-%d}") == ("completed", "2026-06-05")
    assert Video.objects.get(video_id="video000002").primary_asset is None


def test_older_claim_list_changes_no_claim(run):
    run(claim_file(claim_row(claim_status="INACTIVE")), NAME, day=5)

    run(claim_file(claim_row(claim_status="ACTIVE")), NAME, day=4)

    assert Claim.objects.get().status == "INACTIVE"


def test_older_video_report_brings_no_claim_back(run):
    rows = [claim_row(n) for n in range(2, 30)]
    run(claim_file(*rows), NAME, day=5)
    run(video_file(video_row(1)), day=3)

    report = run(video_file(video_row(1, views="101")), day=4)

    assert not Claim.objects.filter(video_id="video000001").exists()
    assert (report.videos_changed, report.videos_counters_only) == (0, 1)


def test_claims_of_a_video_report_that_is_newer_are_not_ended(run):
    rows = [claim_row(n) for n in range(2, 30)]
    run(claim_file(*rows, claim_row(1)), NAME, day=1)
    run(video_file(video_row(1)), day=4)

    report = run(claim_file(*rows), NAME, day=3)

    assert report.claims_ended == 0


def test_closed_claim_no_longer_feeds_its_video(run):
    run(video_file())

    closed = claim_row(claim_status="INACTIVE", claim_status_detail="CLOSED_MANUALLY")
    report = run(claim_file(closed), NAME, day=2)

    assert report.videos_changed == 1
    assert Video.objects.get().primary_asset is None
    assert Claim.objects.get().status_detail == "CLOSED_MANUALLY"
    assert not Claim.objects.active().exists()


def test_claims_of_another_owner_do_not_end(run):
    rows = [claim_row(n) for n in range(1, 30)]
    run(claim_file(*rows), NAME, day=1)

    report = run(claim_file(claim_row(90)), "claim_report_Other_C.csv", day=2)

    assert (report.content_owner.name, report.claims_ended) == ("Other", 0)


def test_many_missing_claims_ask_first_and_the_answer_counts(run):
    rows = [claim_row(n) for n in range(1, 41)]
    run(claim_file(*rows), NAME, day=1)

    report = run(claim_file(*rows[:30]), NAME, day=2)

    assert report.state == Report.State.NEEDS_ANSWER
    assert "10 of the 40 claims" in report.question["message"]

    answer_shrinkage(report, "part")

    assert (report.state, report.claims_ended) == (Report.State.COMPLETED, 0)

    report = run(claim_file(*rows[:29]), NAME, day=3)
    answer_shrinkage(report, "gone")

    assert (report.state, report.claims_ended) == (Report.State.COMPLETED, 11)


def test_claims_do_not_end_while_rows_cannot_be_read(run):
    rows = [claim_row(n) for n in range(1, 30)]
    run(claim_file(*rows), NAME, day=1)

    report = run(claim_file(*rows[1:], "claim1,too,few"), NAME, day=2)

    assert report.claims_ended == 0
    assert any("nothing was marked as ended" in w for w in report.warnings)


def test_claim_whose_asset_cannot_be_read_does_not_end(run):
    rows = [claim_row(n) for n in range(1, 30)]
    run(claim_file(*rows), NAME, day=1)

    report = run(claim_file(*rows[1:], claim_row(1, asset_id="A1")), NAME, day=2)

    assert (report.rows_rejected, report.claims_ended) == (1, 0)


def test_claim_without_an_id_is_named_by_the_claim_report(run):
    run(video_file(video_row(claim_id="")))

    report = run(claim_file(), NAME, day=2)

    assert (report.claims_new, Claim.objects.get().claim_id) == (0, "claim1")


def test_importing_the_same_claims_again_changes_nothing(run):
    run(claim_file(claim_row(1), claim_row(2)), NAME, day=1)

    report = run(claim_file(claim_row(2), claim_row(1)), NAME, day=2)

    assert (report.claims_new, report.claims_changed, report.assets_changed) == (
        0,
        0,
        0,
    )
