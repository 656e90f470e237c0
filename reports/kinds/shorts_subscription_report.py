"""The monthly Shorts subscription report: what it lists is a Short.

One row for each day and country, below a title line; only the evidence is kept.
"""

from catalog.values import VideoId
from reports.kinds.kind import VERSION, Column, ReportKind, file_names

SHORTS_SUBSCRIPTION_REPORT = ReportKind(
    name="shorts_subscription_report",
    label="Shorts subscription report",
    file_name=file_names(
        r"(?:YouTube_(?P<owner>.+)_M_\d{6,8}(?:_\d{8})?_monthly_shorts_non_music_"
        r"subscription_|youtube_shorts_subscription_revenue_month_youtube_shorts_"
        rf"subscription_)video_summary{VERSION}",
        "shorts_subscription_revenue_summary",
    ),
    key="video_id",
    required=("video_id",),
    telltales=("owned_subscription_views",),
    signature=frozenset(
        {"adjustment_type", "day", "country", "content_type", "partner_revenue"}
    ),
    columns=(Column("video_id", VideoId, facts="short"),),
    ignored=frozenset(
        {
            "adjustment_type",
            "day",
            "country",
            "custom_id",
            "content_type",
            "video_title",
            "video_duration_sec",
            "username",
            "uploader",
            "channel_id",
            "owned_subscription_views",
            "partner_revenue",
        }
    ),
)
