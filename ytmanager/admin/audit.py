"""The audit page: sign-ins, changes of rights, tokens and exports."""

from __future__ import annotations

from django.contrib import admin

from ytmanager.admin.base import ModelAdmin, ReadOnlyAdminMixin
from ytmanager.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Read only, newest first."""

    list_display = ("at", "kind", "username", "what", "address")
    list_display_links = None
    list_filter = ("kind",)
    search_fields = ("username", "what", "address")
    search_help_text = "Person, what happened, or address"
