"""The video report of the Content Manager and its twins of the Reporting API.

Columns are found by name in any order, so v1-2 to v1-4, a2 to a4 and the title-case
export are one declaration. The layout of 2013 differs in one thing: it does not name
the channel, so it can say something about known videos only.
"""

from dataclasses import replace

from catalog.values import (
    AssetIds,
    Category,
    ChannelId,
    ClaimId,
    Count,
    Flag,
    Isrc,
    Privacy,
    Seconds,
    Text,
    Timestamp,
    Upc,
    VideoId,
)
from reports.kinds.kind import VERSION, Column, ReportKind, file_names

_AD_FORMATS = (
    "third_party_ads_enabled",
    "display_ads_enabled",
    "sponsored_cards_enabled",
    "overlay_ads_enabled",
    "nonskippable_video_ads_enabled",
    "long_nonskippable_video_ads_enabled",
    "skippable_video_ads_enabled",
    "prerolls_enabled",
    "midrolls_enabled",
    "postrolls_enabled",
    "in_video_ads_enabled",
)
# Names of 2013 without a successor.
_ONLY_IN_2013 = frozenset(
    {
        "username",
        "favorite_count",
        "responses_allowed",
        "is_licensed",
        "afv_overlay_enabled",
        "instream_ads_enabled",
        "long_instream_enabled",
        "trueview_instream_enabled",
        "trueview_inslate_enabled",
    }
)

VIDEO_REPORT = ReportKind(
    name="video_report",
    label="Video report",
    file_name=file_names(rf"video_report_(?P<owner>.+)_V{VERSION}", "video_metadata"),
    key="video_id",
    required=("video_id", "channel_id"),
    signature=frozenset(
        {
            "video_title",
            "time_uploaded",
            "time_published",
            "video_privacy_status",
            "claimed_by_this_owner",
            "claimed_status",
            "effective_policy",
            "embedding_allowed",
        }
    ),
    asset_ids="asset_id",
    newest="time_uploaded",
    video_stand_in="custom_id",
    lists_all="videos",
    columns=(
        Column("video_id", VideoId),
        Column("channel_id", ChannelId),
        Column(
            "channel_display_name",
            Text,
            into="channel_title",
            aliases=("channel_name",),
        ),
        Column("video_title", Text, into="title", aliases=("title",)),
        Column("time_uploaded", Timestamp, into="uploaded_at"),
        Column("time_published", Timestamp, into="published_at"),
        Column(
            "video_length",
            Seconds,
            into="length_seconds",
            aliases=("length", "video_duration", "video_duration_sec"),
        ),
        Column("views", Count, into="view_count", aliases=("view_count",)),
        Column("comments", Count, into="comment_count", aliases=("comment_count",)),
        Column("engaged_views", Count, into="engaged_view_count"),
        Column(
            "video_privacy_status",
            Privacy,
            into="privacy_status",
            aliases=("privacy_status", "status"),
        ),
        Column("category", Category, into="category_id"),
        Column("embedding_allowed", Flag, into="embeddable"),
        Column("ratings_allowed", Flag),
        Column("comments_allowed", Flag),
        Column(
            "is_made_for_kids_user_selection",
            Flag,
            into="made_for_kids",
        ),
        Column("claimed_status", Text),
        Column("claimed_by_this_owner", Flag),
        Column("claimed_by_another_owner", Flag),
        Column("other_owners_claiming", Text),
        Column("effective_policy", Text, aliases=("policy",)),
        *(Column(name, Flag) for name in _AD_FORMATS),
        Column("claim_id", ClaimId, facts="claim"),
        Column("asset_id", AssetIds, into="asset_ids", facts="claim"),
        Column("claim_origin", Text, "origin", "claim", aliases=("claim_source",)),
        Column("content_type", Text, facts="claim"),
        Column("effective_policy", Text, "policy", "claim", aliases=("policy",)),
        Column("custom_id", Text, facts="subject", aliases=("claim_custom_id",)),
        Column("isrc", Isrc, facts="subject"),
        Column("upc", Upc, facts="subject"),
    ),
    ignored=frozenset(
        {
            "video_url",
            "upload_source",
            "offweb_syndicatable",
            "third_party_video_id",
            "eidr",
            "is_made_for_kids_effective_setting",
            "is_made_for_kids_modifiable",
            *_ONLY_IN_2013,
        }
    ),
)
VIDEO_REPORT_2013 = replace(
    VIDEO_REPORT,
    name="video_report_2013",
    label="Video report of 2013",
    required=("video_id",),
    signature=_ONLY_IN_2013,
    video_stand_in="",
    lists_all="",
    is_for_known_videos=True,
    variant_of="video_report",
)
