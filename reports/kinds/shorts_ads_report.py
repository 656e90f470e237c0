"""The monthly Shorts ads report: what it lists is a Short.

Its figures are payments and views of a month; only the evidence is kept.
"""

from catalog.values import VideoId
from reports.kinds.kind import VERSION, Column, ReportKind, file_names

SHORTS_ADS_REPORT = ReportKind(
    name="shorts_ads_report",
    label="Shorts ads report",
    file_name=file_names(
        r"(?:YouTube_(?P<owner>.+)_M_\d{6,8}(?:_\d{8})?_monthly_shorts_non_music_ads_"
        r"|youtube_shorts_ads_revenue_month_youtube_shorts_ads_)"
        rf"video_summary{VERSION}",
        "shorts_ad_revenue_summary",
    ),
    key="video_id",
    required=("video_id",),
    telltales=("net_partner_revenue_post_revshare",),
    signature=frozenset(
        {"engaged_views", "adjustment_type", "content_type", "policy", "uploader"}
    ),
    columns=(Column("video_id", VideoId, facts="short"),),
    ignored=frozenset(
        {
            "adjustment_type",
            "video_title",
            "video_duration_sec",
            "category",
            "channel_id",
            "uploader",
            "content_type",
            "policy",
            "total_views",  # v1-0
            "engaged_views",  # v1-1
            "net_partner_revenue_post_revshare",
        }
    ),
)
