"""Videos that somebody chose by name for one change set."""

from django.db import models

from catalog.models.changeset import ChangeSet
from catalog.models.video import Video


class SelectedVideo(models.Model):
    """One chosen row or pasted identifier; without a video it was not found.

    An identifier that fits several videos has a row for each of them.
    """

    change_set = models.ForeignKey(
        ChangeSet, models.CASCADE, db_index=False, related_name="selected_videos"
    )
    place = models.IntegerField(help_text="Line of the pasted list, from 1.")
    text = models.TextField(blank=True, help_text="As it was pasted.")
    video = models.ForeignKey(
        Video, models.CASCADE, null=True, db_index=False, related_name="+"
    )

    class Meta:
        ordering = ("place", "pk")
        default_permissions = ()
        indexes = (
            models.Index(
                fields=["change_set", "place"], name="catalog_selectedvideo_place"
            ),
        )

    def __str__(self) -> str:
        return self.text
