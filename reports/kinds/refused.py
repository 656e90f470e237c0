"""Files that look alike and are not imported: how to know them, what to say.

Revenue files hold no metadata to keep. Each message says which file it is, so that
whoever sent it knows what they have in hand.
"""

import re

from reports.kinds.kind import RefusedKind

_LAST = 9  # said only when nothing more exact was found
_SEND_INSTEAD = (
    "It belongs to accounting; here, please send the video, asset, claim or asset "
    "conflict report."
)


def _headers(*names: str) -> frozenset[str]:
    return frozenset(names)


def _revenue(
    name: str, what: str, *headers: frozenset[str], names: str = "", rank: int = 5
) -> RefusedKind:
    return RefusedKind(
        name=name,
        message=(
            f"This is a revenue report of YouTube's Content Manager: {what}. It holds "
            "views and earnings and no metadata to keep, so it is not imported into "
            f"the catalogue. {_SEND_INSTEAD}"
        ),
        headers=headers,
        file_name=re.compile(rf".*(?:{names}).*", re.IGNORECASE) if names else None,
        rank=rank,
    )


def _payment(name: str, what: str, header: frozenset[str], names: str) -> RefusedKind:
    return RefusedKind(
        name=name,
        message=(
            f"This is a payment report: {what}. It holds payments and no metadata, so "
            f"it is not imported into the catalogue. {_SEND_INSTEAD}"
        ),
        headers=(header,),
        file_name=re.compile(rf".*(?:{names}).*", re.IGNORECASE),
        rank=3,
    )


STUDIO_EXPORT = RefusedKind(
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
)

PAYMENTS = (
    _payment(
        "payment_summary",
        "the payment summary of a month",
        _headers("revenue_type", "partner_revenue_usd"),
        "payment_summary|payments_summary",
    ),
    _payment(
        "affiliate_tax_report",
        "tax withheld from channels (affiliate payments)",
        _headers("tax_withheld_amount"),
        "affiliate_",
    ),
    _payment(
        "channel_adjustments",
        "deductions and credits of channels",
        _headers("deduction_amount"),
        "channel_adjustments",
    ),
    _payment(
        "paid_features",
        "paid features such as memberships and Super Chat",
        _headers("earnings_usd"),
        "paid_features",
    ),
)

REVENUE = (
    _revenue(
        "revenue_adjustments",
        "adjustments of earlier months",
        names=r"ADJ_|adjustment_month",
        rank=4,
    ),
    _revenue(
        "label_subscription_revenue",
        "subscription revenue of a record label",
        _headers("partner_revenue_pro_rata"),
        _headers("partner_revenue_per_sub_min"),
        names="red_label",
        rank=4,
    ),
    _revenue(
        "audio_tier_revenue",
        "the audio tier",
        _headers("partner_revenue_per_play_min"),
        names="audio_tier",
        rank=3,
    ),
    _revenue(
        "subscription_revenue",
        "YouTube Premium subscriptions",
        _headers("owned_watchtime", "partner_revenue"),
        names=r"red_\w*rawdata|red_month_subscription|red_revenue_raw",
    ),
    _revenue(
        "shorts_revenue",
        "Shorts",
        _headers("owned_subscription_views"),
        _headers("net_partner_revenue_post_revshare"),
        names=r"shorts\w*(?:ads?_|ads|subscription)",
    ),
    _revenue(
        "views_by_asset_revenue",
        "views and revenue by asset",
        names="rev_views_by_asset",
    ),
    _revenue(
        "legacy_claim_revenue",
        "claims with their earnings, in the layout of 2013 to 2017",
        _headers("total_earnings", "estimated_rpm"),
        _headers("owned_views", "estimated_rpm"),
        names="videoclaim_rawdata|claim_summary",
        rank=4,
    ),
    _revenue(
        "ads_revenue",
        "ads revenue by claim, asset or video",
        _headers("adjustment_type", "owned_views"),
        _headers("youtube_revenue_split_auction"),
        names=(
            r"(?:claim|asset|video)_raw|(?:asset|video)_summary|ads_partner_revenue|"
            r"ad_revenue_raw"
        ),
        rank=6,
    ),
    _revenue(
        "revenue_report",
        "a monthly financial file",
        _headers("partner_revenue"),
        _headers("youtube_revenue_split"),
        _headers("estimated_partner_revenue"),
        rank=_LAST,
    ),
)

REFERENCE_REPORT = RefusedKind(
    name="reference_report",
    message=(
        "This is a reference report: it lists the reference files behind assets, "
        "which are not kept here. Please send the asset report."
    ),
    headers=(_headers("reference_id", "source_of_fingerprint"),),
    file_name=re.compile(
        r"YouTube_.+_F_\d{8}|.*content_owner_active_references_a\d", re.IGNORECASE
    ),
)

ASSET_SHARE_REPORT = RefusedKind(
    name="asset_share_report",
    message=(
        "By its name this is an asset share report, which says who owns how much of "
        "an asset. That is not kept here; please send the asset report."
    ),
    file_name=re.compile(r"asset_share_lifetime", re.IGNORECASE),
)

UPLOAD_TEMPLATE = RefusedKind(
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
)
