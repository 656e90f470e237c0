"""What a file is: names propose, the header decides, refusals explain."""

from datetime import date

import pytest

from reports.exceptions import (
    DuplicateColumnError,
    MissingColumnsError,
    RefusedFileError,
)
from reports.kinds import ASSET_REPORT, VIDEO_REPORT, kind_of_name, plain_name
from reports.services.identify import date_of_name, identify

pytestmark = pytest.mark.unit

V1_2 = (
    "video_id,channel_id,channel_display_name,time_uploaded,time_published,"
    "video_title,video_length,views,comments,video_privacy_status,video_url,category,"
    "embedding_allowed,ratings_allowed,comments_allowed,claim_origin,content_type,"
    "upload_source,claimed_by_this_owner,claimed_by_another_owner,"
    "other_owners_claiming,offweb_syndicatable,claim_id,asset_id,custom_id,"
    "effective_policy,third_party_video_id,third_party_ads_enabled,"
    "display_ads_enabled,sponsored_cards_enabled,overlay_ads_enabled,"
    "nonskippable_video_ads_enabled,long_nonskippable_video_ads_enabled,"
    "skippable_video_ads_enabled,prerolls_enabled,midrolls_enabled,postrolls_enabled,"
    "isrc,eidr"
)
V1_3 = V1_2 + (
    ",in_video_ads_enabled,is_made_for_kids_effective_setting,"
    "is_made_for_kids_user_selection,is_made_for_kids_modifiable"
)
TITLE_CASE = (
    "Video ID,Video title,Channel name,Channel ID,Asset ID,Custom ID,Privacy status,"
    "Claimed status,Other owners claiming,Claimed by another owner,Effective policy,"
    "Time published,Video duration,Views,Third party ads enabled,Embedding allowed,"
    "Ratings allowed,Comments allowed"
)
MUSIC = (
    "approx_daily_views,asset_id,asset_type,status,metadata_origination,custom_id,"
    "isrc,grid,upc,artist,asset_title,album,label,constituent_asset_id,"
    "active_reference_id,inactive_reference_id,match_policy,is_merged,ownership,"
    "conflicting_country_code,embedded_asset_id,asset_label,active_claims"
)
NON_MUSIC = (
    "approx_daily_views,asset_id,asset_type,status,metadata_origination,custom_id,"
    "season,episode_title,tms,active_claims,constituent_asset_id,active_reference_id,"
    "inactive_reference_id,match_policy,is_merged,conflicting_owner,ownership,"
    "asset_label,conflicting_country_code"
)


def identified(header, outer="x.csv", inner="", **options):
    return identify(
        outer_name=outer,
        inner_name=inner or outer,
        header=header.split(",") if header else None,
        **options,
    )


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (V1_2, VIDEO_REPORT),
        (V1_3, VIDEO_REPORT),
        (V1_3 + ",engaged_views", VIDEO_REPORT),
        (TITLE_CASE, VIDEO_REPORT),
        (MUSIC, ASSET_REPORT),
        (NON_MUSIC, ASSET_REPORT),
        (MUSIC.replace("asset_label", "asset_labels"), ASSET_REPORT),
    ],
    ids=["v1-2", "v1-3", "v1-4", "title case", "music", "non-music", "asset a2"],
)
def test_header_tells_the_kind_without_unknown_columns(header, kind):
    identity = identified(header)

    assert identity.kind is kind
    assert identity.warnings == ()


@pytest.mark.parametrize(
    ("name", "kind", "owner", "version"),
    [
        ("video_report_Indmusic_V_v1-3.csv", VIDEO_REPORT, "Indmusic", "v1-3"),
        (
            "in/video_report_Pladform_TV_V_v1_2.csv.gz",
            VIDEO_REPORT,
            "Pladform_TV",
            "v1_2",
        ),
        ("VIDEO_REPORT_FullScreen_V_1 (1).csv", VIDEO_REPORT, "FullScreen", "1"),
        ("video_report_a_V_b_V.csv.zip", VIDEO_REPORT, "a_V_b", ""),
        ("asset_full_report_X_L_v1-2.csv", ASSET_REPORT, "X", "v1-2"),
    ],
)
def test_name_tells_kind_owner_and_version(name, kind, owner, version):
    match = kind_of_name(name)

    assert (match.kind, match.owner, match.version) == (kind, owner, version)


