"""What a file is: names propose, the header decides, refusals explain."""

from datetime import date

import pytest

from reports.exceptions import (
    DuplicateColumnError,
    MissingColumnsError,
    RefusedFileError,
)
from reports.kinds import KINDS, kind_of_name, plain_name
from reports.services.identify import HeaderSearch, date_of_name, identify

pytestmark = pytest.mark.unit

VIDEO_REPORT, ASSET_REPORT = KINDS["video_report"], KINDS["asset_report"]
CLAIM_REPORT, CONFLICT_REPORT = KINDS["claim_report"], KINDS["asset_conflict_report"]
SHORTS_ADS, OF_2013 = KINDS["shorts_ads_report"], KINDS["video_report_2013"]

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
NAMES_OF_2014 = (
    "recent_daily_average,asset_id,asset_type,status,metadata_origination,custom_id,"
    "isrc,grid,upc,artist,song,album,label,constituent_asset_ids,"
    "active_reference_ids,inactive_reference_ids,match_policy,is_merged_asset,"
    "ownership,conflicting_territories,embedded_asset_ids,asset_labels,"
    "number_of_claims"
)
ASSET_A3 = MUSIC.replace("status,", "").replace(
    ",isrc,", ",display_isrc,your_isrc,other_isrc,"
) + (",approx_daily_engaged_views,sr_approx_daily_engaged_views")
V1 = (
    "video_id,username,time_uploaded,title,length,view_count,comment_count,status,"
    "category,favorite_count,embedding_allowed,ratings_allowed,responses_allowed,"
    "comments_allowed,is_licensed,offweb_syndicatable,in_video_ads_enabled,"
    "claim_source,claimed_by_this_owner,claimed_by_another_owner,claim_id,asset_id,"
    "claim_custom_id,policy,third_party_ads_enabled,afv_overlay_enabled,"
    "instream_ads_enabled,long_instream_enabled,trueview_instream_enabled,"
    "trueview_inslate_enabled,prerolls_enabled,midrolls_enabled,postrolls_enabled,isrc"
)
CLAIM_V1_0 = (
    "claim_id,claim_status,claim_status_detail,claim_origin,claim_type,asset_id,"
    "video_id,uploader,channel_id,channel_display_name,video_title,views,"
    "matching_duration,longest_match,content_type,reference_video_id,reference_id,"
    "claim_policy_id,asset_policy_id,claim_policy_monetize,claim_policy_track,"
    "claim_policy_block,asset_policy_monetize,asset_policy_track,asset_policy_block,"
    "claim_created_date,video_upload_date,custom_id,video_duration_sec,asset_title,"
    "asset_labels,tms,director,studio,season,episode_number,episode_title,"
    "release_date,hfa_song_code,isrc,grid,artist,album,record_label,upc,iswc,writers"
)
CLAIM_V1_1 = CLAIM_V1_0.replace(",studio", "")
CLAIM_V1_2 = CLAIM_V1_1 + ",engaged_views,video_matching_length,is_shorts_eligible"
CONFLICT_A2 = (
    "asset_id,custom_id,constituent_asset_id,approx_daily_views,asset_type,"
    "metadata_origination,season,episode_title,tms,active_claims,conflicting_owner,"
    "conflicting_country_code,ownership_last_updated,ownership_origination,"
    "other_ownership_last_updated,other_ownership_origination,match_policy,is_merged,"
    "asset_labels"
)
CONFLICT_A3 = CONFLICT_A2 + (
    ",approx_daily_engaged_views,sr_approx_daily_engaged_views,conflicting_owner_isrc,"
    "conflicting_owner_asset_title,conflicting_owner_artist,engaged_views_in_conflict,"
    "lifetime_views_in_conflict,lifetime_engaged_views_in_conflict"
)
SHORTS_ADS_V1_0 = (
    "Adjustment Type,Video ID,Video Title,Video Duration (sec),Category,Channel ID,"
    "Uploader,Content Type,Policy,Total Views,Net Partner Revenue (Post revshare)"
)
SHORTS_ADS_V1_1 = SHORTS_ADS_V1_0.replace("Total Views", "Engaged Views")
SHORTS_ADS_A2 = (
    "adjustment_type_,video_id,video_title,video_duration_sec,category,channel_id,"
    "uploader,content_type,policy,engaged_views,net_partner_revenue_post_revshare"
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
        (NAMES_OF_2014, ASSET_REPORT),
        (ASSET_A3, ASSET_REPORT),
        (V1, OF_2013),
        (CLAIM_V1_0, CLAIM_REPORT),
        (CLAIM_V1_1, CLAIM_REPORT),
        (CLAIM_V1_2, CLAIM_REPORT),
        (CONFLICT_A2, CONFLICT_REPORT),
        (CONFLICT_A3, CONFLICT_REPORT),
        (SHORTS_ADS_V1_0, SHORTS_ADS),
        (SHORTS_ADS_V1_1, SHORTS_ADS),
        (SHORTS_ADS_A2, SHORTS_ADS),
    ],
    ids=[
        *("v1-2", "v1-3", "v1-4", "title case"),
        *("music", "non-music", "asset a2", "asset of 2014", "asset a3", "v1 of 2013"),
        *("claim v1-0", "claim v1-1", "claim v1-2", "conflict a2", "conflict a3"),
        *("Shorts ads v1-0", "Shorts ads v1-1", "Shorts ads a2"),
    ],
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
        ("claim_report_Audiomachine_C.csv", CLAIM_REPORT, "Audiomachine", ""),
        ("claim_report_royalty_C_v1-1.csv", CLAIM_REPORT, "royalty", "v1-1"),
        ("asset_conflict_report_A_B_v1-3.csv", CONFLICT_REPORT, "A", "v1-3"),
        ("asset_conflict_report_A_BC_v1-3.csv", CONFLICT_REPORT, "A_BC", "v1-3"),
        (
            "YouTube_A_Co_M_20250801_20250831_monthly_shorts_non_music_ads_"
            "video_summary_v1-1.csv",
            SHORTS_ADS,
            "A_Co",
            "v1-1",
        ),
        (
            "youtube_shorts_ads_revenue_month_youtube_shorts_ads_video_summary_"
            "v1_1_20250701.csv",
            SHORTS_ADS,
            "",
            "v1_1",
        ),
        ("id0i_content_owner_asset_a3_2026-08.csv", ASSET_REPORT, "id0i", "a3"),
        ("p_content_owner_asset_conflict_a2_all", CONFLICT_REPORT, "", "a2"),
        ("content_owner_active_claims_a3", CLAIM_REPORT, "", "a3"),
        ("x_y_content_owner_video_metadata_a4_1.csv", VIDEO_REPORT, "x_y", "a4"),
        (
            "id0i_content_owner_shorts_ad_revenue_summary_a2_2026-08.csv",
            SHORTS_ADS,
            "id0i",
            "a2",
        ),
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
        ("Content,Video title,Video publish time,Views,Watch time (hours)", "Studio"),
        ("Views,Watch time (hours),Subscribers", "Studio"),
        ("reference_id,asset_id,source_of_fingerprint", "reference report"),
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
        ("asset_share_lifetime_asset_share_v1_1_20250223.csv", "asset share"),
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


