"""Quirks of real rows and values, by the numbers of `docs/report-files.md`."""

import tracemalloc

import pytest

from catalog.models import Asset, Claim, OwnershipConflict, Video
from reports.models import Report
from reports.reading import read_table
from reports.services.identify import HeaderSearch
from tests.reports.conftest import (
    ASSET_COLUMNS,
    CHANNEL,
    VIDEO_COLUMNS,
    asset_file,
    asset_row,
    video_file,
    video_row,
)
from tests.reports.files import (
    claim_file,
    claim_row,
    conflict_file,
    conflict_row,
    shorts_ads_file,
    shorts_ads_row,
)

pytestmark = pytest.mark.django_db

State = Report.State
ASSETS = "asset_full_report_Aurora_L_v1-2.csv"
CLAIMS = "claim_report_Aurora_C_v1-2.csv"
SHORTS = (
    "YouTube_Aurora_M_20260701_20260731_monthly_shorts_non_music_ads_video_summary_"
    "v1-1.csv"
)


def test_q07_channel_id_without_uc(run):
    run(video_file(video_row(channel_id=CHANNEL.removeprefix("UC"))))
    run(video_file(video_row(2)), day=2)
    row = claim_row(3, channel_id=CHANNEL.removeprefix("UC"))
    run(claim_file(claim_row(1), claim_row(2), row), CLAIMS, day=3)

    assert {video.channel.channel_id for video in Video.objects.all()} == {CHANNEL}
    assert Claim.objects.get(claim_id="claim3").video_channel_id == CHANNEL


def test_q08_several_assets_in_one_row_but_one_title(run):
    both = "A200218710251237|A769719267282901"

    report = run(video_file(video_row(asset_id=both)))

    assert report.state == State.COMPLETED
    assert set(Claim.objects.values_list("asset__asset_id", flat=True)) == {
        "A200218710251237",
        "A769719267282901",
    }
    assert set(Asset.objects.values_list("isrc", "title")) == {(None, None)}
    video = Video.objects.get()
    assert video.primary_asset.asset_id == "A200218710251237"
    assert video.has_several_assets


@pytest.mark.parametrize(
    "damaged", ["1.9E+11", "190000000002.0", "90000000002", "190000000000"]
)
@pytest.mark.parametrize("kind", ["asset", "claim"])
def test_q09_damaged_upc_is_never_written_over_a_good_one(run, damaged, kind):
    run(asset_file(), ASSETS)

    if kind == "asset":
        report = run(asset_file(asset_row(upc=damaged)), ASSETS, day=2)
    else:
        report = run(claim_file(claim_row(upc=damaged)), CLAIMS, day=2)

    assert report.state == State.COMPLETED_WITH_ERRORS
    assert (report.rows_rejected, report.values_rejected) == (0, 1)
    assert Asset.objects.get().upc == "190000000002"
    error = report.row_errors.get()
    assert (error.line, error.column, error.value) == (2, "upc", damaged)
    assert "spreadsheet program damaged it" in error.reason


def test_q09_lost_leading_zero_is_told_and_a_kept_one_counts(run):
    run(asset_file(asset_row(upc="090000000005")), ASSETS)

    report = run(asset_file(asset_row(upc="90000000005")), ASSETS, day=2)

    assert report.values_rejected == 1
    assert Asset.objects.get().upc == "090000000005"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_q09_other_delimiters_of_spreadsheet_programs(run, delimiter):
    data = claim_file().replace(b",", delimiter.encode())

    report = run(data, CLAIMS)

    assert (report.state, report.values_rejected) == (State.COMPLETED, 0)
    assert Claim.objects.get().countries_by_action["monetize"] == ["DE", "FR"]


def test_q09_dates_in_local_format_say_nothing(run):
    run(video_file())

    row = video_row(time_uploaded="02.01.2025 03:04")
    report = run(video_file(row), day=2)

    assert report.row_errors.get().column == "time_uploaded"
    assert f"{Video.objects.get().uploaded_at:%Y-%m-%d}" == "2025-01-02"


def test_q10_ids_that_start_with_a_hyphen_or_look_like_formulas(run):
    run(video_file(video_row(video_id="-abcdefghij"), video_row(2, custom_id="=1+1")))
    run(claim_file(claim_row(video_id="-abcdefghij", asset_title="=SUM(A1)")), CLAIMS)

    assert Video.objects.filter(video_id="-abcdefghij").exists()
    assert Asset.objects.get(asset_id="A000000000000002").custom_id == "=1+1"
    assert Claim.objects.filter(video_id="-abcdefghij").count() == 1


