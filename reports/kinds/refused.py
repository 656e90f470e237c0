"""Files that look alike and are not imported: how to know them, what to say.

The order counts: the first match speaks.
"""

import re

from reports.kinds.kind import RefusedKind


def _headers(*names: str) -> frozenset[str]:
    return frozenset(names)


_REVENUE_NAMES = (
    r"(ADJ_)?(claim|asset|video)_raw|(ADJ_)?(asset|video)_summary|red_\w*rawdata|"
    r"red_label|red_month|rev_views_by_asset|shorts\w*(ads|subscription)|"
    r"ads_partner_revenue|adjustment_month|videoclaim_rawdata"
)

REFUSED_KINDS = (
    RefusedKind(
        name="studio_export",
        message=(
            "This is an export from YouTube Studio's Advanced mode (Table data, "
            "Chart data or Totals). It holds at most 500 rows and no channel IDs. "
            "Please download the video report from Content Manager under Reports."
        ),
        headers=(
            _headers("content", "video_title", "views"),
            _headers("content", "watch_time_hours"),
            _headers("views", "watch_time_hours"),
            _headers("impressions_click_through_rate"),
            _headers("date", "views", "estimated_revenue_usd"),
        ),
        file_name=re.compile(r"(Table data|Chart data|Totals)", re.IGNORECASE),
    ),
    RefusedKind(
        name="payment_report",
        message=(
            "This is a payment report (payment summary, adjustments, tax or paid "
            "features). It holds payments and no metadata, so it is not imported "
            "into the catalogue. It belongs to accounting."
        ),
        headers=(
            _headers("revenue_type", "partner_revenue_usd"),
            _headers("tax_withheld_amount"),
            _headers("deduction_amount"),
            _headers("earnings_usd"),
        ),
        file_name=re.compile(
            r".*(payment_summary|paid_features|channel_adjustments|affiliate_).*",
            re.IGNORECASE,
        ),
    ),
    RefusedKind(
        name="financial_report",
        message=(
            "This is a revenue report of YouTube's Content Manager. It holds views "
            "and earnings by day or month and no metadata to keep, so it is not "
            "imported into the catalogue. It belongs to accounting; please send the "
            "video report or the asset report here."
        ),
        headers=(
            _headers("partner_revenue"),
            _headers("youtube_revenue_split"),
            _headers("net_partner_revenue_post_revshare"),
            _headers("adjustment_type", "owned_views"),
            _headers("owned_subscription_views"),
            _headers("total_earnings", "estimated_rpm"),
            _headers("estimated_partner_revenue"),
        ),
        file_name=re.compile(rf".*({_REVENUE_NAMES}).*", re.IGNORECASE),
    ),
    RefusedKind(
        name="claim_report",
        message=(
            "This is a claim report. Claim reports are not imported yet; claims "
            "come with the video report."
        ),
        headers=(_headers("claim_id", "claim_status"),),
        file_name=re.compile(
            r"claim_report_.+_C(_v?\d+([-_]\d+)?)?$|asset_share_lifetime.*",
            re.IGNORECASE,
        ),
    ),
    RefusedKind(
        name="reference_report",
        message="This is a reference report. Reference reports are not imported yet.",
        headers=(_headers("reference_id", "source_of_fingerprint"),),
        file_name=re.compile(r"YouTube_.+_F_\d{8}", re.IGNORECASE),
    ),
    RefusedKind(
        name="asset_conflict_report",
        message=(
            "This is an asset conflict report. Conflict reports are not imported yet; "
            "please send the full asset report."
        ),
        headers=(_headers("asset_id", "ownership_last_updated"),),
    ),
    RefusedKind(
        name="upload_template",
        message=(
            "This is an upload template for Content Manager: it tells YouTube what "
            "to change and does not say what YouTube shows. Upload it to YouTube; "
            "send the report files here."
        ),
        headers=(
            _headers("asset_id", "add_asset_labels"),
            _headers("filename", "add_asset_labels"),
            _headers("ddex_party_id"),
            _headers("reference_id", "reference_state"),
        ),
    ),
)
