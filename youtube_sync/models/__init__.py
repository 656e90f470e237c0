"""What is kept about pushes, by noun."""

from youtube_sync.models.account import YouTubeAccount
from youtube_sync.models.attempt import MetadataSync
from youtube_sync.models.ledger import QuotaEntry
from youtube_sync.models.plan import PlanItem, PushPlan

__all__ = ["MetadataSync", "PlanItem", "PushPlan", "QuotaEntry", "YouTubeAccount"]
