"""People who may sign in, and the groups that say what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from ytmanager.access_ends import end_access
from ytmanager.admin.base import ModelAdmin

if TYPE_CHECKING:
    ThemeUserAdmin = DjangoUserAdmin[User]
else:
    ThemeUserAdmin = DjangoUserAdmin

admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(ThemeUserAdmin, ModelAdmin):
    """People who may sign in; what they may do comes from their groups."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = (
        "username",
        "first_name",
        "last_name",
        "email",
        "role",
        "is_active",
        "last_login",
    )
    list_filter_submit = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Groups")
    def role(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all()) or "none"

    def save_model(
        self, request: HttpRequest, obj: User, form: Any, change: bool
    ) -> None:
        """Who may no longer sign in is out at once, not at the next request."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if not obj.is_active:
                end_access(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who is no superuser makes none, and gives rights through groups only."""
        fields = tuple(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and self.may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and self.may_touch(request, obj)

    def may_touch(self, request: HttpRequest, person: User | None) -> bool:
        """A new password for a superuser would be a way to all of their rights."""
        return (
            person is None or not person.is_superuser or bool(request.user.is_superuser)
        )


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """What a kind of person may do."""