def test_q11_quotes_commas_and_line_breaks_in_titles(run):
    titles = {
        1: ('"""LA VALLEE (...)"" - PINK FLOYD"', '"LA VALLEE (...)" - PINK FLOYD'),
        2: ('"One, two"', "One, two"),
        3: ('"One\ntwo"', "One\ntwo"),
    }
    rows = [video_row(n, video_title=raw) for n, (raw, _) in titles.items()]

    report = run(video_file(*rows))

    assert (report.state, report.rows_read) == (State.COMPLETED, 3)
    for number, (_, title) in titles.items():
        assert Video.objects.get(video_id=f"video{number:06d}").title == title


def test_q13_same_object_in_several_rows(run):
    rows = [claim_row(1), claim_row(1, asset_id="A000000000000009"), claim_row(2)]

    report = run(claim_file(*rows), CLAIMS)

    assert (report.rows_read, report.rows_imported, report.rows_collapsed) == (3, 2, 1)
    assert Claim.objects.filter(claim_id="claim1").count() == 2


@pytest.mark.parametrize(
    ("make", "row", "name"),
    [
        (video_file, video_row, "video_report_Aurora_V_v1-3.csv"),
        (asset_file, asset_row, ASSETS),
        (claim_file, claim_row, CLAIMS),
        (conflict_file, conflict_row, "asset_conflict_report_Aurora_v1-3.csv"),
        (shorts_ads_file, shorts_ads_row, SHORTS),
    ],
    ids=["video", "asset", "claim", "conflict", "Shorts"],
)
def test_q14_exact_duplicate_rows(run, make, row, name):
    report = run(make(row(1), row(1), row(2)), name)

    assert report.state == State.COMPLETED
    assert (report.rows_read, report.rows_imported, report.rows_collapsed) == (3, 2, 1)
    assert report.rows_rejected == 0


def test_q16_deleted_video_is_found_by_its_custom_id(run):
    run(video_file(video_row(1), video_row(2)))
    row = video_row(1, video_id="", custom_id="video000001", video_title="Gone")

    report = run(video_file(row, video_row(2)), day=2)

    assert (report.state, report.rows_imported) == (State.COMPLETED, 2)
    assert Video.objects.get(video_id="video000001").title == "Gone"


def test_q16_claim_on_a_deleted_video_keeps_or_finds_its_video(run):
    run(claim_file(claim_row(1)), CLAIMS)
    rows = [
        claim_row(1, video_id=""),
        claim_row(2, video_id="", custom_id="video000002"),
        claim_row(3, video_id=""),
    ]

    report = run(claim_file(*rows), CLAIMS, day=2)

    assert (report.state, report.rows_imported) == (State.COMPLETED, 3)
    assert dict(Claim.objects.values_list("claim_id", "video_id")) == {
        "claim1": "video000001",
        "claim2": "video000002",
        "claim3": "",
    }


def test_q17_merged_asset_is_found_inside_its_survivor(run):
    run(video_file(video_row(1)))
    header = f"{ASSET_COLUMNS},constituent_asset_id"
    row = f"{asset_row(2)},A000000000000008 A000000000000001"

    run(f"{header}\n{row}\n".encode(), ASSETS, day=2)
    run(claim_file(claim_row(4, asset_id="A000000000000008")), CLAIMS, day=3)

    assert Asset.objects.get(asset_id="A000000000000001").merged_into is not None
    assert {claim.asset.asset_id for claim in Claim.objects.all()} == {
        "A000000000000002"
    }


def test_q18_engaged_views_stand_beside_views_and_are_never_mixed(run):
    header = f"{VIDEO_COLUMNS},engaged_views"
    run(video_file(video_row(views="100")))

    run(video_file(f"{video_row(views='300')},90", header=header), day=2)

    statistics = Video.objects.get().statistics
    assert (statistics.view_count, statistics.previous_view_count) == (300, 100)
    assert statistics.engaged_view_count == 90


def test_q23_memory_does_not_grow_with_the_file():
    def chunks(count):
        yield VIDEO_COLUMNS.encode() + b"\n"
        block = b"\n".join(video_row(n).encode() for n in range(4000)) + b"\n"
        for _ in range(count):
            yield block

    def peak(count):
        tracemalloc.start()
        table = read_table(chunks(count), HeaderSearch())
        rows = sum(block.rows for block in table.blocks())
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert rows == count * 4000
        return used

    assert peak(24) < peak(6) * 1.2


def test_q27_long_titles_are_never_cut(run):
    title = "Long " * 80

    run(video_file(video_row(video_title=title)))
    run(conflict_file(conflict_row(conflicting_owner_asset_title=title)))

    assert Video.objects.get().title == title.strip()
    assert OwnershipConflict.objects.get().other_title == title.strip()
