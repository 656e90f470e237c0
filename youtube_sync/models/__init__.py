"""What is kept about pushes and refreshes, by noun."""

from youtube_sync.models.account import YouTubeAccount
from youtube_sync.models.attempt import MetadataSync, PushObservation
from youtube_sync.models.ledger import QuotaEntry
from youtube_sync.models.plan import PlanItem, PushPlan
from youtube_sync.models.refresh import (
    MissedVideo,
    ReadEtag,
    RefreshRead,
    RefreshRun,
    RefreshTarget,
)
from youtube_sync.models.uploads import UploadsWalk

__all__ = [
    "MetadataSync",
    "MissedVideo",
    "PlanItem",
    "PushObservation",
    "PushPlan",
    "QuotaEntry",
    "ReadEtag",
    "RefreshRead",
    "RefreshRun",
    "RefreshTarget",
    "UploadsWalk",
    "YouTubeAccount",
]