def test_inner_name_speaks_before_the_outer_one():
    identity = identified(
        V1_2, "video_report_Outer_V_v1-1.zip", "video_report_Inner_V_v1-2.csv"
    )

    assert (identity.owner_name, identity.version) == ("Inner", "v1-2")


def test_header_beats_the_name_with_a_warning():
    identity = identified(MUSIC, "video_report_X_V_v1-3.csv")

    assert identity.kind is ASSET_REPORT
    assert "the header was trusted" in identity.warnings[0]


def test_unknown_columns_are_named():
    identity = identified(V1_2 + ",moon_phase,tide")

    assert "moon_phase, tide" in identity.warnings[0]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            "Adjustment Type,Day,Country,Video ID,Video Title,Channel ID,Policy,"
            "Owned Views,YouTube Revenue Split,Partner Revenue",
            "revenue report",
        ),
        ("Revenue Type,Adjustment Type,Partner Revenue (USD),Notes", "payment report"),
        ("Date,Purchase Type,Channel ID,Video ID,Earnings (USD)", "payment report"),
        (
            "Adjustment Type,Video ID,Video Title,Channel ID,Engaged Views,"
            "Net Partner Revenue (Post revshare)",
            "revenue report",
        ),
        ("Content,Video title,Video publish time,Views,Watch time (hours)", "Studio"),
        ("Views,Watch time (hours),Subscribers", "Studio"),
        (
            "claim_id,claim_status,asset_id,video_id,channel_id,video_title",
            "claim report",
        ),
        ("reference_id,asset_id,source_of_fingerprint", "reference report"),
        ("asset_id,asset_type,match_policy,ownership_last_updated", "conflict report"),
        ("asset_id,custom_id,asset_type,title,add_asset_labels,ownership", "template"),
    ],
)
def test_other_files_are_refused_in_words(header, words):
    with pytest.raises(RefusedFileError, match=words):
        identified(header)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Table data.csv", "Advanced mode"),
        ("YouTube_o_M_20250801_ADJ_video_summary_v1-1.csv", "revenue report"),
        ("ads_partner_revenue_month_asset_summary_v1_1_20250701.csv", "revenue"),
        ("YouTube_o_M_202508_channel_adjustments_summary_v1-0.csv", "payment report"),
        ("claim_report_royalty_C_v1-1.csv", "claim report"),
        ("YouTube_Audiomachine_F_20200514.csv", "reference report"),
        ("holiday.csv", "None of the first 10 rows"),
    ],
)
def test_file_without_a_known_header_is_refused_by_its_name(name, words):
    with pytest.raises(RefusedFileError, match=words):
        identified(None, name)


def test_report_without_its_required_columns_names_them():
    with pytest.raises(MissingColumnsError, match="video_id, channel_id"):
        identified(None, "video_report_X_V_v1-3.csv")


def test_column_that_is_there_twice_is_refused():
    with pytest.raises(DuplicateColumnError, match="names views twice"):
        identified(V1_2 + ",views")


def test_name_and_alias_side_by_side_are_no_duplicate():
    header = V1_2 + ",title"

    identity = identified(header)

    places = identity.kind.positions(header.split(","))
    assert places["video_title"] == header.split(",").index("video_title")


def test_wanted_kind_must_be_the_kind_of_the_header():
    with pytest.raises(RefusedFileError, match="a video report, not an asset report"):
        identified(V1_2, wanted="asset_report")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("video_report_X_V_v1-3_20260801.csv", date(2026, 8, 1)),
        ("2026-08-02/video_report_X_V_v1-3.csv", None),
        ("video_report_X_V_v1-3 2026-08-02.csv.gz", date(2026, 8, 2)),
        ("a_20250701_20250731.csv", date(2025, 7, 31)),
        ("a_20250231.csv", None),
        ("id20260801234567.csv", None),
    ],
)
def test_date_of_the_data_is_read_from_the_name(name, day):
    assert date_of_name(name) == day


def test_plain_name_has_no_folder_wrapping_or_copy_mark():
    assert plain_name("a/b\\video_report (1).csv (2).gz") == "video_report"
