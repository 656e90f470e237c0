"""Rows of the claim, conflict and Shorts reports about the same invented videos."""

from collections.abc import Iterator
from datetime import timedelta

from reports.samples import days
from reports.samples.rows import CLAIMS_SHOWN, Row
from reports.samples.videos import SampleCatalogue, SampleVideo

_CLAIM_COLUMNS = (
    "claim_id,claim_status,claim_status_detail,claim_origin,claim_type,asset_id,"
    "video_id,uploader,channel_id,channel_display_name,video_title,views,"
    "matching_duration,longest_match,content_type,reference_video_id,reference_id,"
    "claim_policy_id,asset_policy_id,claim_policy_monetize,claim_policy_track,"
    "claim_policy_block,asset_policy_monetize,asset_policy_track,asset_policy_block,"
    "claim_created_date,video_upload_date,custom_id,video_duration_sec,asset_title,"
    "asset_labels,tms,director,season,episode_number,episode_title,release_date,"
    "hfa_song_code,isrc,grid,artist,album,record_label,upc,iswc,writers,"
    "engaged_views,video_matching_length,is_shorts_eligible"
)
_CONFLICT_COLUMNS = (
    "asset_id,custom_id,constituent_asset_id,approx_daily_views,asset_type,"
    "metadata_origination,season,episode_title,tms,active_claims,conflicting_owner,"
    "conflicting_country_code,ownership_last_updated,ownership_origination,"
    "other_ownership_last_updated,other_ownership_origination,match_policy,is_merged,"
    "asset_labels,approx_daily_engaged_views,sr_approx_daily_engaged_views,"
    "conflicting_owner_isrc,conflicting_owner_asset_title,conflicting_owner_artist,"
    "engaged_views_in_conflict,lifetime_views_in_conflict,"
    "lifetime_engaged_views_in_conflict"
)
SHORTS_HEADER = [
    *("Adjustment Type", "Video ID", "Video Title", "Video Duration (sec)"),
    *("Category", "Channel ID", "Uploader", "Content Type", "Policy"),
    *("Engaged Views", "Net Partner Revenue (Post revshare)"),
]
CLAIM_HEADER = _CLAIM_COLUMNS.split(",")
CONFLICT_HEADER = _CONFLICT_COLUMNS.split(",")

SHORT_SECONDS = 60
# Which countries each of the four policies of the sample monetizes, tracks, blocks.
_POLICIES = (
    {"claim_policy_monetize": "WW"},
    {"asset_policy_monetize": "AT|CH|DE", "asset_policy_block": "US"},
    {"claim_policy_track": "WW"},
    {"claim_policy_block": "WW"},
)
_OTHER_OWNERS = (
    ("Echo Publishing", "DE|AT|CH", "DDEX"),
    ("Harbour Rights", "US", "CMS"),
    ("Nordlys Forlag", "NO SE DK FI", "Web"),
)


def claim_rows(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Row]:
    """Claims on the video itself, and on uploads of fans that use its music."""
    for asset_id in video.asset_ids:
        yield _claim(video, claim_id=video.claim_id, asset_id=asset_id)
    if "several_claims" in video.problems:
        yield _claim(
            video,
            claim_id=catalogue.second_claim_id(video.number),
            asset_id=catalogue.second_asset_id(video.number),
            claim_origin="CMS_UPLOAD",
            claim_type="Audio",
        )
    if video.asset_ids and video.number % 4 == 2:
        yield _fan_claim(catalogue, video)


def conflict_rows(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Row]:
    """Who else says that this video's first asset is theirs."""
    if "shared_asset" in video.problems or not video.asset_ids:
        return
    n = video.number
    if "claimed_by_another_owner" in video.problems:
        yield _conflict(video, n % len(_OTHER_OWNERS))
    # As the asset report has it.
    if n % 90 == 1 and not days.is_contested_later(n, catalogue.days_ago):
        yield _conflict(video, 1)


def shorts_rows(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Row]:
    """Payments for the videos that YouTube counts as Shorts, and for a fan's one."""
    if video.length_seconds > SHORT_SECONDS or video.number % 3 == 0:
        return
    yield _short(video, video.video_id, "Partner-provided", "monetize")
    if video.number % 8 == 1:
        yield _short(video, video.video_id, "Partner-provided", "track")
    if video.number % 5 == 1:
        fan_video = catalogue.fan_video_id(video.number)
        yield _short(video, fan_video, "UGC", "monetize")


