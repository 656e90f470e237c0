"""What every page of the admin shares: base class, read-only rows, errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import structlog
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from ytmanager.admin.seen import seen_part
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.paginator import EstimatingPaginator

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as DjangoModelAdmin
    from django.contrib.admin import TabularInline as DjangoTabularInline

    ThemeModelAdmin = DjangoModelAdmin[Any]
    ThemeTabularInline = DjangoTabularInline[Any, Any]
else:
    from unfold.admin import ModelAdmin as ThemeModelAdmin
    from unfold.admin import TabularInline as ThemeTabularInline

logger = structlog.get_logger(__name__)


class ModelAdmin(ThemeModelAdmin):
    """Base of every list and form: visible rows only, cheap counts, the theme."""

    empty_value_display = "–"
    list_per_page = 50
    list_max_show_all = 200
    list_fullwidth = True
    list_filter_submit = True
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # one count for each option is too dear
    compressed_fields = True
    warn_unsaved_form = True
    paginator = EstimatingPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only the rows that this person may see."""
        rows = super().get_queryset(request)
        visible_to = getattr(rows, "visible_to", None)
        return visible_to(request.user) if visible_to else rows

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer and take only related rows that this person may see."""
        seen = seen_part(db_field.remote_field.model, request)
        if seen is not None:
            kwargs.setdefault("queryset", seen)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def require(self, request: HttpRequest, permission: str) -> None:
        """Guard a view of our own; raises PermissionDenied."""
        if not request.user.has_perm(permission):
            raise PermissionDenied


class KeptRowsMixin:
    """Rows that come from YouTube or from reports: nobody adds or deletes one."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdminMixin(KeptRowsMixin):
    """Records of what happened: they are read, never edited."""

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False


class SearchedRowsMixin:
    """A list whose QuerySet knows how its rows are searched."""

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (queryset.search(text) if text else queryset), False


class TabularInline(ThemeTabularInline):
    """Rows of a related table inside a page."""

    extra = 0
    tab = False


def actor_of(request: HttpRequest) -> User:
    """The person behind a request to the admin, who is always signed in."""
    return cast(User, request.user)


@contextmanager
def report_errors(request: HttpRequest) -> Iterator[None]:
    """Show an expected error as a message on the page instead of failing.

    Put the message of success inside the block: after an error it is left out.
    """
    try:
        yield
    except YouTubeCMSError as error:
        logger.warning(
            "admin_action_refused",
            error_type=error.error_type,
            path=request.path,
            user_pk=getattr(request.user, "pk", None),
        )
        messages.error(request, " ".join(error_lines(error)))


def error_lines(error: YouTubeCMSError) -> list[str]:
    """The error's message, then its findings field by field."""
    findings = error.details.get("fields")
    if not isinstance(findings, dict):
        return [error.message]
    named = [
        f"{name}: {text}"
        for name, texts in findings.items()
        if isinstance(texts, list)
        for text in texts
    ]
    return [error.message, *named]
