"""What bulk edits have to know about names."""

from django.db import models

from ytmanager.models import TimestampedModel


class NeverSplitName(TimestampedModel):
    """An artist whose name looks like several: Earth, Wind & Fire."""

    name = models.CharField(max_length=200)

    class Meta:
        verbose_name = "name that is never split"
        verbose_name_plural = "names that are never split"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["name"], name="catalog_neversplitname_name"
            ),
        )

    def __str__(self) -> str:
        return self.name