def _claim(video: SampleVideo, **cells: object) -> Row:
    n = video.number
    row: dict[str, object] = {
        "claim_status": "ACTIVE",
        "claim_origin": CLAIMS_SHOWN[n % 3],
        "claim_type": "Audio-Visual",
        "video_id": video.video_id,
        "channel_id": video.channel_id,
        "channel_display_name": video.channel_title,
        "video_title": video.title,
        "views": video.views,
        "content_type": "PARTNER_UPLOADED",
        **_POLICIES[video.policy],
        "claim_created_date": f"{video.uploaded_at + timedelta(days=1):%Y-%m-%d}",
        "video_upload_date": f"{video.uploaded_at:%Y-%m-%d}",
        "custom_id": video.custom_id,
        "video_duration_sec": video.length_seconds,
        "asset_title": video.title,
        "isrc": video.isrc,
        "artist": video.artist,
        "album": video.album,
        "record_label": video.label,
        "upc": video.upc,
        "engaged_views": video.views * 7 // 10,
        "is_shorts_eligible": "Yes" if video.length_seconds <= SHORT_SECONDS else "No",
        **cells,
    }
    return [row.get(name, "") for name in CLAIM_HEADER]


def _fan_claim(catalogue: SampleCatalogue, video: SampleVideo) -> Row:
    """One in ten was closed, and one in twelve is on a video that was deleted."""
    n = video.number
    fan_video = catalogue.fan_video_id(n)
    is_deleted, is_closed = n % 48 == 6, n % 40 == 2
    return _claim(
        video,
        claim_id=catalogue.fan_claim_id(n),
        asset_id=video.asset_ids[0],
        video_id="" if is_deleted else fan_video,
        custom_id=fan_video if is_deleted else video.custom_id,
        claim_status="INACTIVE" if is_closed else "ACTIVE",
        claim_status_detail="CLOSED_MANUALLY" if is_closed else "",
        claim_origin="AUDIO_MATCH",
        claim_type="Audio",
        channel_id="UC" + fan_video * 2,
        channel_display_name=f"Fan {n}",
        video_title=f"{video.title.replace(chr(10), ' ')} (cover)",
        views=video.views // 20,
        content_type="UGC",
    )


def _conflict(video: SampleVideo, which: int) -> Row:
    owner, countries, origination = _OTHER_OWNERS[which]
    daily = video.views // 700
    row: dict[str, object] = {
        "asset_id": video.asset_ids[0],
        "custom_id": video.custom_id,
        "approx_daily_views": daily,
        "asset_type": "SOUND_RECORDING",
        "metadata_origination": "CMS",
        "active_claims": 1 + video.number % 4,
        "conflicting_owner": owner,
        "conflicting_country_code": countries,
        "ownership_last_updated": f"{video.uploaded_at:%Y-%m-%d}",
        "ownership_origination": "CMS",
        "other_ownership_last_updated": (
            f"{video.uploaded_at + timedelta(days=30):%Y-%m-%d}"
        ),
        "other_ownership_origination": origination,
        "match_policy": "Monetize in all countries",
        "is_merged": "No",
        "asset_labels": video.genre,
        "conflicting_owner_isrc": "",
        "conflicting_owner_asset_title": video.title.replace("\n", " "),
        "conflicting_owner_artist": video.artist,
        "engaged_views_in_conflict": daily * 20,
        "lifetime_views_in_conflict": video.views // 3,
        "lifetime_engaged_views_in_conflict": video.views // 4,
    }
    return [row.get(name, "") for name in CONFLICT_HEADER]


def _short(video: SampleVideo, video_id: str, content_type: str, policy: str) -> Row:
    return [
        "None",
        video_id,
        video.title.replace("\n", " "),
        video.length_seconds,
        video.category[0],
        video.channel_id.removeprefix("UC"),
        video.channel_title,
        content_type,
        policy,
        video.views // 30,
        f"{video.views * 0.000021676471:.12f}",
    ]
