"""Quirks of real files: headers, wrappings, names.

`docs/report-files.md` lists them by number. The ones about rows and values are in
`test_quirks_of_rows.py`.
"""

import gzip

import pytest

from catalog.models import Asset, Claim, OwnershipConflict, ShortsVerdict, Video
from reports.models import Report
from tests.reports.conftest import (
    ASSET_COLUMNS,
    asset_file,
    asset_row,
    video_file,
    video_row,
)
from tests.reports.files import (
    CLAIM_COLUMNS,
    claim_file,
    claim_row,
    conflict_file,
    shorts_ads_file,
)

pytestmark = pytest.mark.django_db

State = Report.State
ASSETS = "asset_full_report_Aurora_L_v1-2.csv"
CLAIMS = "claim_report_Aurora_C_v1-2.csv"
SHORTS = "YouTube_Aurora_M_20260701_20260731_monthly_shorts_non_music_ads_video_summary"


def test_q01_bom_before_the_first_header_cell(run):
    report = run(b"\xef\xbb\xbf" + video_file())

    assert (report.state, report.unknown_columns) == (State.COMPLETED, [])
    assert Video.objects.get().video_id == "video000001"


@pytest.mark.parametrize("title", [b"", b"Shorts ads\n", b'"Shorts, ads",,,\n'])
def test_q02_title_line_above_the_header_of_the_same_file_name(run, title):
    run(video_file())

    report = run(title + shorts_ads_file(), f"{SHORTS}_v1-1.csv", day=2)

    assert (report.state, report.rows_read) == (State.COMPLETED, 1)
    assert ShortsVerdict.objects.get().verdict == "yes"


def test_q03_lines_above_the_header_of_a_claim_summary_tell_what_it_is(run):
    text = (
        "YouTube claim summary\nOwner: Aurora\n\nVideo ID,Content Type,Policy,"
        "Total Earnings,Estimated RPM\nvideo000001,UGC,track,1,2\n\nLegend\n"
    )

    report = run(text.encode(), "claims.csv")

    assert report.state == State.REFUSED
    assert "layout of 2013 to 2017" in report.error_message


def test_q04_header_on_line_3(run):
    report = run(b"Asset report\nmade for Aurora\n" + asset_file(), ASSETS)

    assert (report.state, report.rows_read) == (State.COMPLETED, 1)
    assert Asset.objects.get().asset_id == "A000000000000001"


def test_q05_blanks_of_every_kind_and_capitals_inside_header_cells(run):
    run(video_file())
    header, row = shorts_ads_file().split(b"\n", 1)
    header = header.replace(b"Adjustment Type", b"Adjustment Type ")
    header = header.replace(b"Video ID", "Video\u00a0 ID".encode())

    report = run(header + b"\n" + row, f"{SHORTS}_v1-1.csv", day=2)

    assert (report.state, report.shorts_found) == (State.COMPLETED, 1)
    columns = ASSET_COLUMNS.replace("custom_id", "custom_id,GRid")
    row = asset_row(custom_id="C-1,A12425GABC1234002M")
    run(f"{columns}\n{row}\n".encode(), ASSETS, day=3)
    assert Asset.objects.get().grid == "A12425GABC1234002M"


def test_q06_payment_summary_is_told_from_a_report(run):
    text = (
        "Revenue Type,Adjustment Type,Local Currency Code,Partner Revenue\u00a0(USD),"
        'Notes\nAds Revenue,None,EUR,"$1,234.56",&amp;\nTotal,,,"(1,234.56)",\n'
    )

    report = run(text.encode(), "payments.csv")

    assert report.state == State.REFUSED
    assert "the payment summary of a month" in report.error_message


def test_q12_text_of_any_script_and_emoji(run):
    titles = ["Кино", "İstanbul'da", "夜に駆ける", "Café 🎸", "أغنية"]
    rows = [video_row(n, video_title=title) for n, title in enumerate(titles)]

    run(video_file(*rows))

    assert set(Video.objects.values_list("title", flat=True)) == set(titles)


def test_q12_file_that_is_not_utf_8_asks_for_its_encoding(run):
    data = claim_file(claim_row(video_title="Beyoncé")).decode().encode("cp1252")

    report = run(data, CLAIMS)

    assert report.state == State.NEEDS_ANSWER
    assert report.question["topic"] == "encoding"
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("version", "column"), [("v1-0", "Total Views"), ("v1-1", "Engaged Views")]
)
def test_q19_columns_renamed_by_version(run, version, column):
    run(video_file())
    data = shorts_ads_file().replace(b"Engaged Views", column.encode())

    report = run(data, f"{SHORTS}_{version}.csv", day=2)

    assert (report.state, report.unknown_columns) == (State.COMPLETED, [])
    assert report.shorts_found == 1


