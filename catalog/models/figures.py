"""Figures of each day, so that people see where things are going."""

from django.db import models


class DailyFigure(models.Model):
    """How many videos or conflicts of one kind there were on one day (UTC).

    Written once a night for shown videos; the start page draws trends from it.
    """

    class Name(models.TextChoices):
        """What is counted; each has a list that shows the same rows."""

        VIDEOS = "videos", "Videos"
        UNPUSHED = "unpushed", "Unpushed edits"
        CONFLICTS = "conflicts", "Open conflicts"
        MISSING_ISRC = "missing_isrc", "Missing ISRC"
        MISSING_UPC = "missing_upc", "Missing UPC"
        MISSING_ARTIST = "missing_artist", "Missing artist"
        MISSING_ASSET = "missing_asset", "Missing asset"

    recorded_on = models.DateField("day")
    name = models.CharField(max_length=20, choices=Name.choices)
    count = models.BigIntegerField()

    class Meta:
        ordering = ("recorded_on", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["recorded_on", "name"], name="catalog_dailyfigure_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_name_display()} on {self.recorded_on}: {self.count}"
