"""Who signed in, changed rights, took data out, or used a token."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One line of the audit; written by `ytmanager.audit`, never changed."""

    class Kind(models.TextChoices):
        """What happened."""

        SIGNED_IN = "signed_in", "Signed in"
        REFUSED = "refused", "Sign-in refused"
        RIGHTS = "rights", "Rights changed"
        TOKEN = "token", "API token"
        EXPORT = "export", "Export"

    at = models.DateTimeField("when", default=timezone.now)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    username = models.CharField(
        "who", max_length=150, blank=True, help_text="Stays when the person goes."
    )
    what = models.TextField(blank=True)
    address = models.GenericIPAddressField("from", null=True)

    class Meta:
        verbose_name_plural = "audit"
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.username} {self.what}".strip()