def test_whoever_wants_video_reports_gets_the_layout_of_2013_as_well():
    assert identified(V1, wanted="video_report").kind is OF_2013


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (V1_3.replace("channel_id,", ""), "a video report, .* lacks channel_id"),
        (MUSIC.replace("asset_type,", ""), "an asset report, .* lacks asset_type"),
        (CLAIM_V1_2.replace("claim_status,", ""), "a claim report, .* claim_status"),
        (CONFLICT_A2.replace("conflicting_owner,", ""), "an asset conflict report"),
        ("video_id,channel_id,views", "too few of its columns are there"),
    ],
)
def test_near_miss_is_told_what_it_looks_like_and_what_is_missing(header, words):
    search = HeaderSearch()
    assert not search(header.split(","))

    with pytest.raises(MissingColumnsError, match=words):
        identified(",".join(search.nearest))


def test_title_line_is_no_near_miss():
    search = HeaderSearch()

    search(["Asset Summary"])

    assert search.nearest is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("YouTube_o_M_20250801_claim_raw_v1-1.csv", "ads revenue"),
        ("YouTube_o_M_20250801_red_music_rawdata_video_v1-1.csv", "Premium"),
        ("YouTube_o_M_20250801_red_label_rawdata_video_v1-1.csv", "record label"),
        ("YouTube_o_M_20250801_20250831_ADJ_claim_raw_v1-1.csv", "earlier months"),
        ("YouTube_o_M_202508_rev_views_by_asset_v1-0.csv", "by asset"),
        ("YouTube_o_Ecommerce_paid_features_M_20250701_20250731_v1-1.csv", "Super"),
        ("YouTube_o_M_202508_payment_summary_v1-0.csv", "payment summary"),
        ("custom_month_affiliate_tax_summary_v1_1_20250701.csv", "tax withheld"),
        ("red_month_subscription_asset_v1_1_20250701.csv", "Premium"),
        ("o_content_owner_ad_revenue_raw_a1_2026-08.csv", "ads revenue"),
        ("o_content_owner_asset_ad_revenue_raw_a1_2026-08.csv", "ads revenue"),
        ("o_content_owner_non_music_asset_red_revenue_raw_a1.csv", "Premium"),
        ("o_content_owner_payments_summary_a1_2026-08.csv", "payment summary"),
        ("videoclaim_rawdata_v1-0.csv", "2013 to 2017"),
    ],
)
def test_financial_file_is_refused_by_its_name(name, words):
    with pytest.raises(RefusedFileError, match=words):
        identified(None, name)
