"""Words with a fixed set of values that several models share."""

from django.db import models

from catalog.values import CATEGORIES


class PrivacyStatus(models.TextChoices):
    """Who can watch a video."""

    PUBLIC = "public", "Public"
    UNLISTED = "unlisted", "Unlisted"
    PRIVATE = "private", "Private"


class License(models.TextChoices):
    """YouTube's two licences."""

    YOUTUBE = "youtube", "Standard YouTube licence"
    CREATIVE_COMMON = "creativeCommon", "Creative Commons"


class Policy(models.TextChoices):
    """What a claim's policy does, derived from its name."""

    MONETIZE = "monetize", "Monetize"
    TRACK = "track", "Track"
    BLOCK = "block", "Block"


class Source(models.TextChoices):
    """Where observed facts came from."""

    REPORT = "report", "Report"
    REFRESH = "refresh", "Refresh"
    PUSH_READ = "push_read", "Read before a push"
    PUSH_REPLY = "push_reply", "Reply to a push"
    ASSET_CHOICE = "asset_choice", "Primary asset chosen"


CATEGORY_CHOICES = [(number, title) for number, (title, _) in CATEGORIES.items()]
