"""The admin's shared base, and its pages about people and their tokens."""

from ytmanager.admin.base import (
    KeptRowsMixin,
    ModelAdmin,
    ReadOnlyAdminMixin,
    SearchedRowsMixin,
    TabularInline,
    actor_of,
    error_lines,
    report_errors,
)

__all__ = [
    "KeptRowsMixin",
    "ModelAdmin",
    "ReadOnlyAdminMixin",
    "SearchedRowsMixin",
    "TabularInline",
    "actor_of",
    "error_lines",
    "report_errors",
]

# Registered by being imported, after the base that they need.
from ytmanager.admin import (  # noqa: E402
    api_tokens,  # noqa: F401
    audit,  # noqa: F401
    backups,  # noqa: F401
    notifications,  # noqa: F401
    people,  # noqa: F401
)
