"""The admin's shared base, and its pages about people and their tokens."""

from ytmanager.admin.base import (
    KeptRowsMixin,
    ModelAdmin,
    ReadOnlyAdminMixin,
    TabularInline,
    actor_of,
    error_lines,
    report_errors,
)

__all__ = [
    "KeptRowsMixin",
    "ModelAdmin",
    "ReadOnlyAdminMixin",
    "TabularInline",
    "actor_of",
    "error_lines",
    "report_errors",
]

# Registered by being imported, after the base that they need.
from ytmanager.admin import api_tokens, backups, people  # noqa: E402, F401
