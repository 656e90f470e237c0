"""Which part of the catalogue a person sees."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.channel import Channel
from catalog.models.owner import ContentOwner
from catalog.querysets import ScopeQuerySet


class Scope(models.Model):
    """One thing that a person sees; who has no row sees everything.

    A row whose content owner or channel was removed gives nothing, and still keeps
    its person from everything else.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="scopes"
    )
    content_owner = models.ForeignKey(
        ContentOwner,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="With its channels, videos, assets, reports and accounts.",
    )
    channel = models.ForeignKey(
        Channel,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="With its videos.",
    )
    label = models.TextField(
        blank=True, help_text="The videos of a record label, spelled as they have it."
    )

    objects = ScopeQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(content_owner=None, channel=None)
                | Q(content_owner=None, label="")
                | Q(channel=None, label=""),
                name="catalog_scope_names_one",
            ),
        )

    def __str__(self) -> str:
        if self.content_owner is not None:
            return f"content owner {self.content_owner}"
        if self.channel is not None:
            return f"channel {self.channel}"
        return f"label {self.label}" if self.label else "nothing"
