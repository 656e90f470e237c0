"""Claim reports: what lands, what ends, whose video it is."""

import pytest

from catalog.models import Asset, Claim, Video
from reports.models import Report
from tests.reports.conftest import video_file, video_row
from tests.reports.files import claim_file, claim_row

pytestmark = pytest.mark.django_db

NAME = "claim_report_Aurora_C_v1-2.csv"


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
