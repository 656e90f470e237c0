"""Asset reports: provided and displayed values, merged and ended assets."""

import pytest

from catalog.models import Asset, Claim, Video
from reports.models import Report
from tests.reports.conftest import (
    ASSET_COLUMNS,
    asset_file,
    asset_row,
    video_file,
    video_row,
)
from tests.reports.files import claim_file, claim_row

pytestmark = pytest.mark.django_db

NAME = "asset_full_report_Aurora_L_v1-3.csv"
CLAIMS = "claim_report_Aurora_C.csv"
OLD, SURVIVOR = "A000000000000001", "A000000000000002"


def file_with(columns, *rows):
    return "\n".join([columns, *rows, ""]).encode()


def a3_row(displayed, provided, number=1):
    return asset_row(number, isrc=f"{displayed},{provided}")


A3 = ASSET_COLUMNS.replace("isrc", "display_isrc,your_isrc")
MERGED = f"{ASSET_COLUMNS},constituent_asset_id"


def test_displayed_isrc_stands_beside_the_provided_one(run):
    run(video_file(video_row(isrc="")))

    run(file_with(A3, a3_row("USAAA2500001", "QZABC2500009")), NAME, day=2)

    asset = Asset.objects.get()
    assert (asset.isrc, asset.displayed) == ("QZABC2500009", {"isrc": "USAAA2500001"})
    assert Video.objects.get().isrc == "QZABC2500009"


def test_displayed_isrc_never_drives_wanted_after_a_provided_one(run):
    run(video_file())
    run(file_with(A3, a3_row("USAAA2500001", "QZABC2500009")), NAME, day=2)

    header = ASSET_COLUMNS.replace("isrc", "display_isrc")
    run(file_with(header, asset_row(isrc="USAAA2500002")), NAME, day=3)

    assert Asset.objects.get().displayed == {"isrc": "USAAA2500002"}
    assert Video.objects.get().isrc == "QZABC2500009"


def test_displayed_isrc_stands_in_where_nothing_was_provided(run):
    header = ASSET_COLUMNS.replace("isrc", "display_isrc")
    run(video_file(video_row(isrc="")))

    run(file_with(header, asset_row(isrc="USAAA2500002")), NAME, day=3)

    assert Asset.objects.get().isrc == "USAAA2500002"


def test_unlisted_asset_ends_and_comes_back(run):
    rows = [asset_row(n) for n in range(1, 30)]
    run(asset_file(*rows), NAME, day=1)

    report = run(asset_file(*rows[1:]), NAME, day=2)

    ended = Asset.objects.exclude(ended_at=None).get()
    assert (report.assets_ended, ended.asset_id) == (1, OLD)
    assert not Asset.objects.listed().filter(pk=ended.pk).exists()

    run(asset_file(*rows), NAME, day=3)

    assert not Asset.objects.exclude(ended_at=None).exists()


def test_asset_that_only_videos_name_does_not_end(run):
    run(video_file(video_row(99)))

    run(asset_file(*[asset_row(n) for n in range(1, 30)]), NAME, day=2)

    assert not Asset.objects.exclude(ended_at=None).exists()


def test_older_asset_list_ends_nothing_and_adds_nothing(run):
    rows = [asset_row(n) for n in range(1, 30)]
    run(asset_file(*rows), NAME, day=3)

    report = run(asset_file(*rows[1:], asset_row(77)), NAME, day=2)

    assert (report.assets_ended, report.assets_new) == (0, 0)


def test_older_asset_list_leaves_an_ended_asset_ended(run):
    run(asset_file(asset_row(1), asset_row(2)), NAME, day=1)
    run(asset_file(asset_row(1)), NAME, day=5)

    run(asset_file(asset_row(1), asset_row(2, label="Harbour")), NAME, day=3)

    asset = Asset.objects.get(asset_id="A000000000000002")
    assert (f"{asset.ended_at:%Y-%m-%d}", asset.label) == ("2026-06-05", "Harbour")


def test_many_missing_assets_ask_first(run):
    rows = [asset_row(n) for n in range(1, 41)]
    run(asset_file(*rows), NAME, day=1)

    report = run(asset_file(*rows[:20]), NAME, day=2)

    assert report.state == Report.State.NEEDS_ANSWER
    assert "20 of the 40 assets" in report.question["message"]


def merge_of_two(run, day):
    row = asset_row(2, custom_id="S", isrc="QZABC2500077")
    return run(file_with(MERGED, f"{row},{OLD}"), NAME, day=day)


def test_claims_of_a_merged_asset_follow_the_survivor(run):
    run(video_file(video_row(1)))
    run(asset_file(asset_row(1), asset_row(2)), NAME, day=2)

    report = merge_of_two(run, 3)

    assert report.state == Report.State.COMPLETED
    old = Asset.objects.get(asset_id=OLD)
    assert (old.merged_into.asset_id, old.ended_at) == (SURVIVOR, None)
    assert Claim.objects.get().asset.asset_id == SURVIVOR
    video = Video.objects.get()
    assert (video.primary_asset.asset_id, video.isrc) == (SURVIVOR, "QZABC2500077")


@pytest.mark.parametrize("is_old_known", [True, False])
def test_later_rows_that_name_a_merged_asset_land_on_the_survivor(run, is_old_known):
    known = [asset_row(1)] if is_old_known else []
    run(asset_file(*known, asset_row(2)), NAME, day=1)
    merge_of_two(run, 2)

    run(video_file(video_row(1)), day=3)
    run(claim_file(claim_row(1), claim_row(5, asset_id=OLD)), CLAIMS, day=4)

    assert {claim.asset.asset_id for claim in Claim.objects.all()} == {SURVIVOR}
    assert Claim.objects.count() == 2
    assert Video.objects.get().primary_asset.asset_id == SURVIVOR


def test_asset_with_a_row_of_its_own_is_one_again(run):
    run(asset_file(asset_row(1), asset_row(2)), NAME, day=1)
    merge_of_two(run, 2)

    run(asset_file(asset_row(1), asset_row(2)), NAME, day=3)

    assert Asset.objects.get(asset_id=OLD).merged_into is None


def test_rows_of_one_asset_are_taken_together(run):
    rows = [f"{asset_row(2)},{number}" for number in ("A000000000000008", OLD)]
    run(asset_file(asset_row(1)), NAME, day=1)

    report = run(file_with(MERGED, *rows), NAME, day=2)

    assert (report.rows_read, report.rows_imported, report.rows_collapsed) == (2, 1, 1)
    survivor = Asset.objects.get(asset_id=SURVIVOR)
    assert survivor.constituent_asset_ids == [OLD, "A000000000000008"]
    assert Asset.objects.get(asset_id=OLD).merged_into == survivor
