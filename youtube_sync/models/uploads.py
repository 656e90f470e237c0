"""How far the lists of uploads are known."""

from __future__ import annotations

from django.db import models

from catalog.models import Channel
from youtube_sync.querysets import UploadsWalkQuerySet


class UploadsWalk(models.Model):
    """When the uploads of a channel were last read to the end of their list."""

    channel = models.OneToOneField(
        Channel, models.CASCADE, primary_key=True, related_name="uploads_walk"
    )
    ended_at = models.DateTimeField()

    objects = UploadsWalkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"uploads of channel {self.pk} read to the end at {self.ended_at}"
