"""Rows of the two reports, in YouTube's columns and spellings."""

from collections.abc import Iterator

from reports.samples.videos import SampleCatalogue, SampleVideo

_VIDEO_COLUMNS = (
    "video_id,channel_id,channel_display_name,time_uploaded,time_published,"
    "video_title,video_length,views,comments,video_privacy_status,video_url,category,"
    "embedding_allowed,ratings_allowed,comments_allowed,claim_origin,content_type,"
    "upload_source,claimed_by_this_owner,claimed_by_another_owner,"
    "other_owners_claiming,offweb_syndicatable,claim_id,asset_id,custom_id,"
    "effective_policy,third_party_video_id,third_party_ads_enabled,"
    "display_ads_enabled,sponsored_cards_enabled,overlay_ads_enabled,"
    "nonskippable_video_ads_enabled,long_nonskippable_video_ads_enabled,"
    "skippable_video_ads_enabled,prerolls_enabled,midrolls_enabled,postrolls_enabled,"
    "isrc,eidr,in_video_ads_enabled,is_made_for_kids_effective_setting,"
    "is_made_for_kids_user_selection,is_made_for_kids_modifiable,engaged_views"
)
_ASSET_COLUMNS = (
    "approx_daily_views,asset_id,asset_type,status,metadata_origination,custom_id,"
    "isrc,grid,upc,artist,asset_title,album,label,constituent_asset_id,"
    "active_reference_id,inactive_reference_id,match_policy,is_merged,ownership,"
    "conflicting_country_code,embedded_asset_id,asset_label,active_claims"
)
VIDEO_HEADER, ASSET_HEADER = _VIDEO_COLUMNS.split(","), _ASSET_COLUMNS.split(",")
POLICIES = (
    "Monetize in all countries",
    "monetize",
    "Track in all countries",
    "Block in all countries",
)
CLAIMS_SHOWN = ("CMS_UPLOAD", "WEB_UPLOAD_BY_OWNER", "PARTNER_API")

Row = list[object]


def video_rows(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Row]:
    """The rows of one video: one for each claim, and what its problems add."""
    row = _video_row(video)
    yield row
    if "several_claims" in video.problems:
        yield _with(
            row,
            claim_id=catalogue.second_claim_id(video.number),
            asset_id=catalogue.second_asset_id(video.number),
            custom_id="",
            isrc="",
            claim_origin="CMS_UPLOAD",
        )
    if "repeated_row" in video.problems:
        yield row
    if "deleted_video_row" in video.problems:
        yield _with(row, video_id="", custom_id=f"deleted-{video.video_id}")


def asset_rows(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Row]:
    """The assets that this video is the first to show."""
    if "shared_asset" not in video.problems:
        for place, asset_id in enumerate(video.asset_ids):
            yield _asset_row(video, asset_id, is_merged=place > 0)
    if "several_claims" in video.problems:
        asset_id = catalogue.second_asset_id(video.number)
        yield _asset_row(video, asset_id, asset_type="COMPOSITION")


def _with(row: Row, **cells: str) -> Row:
    changed = list(row)
    for name, value in cells.items():
        changed[VIDEO_HEADER.index(name)] = value
    return changed


def _yes(is_so: object) -> str:
    return "Yes" if is_so else "No"


def _moment(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def _video_row(video: SampleVideo) -> Row:
    n = video.number
    is_claimed = bool(video.asset_ids)
    is_disputed = "claimed_by_another_owner" in video.problems
    has_ads = is_claimed and n % 9 != 0
    return [
        video.video_id,
        video.channel_id,
        video.channel_title,
        _moment(video.uploaded_at),
        _moment(video.published_at),
        video.title,
        video.length_seconds,
        video.views,
        video.views // 150,
        video.privacy,
        f"https://www.youtube.com/watch?v={video.video_id}",
        video.category[0],
        _yes(n % 33),
        "Yes",
        _yes(n % 21),
        CLAIMS_SHOWN[n % 3] if is_claimed else "",
        "PARTNER_UPLOADED" if is_claimed else "",
        "WEB",
        _yes(is_claimed),
        _yes(is_disputed),
        "Echo Publishing|Harbour Rights" if is_disputed else "",
        _yes(n % 13),
        video.claim_id if is_claimed else "",
        "|".join(video.asset_ids),
        video.custom_id,
        POLICIES[video.policy] if is_claimed else "",
        "",
        "No",
        _yes(has_ads),
        "No",
        "No",
        _yes(has_ads and n % 4),
        "No",
        _yes(has_ads),
        _yes(has_ads),
        _yes(has_ads and video.length_seconds > 480),
        _yes(has_ads and n % 2),
        video.isrc,
        "",
        "" if n % 17 == 0 else _yes(has_ads),
        "No",
        "" if n % 19 == 0 else "No",
        "Yes",
        video.views * 7 // 10,
    ]


def _asset_row(
    video: SampleVideo,
    asset_id: str,
    *,
    asset_type: str = "SOUND_RECORDING",
    is_merged: bool = False,
) -> Row:
    n, is_music = video.number, asset_type == "SOUND_RECORDING"
    references = f"{video.claim_id[:11]} {video.claim_id[-11:]}" if n % 3 else ""
    return [
        video.views // 700,
        asset_id,
        asset_type,
        "ACTIVE",
        "CMS",
        video.custom_id,
        video.isrc if is_music else "",
        "",
        video.upc if is_music else "",
        f"{video.artist}|Guest" if n % 14 == 0 and video.artist else video.artist,
        video.title,
        video.album if is_music else "",
        video.label,
        "",
        references,
        "",
        POLICIES[0],
        _yes(is_merged),
        "WW" if n % 7 else "DE|FR|JP",
        "US" if n % 90 == 1 else "",
        "",
        f"{video.genre}, catalogue" if n % 6 == 0 else video.genre,
        1 + n % 4,
    ]
