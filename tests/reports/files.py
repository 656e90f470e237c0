"""Rows and files of the kinds beside video and asset reports."""

from tests.reports.conftest import CHANNEL

CLAIM_COLUMNS = (
    "claim_id,claim_status,claim_status_detail,claim_origin,claim_type,asset_id,"
    "video_id,channel_id,channel_display_name,video_title,views,content_type,"
    "claim_policy_monetize,claim_policy_track,claim_policy_block,"
    "claim_created_date,custom_id,asset_title,isrc,artist,album,record_label,upc,"
    "engaged_views,is_shorts_eligible"
)
CONFLICT_COLUMNS = (
    "asset_id,custom_id,constituent_asset_id,approx_daily_views,asset_type,"
    "active_claims,conflicting_owner,conflicting_country_code,"
    "ownership_last_updated,ownership_origination,other_ownership_last_updated,"
    "other_ownership_origination,conflicting_owner_isrc,"
    "conflicting_owner_asset_title,conflicting_owner_artist,"
    "engaged_views_in_conflict,lifetime_views_in_conflict"
)
SHORTS_ADS_COLUMNS = (
    "Adjustment Type,Video ID,Video Title,Video Duration (sec),Category,Channel ID,"
    "Uploader,Content Type,Policy,Engaged Views,Net Partner Revenue (Post revshare)"
)


def claim_row(number=1, **cells):
    row = {
        "claim_id": f"claim{number}",
        "claim_status": "ACTIVE",
        "claim_status_detail": "",
        "claim_origin": "CMS_UPLOAD",
        "claim_type": "Audio-Visual",
        "asset_id": f"A{number:015d}",
        "video_id": f"video{number:06d}",
        "channel_id": CHANNEL,
        "channel_display_name": "Fan",
        "video_title": f"Song {number}",
        "views": "100",
        "content_type": "PARTNER_UPLOADED",
        "claim_policy_monetize": "DE|FR",
        "claim_policy_track": "",
        "claim_policy_block": "US",
        "claim_created_date": "2025-01-03",
        "custom_id": f"C-{number}",
        "asset_title": f"Song {number}",
        "isrc": f"QZABC25{number:05d}",
        "artist": "Ana",
        "album": "First",
        "record_label": "Aurora",
        "upc": "190000000002",
        "engaged_views": "70",
        "is_shorts_eligible": "No",
    }
    return ",".join((row | cells).values())


def conflict_row(number=1, **cells):
    row = {
        "asset_id": f"A{number:015d}",
        "custom_id": f"C-{number}",
        "constituent_asset_id": "",
        "approx_daily_views": "700",
        "asset_type": "SOUND_RECORDING",
        "active_claims": "3",
        "conflicting_owner": "Echo Publishing",
        "conflicting_country_code": "DE|AT",
        "ownership_last_updated": "2025-03-01",
        "ownership_origination": "CMS",
        "other_ownership_last_updated": "2026-01-05",
        "other_ownership_origination": "DDEX",
        "conflicting_owner_isrc": f"USABC25{number:05d}",
        "conflicting_owner_asset_title": f"Their song {number}",
        "conflicting_owner_artist": "Ben",
        "engaged_views_in_conflict": "40",
        "lifetime_views_in_conflict": "5000",
    }
    return ",".join((row | cells).values())


def shorts_ads_row(number=1, **cells):
    row = {
        "adjustment_type": "None",
        "video_id": f"video{number:06d}",
        "video_title": f"Song {number}",
        "video_duration_sec": "40",
        "category": "music",
        "channel_id": CHANNEL.removeprefix("UC"),
        "uploader": "aurora",
        "content_type": "Partner-provided",
        "policy": "monetize",
        "engaged_views": "9",
        "net_partner_revenue": "0.000021676471",
    }
    return ",".join((row | cells).values())


def claim_file(*rows):
    return _file(CLAIM_COLUMNS, rows or [claim_row()])


def conflict_file(*rows):
    return _file(CONFLICT_COLUMNS, rows or [conflict_row()])


def shorts_ads_file(*rows):
    return _file(SHORTS_ADS_COLUMNS, rows or [shorts_ads_row()])


def _file(header, rows):
    return "\n".join([header, *rows, ""]).encode()
