"""What a person sees, on the page of that person."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog import fields
from catalog.models import Scope
from catalog.querysets import is_scoped
from ytmanager.admin import TabularInline

SCOPES = ("content_owner", "channel", "label")


class ScopeForm(forms.ModelForm):  # type: ignore[type-arg]
    """One row names one thing."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        found["label"] = fields.EDITABLE["label"].normalise(found.get("label") or "")
        named = [name for name in SCOPES if found.get(name)]
        if len(named) != 1 and not self.errors:
            raise forms.ValidationError(
                "Name a content owner, a channel or a label in each row: one of them."
            )
        return found


class ScopeInline(TabularInline):
    """What a person sees; without a row it is everything."""

    model = Scope
    form = ScopeForm
    fields = SCOPES
    autocomplete_fields = ("channel",)
    verbose_name = "part of the catalogue"
    verbose_name_plural = "sees only (no row: everything)"

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "label":
            kwargs["widget"] = UnfoldAdminTextInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("auth.view_user")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = request.user.has_perm("auth.change_user")
        return may and not is_scoped(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


def add_scopes() -> None:
    """Put them on the page of people, which knows nothing of the catalogue."""
    people: Any = admin.site.get_model_admin(User)
    people.inlines = (*people.inlines, ScopeInline)
