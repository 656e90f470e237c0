"""Content owners: the accounts in YouTube's CMS that own everything else."""

from django.db import models

from catalog.querysets import ContentOwnerQuerySet
from ytmanager.models import TimestampedModel


class ContentOwner(TimestampedModel):
    """A content owner in YouTube's CMS; every owned row leads to one."""

    name = models.CharField(
        max_length=200, unique=True, help_text="As it stands in report file names."
    )
    content_owner_id = models.CharField(
        "content owner ID",
        max_length=40,
        blank=True,
        help_text="YouTube's ID, needed for calls on behalf of this owner.",
    )
    sample = models.JSONField(
        null=True,
        editable=False,
        help_text="How the sample data were made, for the owner that they invented.",
    )
    # The age of the newest complete list of each: an older one ends nothing.
    assets_listed_as_of = models.DateTimeField(null=True, editable=False)
    claims_listed_as_of = models.DateTimeField(null=True, editable=False)
    ownership_listed_as_of = models.DateTimeField(null=True, editable=False)

    objects = ContentOwnerQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
