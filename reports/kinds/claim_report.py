"""The claim report, v1.0 to v1.2 (a1 to a3): claims on own and on other videos.

It lists claims on videos of other people too; these stay claims. What it says of
an asset counts only until an asset report spoke.
"""

from dataclasses import replace

from catalog.value_types import ListValue
from catalog.values import (
    AssetId,
    ChannelId,
    ClaimId,
    Count,
    Flag,
    Isrc,
    PipeList,
    Text,
    Timestamp,
    Upc,
    VideoId,
)
from reports.kinds.kind import VERSION, Column, ReportKind, file_names

_COUNTRIES = ListValue("|, ")
_POLICIES = tuple(
    Column(f"{side}_policy_{action}", _COUNTRIES, facts="claim")
    for side in ("claim", "asset")
    for action in ("monetize", "track", "block")
)

CLAIM_REPORT = ReportKind(
    name="claim_report",
    label="Claim report",
    file_name=file_names(rf"claim_report_(?P<owner>.+)_C{VERSION}", "active_claims"),
    key="claim_id",
    required=("claim_id", "asset_id"),
    telltales=("claim_status", "video_id"),
    signature=frozenset(
        {
            "claim_status_detail",
            "claim_origin",
            "claim_type",
            "content_type",
            "claim_created_date",
            *(column.name for column in _POLICIES),
        }
    ),
    asset_ids="asset_id",
    video_stand_in="custom_id",
    lists_all="claims",
    columns=(
        Column("claim_id", replace(ClaimId, is_empty_known=False), facts="claim"),
        Column("asset_id", AssetId, facts="claim"),
        Column("video_id", VideoId, facts="claim"),
        Column("claim_status", Text, "status", "claim"),
        Column("claim_status_detail", Text, "status_detail", "claim"),
        Column("claim_origin", Text, "origin", "claim"),
        Column("claim_type", Text, facts="claim"),
        Column("content_type", Text, facts="claim"),
        Column("claim_created_date", Timestamp, "claimed_at", "claim"),
        Column("video_title", Text, facts="claim"),
        Column("channel_id", ChannelId, "video_channel_id", "claim"),
        Column("channel_display_name", Text, "video_channel_title", "claim"),
        Column("views", Count, "view_count", "claim"),
        Column("engaged_views", Count, "engaged_view_count", "claim"),
        Column("reference_id", Text, facts="claim"),
        Column("is_shorts_eligible", Flag, facts="claim"),
        *_POLICIES,
        Column("custom_id", Text, facts="asset"),
        Column("asset_title", Text, "title", "asset"),
        Column("asset_labels", ListValue("|,"), "labels", "asset"),
        Column("isrc", Isrc, facts="asset"),
        Column("upc", Upc, facts="asset"),
        Column("grid", Text, facts="asset"),
        Column("artist", PipeList, facts="asset"),
        Column("album", Text, facts="asset"),
        Column("record_label", Text, "label", "asset", aliases=("label",)),
    ),
    ignored=frozenset(
        {
            "uploader",
            "matching_duration",
            "longest_match",
            "video_matching_length",
            "reference_video_id",
            "claim_policy_id",
            "asset_policy_id",
            "video_upload_date",
            "video_duration_sec",
            "tms",
            "director",
            "studio",
            "season",
            "episode_number",
            "episode_title",
            "release_date",
            "hfa_song_code",
            "iswc",
            "writers",
        }
    ),
)
