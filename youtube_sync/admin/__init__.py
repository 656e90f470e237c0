"""The admin of YouTube sync: accounts, plans, and the records of pushes."""

from youtube_sync.admin.accounts import YouTubeAccountAdmin
from youtube_sync.admin.channels import add_refresh
from youtube_sync.admin.origins import pushes_of, refreshes_of
from youtube_sync.admin.plans import PushPlanAdmin
from youtube_sync.admin.records import (
    MetadataSyncAdmin,
    PlanItemAdmin,
    QuotaEntryAdmin,
)
from youtube_sync.admin.refreshes import RefreshRunAdmin
from youtube_sync.admin.videos import add_push_action

__all__ = [
    "MetadataSyncAdmin",
    "PlanItemAdmin",
    "PushPlanAdmin",
    "QuotaEntryAdmin",
    "RefreshRunAdmin",
    "YouTubeAccountAdmin",
    "pushes_of",
    "refreshes_of",
]

add_push_action()
add_refresh()