@pytest.mark.parametrize("version", ["", "_v1-1", "_v1-2"])
def test_q19_columns_added_by_version(run, version):
    header, row = CLAIM_COLUMNS, claim_row()
    if version != "_v1-2":
        header, row = header.rsplit(",", 2)[0], row.rsplit(",", 2)[0]

    report = run(f"{header}\n{row}\n".encode(), f"claim_report_Aurora_C{version}.csv")

    assert (report.state, report.unknown_columns) == (State.COMPLETED, [])
    claim = Claim.objects.get()
    assert claim.is_shorts_eligible is (False if version == "_v1-2" else None)
    assert claim.engaged_view_count == (70 if version == "_v1-2" else None)


def test_q20_music_columns_are_missing_for_other_owners(run):
    run(video_file(video_row(isrc="QZABC2500009")))
    header = (
        "approx_daily_views,asset_id,asset_type,status,metadata_origination,"
        "custom_id,season,episode_title,tms,active_claims,match_policy,is_merged,"
        "conflicting_owner,ownership,asset_label,conflicting_country_code"
    )
    row = "5,A000000000000001,WEB,ACTIVE,CMS,C-1,1,Pilot,,2,Monetize,No,,WW,a|b,"

    report = run(f"{header}\n{row}\n".encode(), ASSETS, day=2)

    assert (report.state, report.unknown_columns) == (State.COMPLETED, [])
    asset = Asset.objects.get()
    assert (asset.asset_type, asset.labels) == ("WEB", ["a", "b"])
    assert asset.isrc == Video.objects.get().isrc == "QZABC2500009"


def test_q21_columns_in_any_order(run):
    names = CLAIM_COLUMNS.split(",")
    cells = dict(zip(names, claim_row().split(","), strict=True))
    text = ",".join(reversed(names)) + "\n" + ",".join(reversed(cells.values()))

    report = run(text.encode(), CLAIMS)

    assert report.state == State.COMPLETED
    assert Claim.objects.get().claim_id == "claim1"


def test_q22_name_without_an_owner_asks_for_it(run):
    run(video_file(), "video_report_Aurora_V_v1-3.csv")
    run(video_file(video_row(2)), "video_report_Other_V_v1-3.csv", day=2)
    name = (
        "youtube_shorts_ads_revenue_month_youtube_shorts_ads_video_summary_v1_1_"
        "20250701.csv"
    )

    report = run(shorts_ads_file(), name, day=None)

    assert report.state == State.NEEDS_ANSWER
    assert report.question["topic"] == "content_owner"


def test_q26_same_content_under_another_name_is_imported_once(run):
    run(conflict_file(), "asset_conflict_report_Aurora_v1-3.csv")

    packed = gzip.compress(conflict_file())
    report = run(packed, "asset_conflict_report_Aurora_v1-3 (1).csv.gz", day=2)

    assert report.state == State.DUPLICATE
    assert OwnershipConflict.objects.count() == 1


def test_q28_the_original_is_kept_after_the_import(run, report_store):
    data = video_file()

    report = run(data)

    assert report.state == State.COMPLETED
    assert (report_store / report.key).read_bytes() == data


@pytest.mark.parametrize("quirk", ["ADJ", "negative", "currency"])
def test_q15_q24_q25_revenue_files_stay_with_accounting(run, quirk):
    name = {
        "ADJ": "YouTube_Aurora_M_20250801_20250831_ADJ_video_summary_v1-1.csv",
        "negative": "YouTube_Aurora_M_20250801_asset_raw_v1-1.csv",
        "currency": "YouTube_Aurora_M_202508_rev_views_by_asset_v1-0.csv",
    }[quirk]
    text = (
        "Adjustment Type,Day,Country,Video ID,Video Title,Channel ID,Policy,"
        "Owned Views,YouTube Revenue Split : Auction,Partner Revenue\n"
        f"Backpay,20250701,NA,video000001,Song,{'a' * 22},monetize,1,-0.01,"
        "0.000021676471\n"
    )

    report = run(text.encode(), name)

    assert report.state == State.REFUSED
    assert "belongs to accounting" in report.error_message
    assert not Video.objects.exists()
