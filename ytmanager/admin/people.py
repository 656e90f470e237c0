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
from ytmanager.admin.base import ModelAdmin, actor_of
from ytmanager.audit import Kind, note
from ytmanager.realtime.subjects import is_scoped

if TYPE_CHECKING:
    ThemeUserAdmin = DjangoUserAdmin[User]
else:
    ThemeUserAdmin = DjangoUserAdmin

FLAGS = frozenset({"is_active", "is_staff", "is_superuser"})

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

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        """Note in the audit which groups a person joined or left."""
        person = form.instance
        before, seen = rights_of(person), scope_of_person(person)
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            note_rights(request, person, before, rights_of(person))
            note_scope(request, person, seen, scope_of_person(person))

    def save_model(
        self, request: HttpRequest, obj: User, form: Any, change: bool
    ) -> None:
        """Who may no longer sign in is out at once, not at the next request."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            for flag in {"is_active", "is_staff", "is_superuser"} & {
                *form.changed_data
            }:
                state = "yes" if getattr(obj, flag) else "no"
                what = f"{obj}: {flag.removeprefix('is_')} {state}"
                note(Kind.RIGHTS, what, request=request, user=actor_of(request))
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self.may_touch(request, None)

    def may_touch(self, request: HttpRequest, person: User | None) -> bool:
        """A new password for somebody who may more would be a way to all of that.

        So superusers are looked after by superusers, and people who see a part of
        the catalogue look after nobody.
        """
        if is_scoped(request.user):
            return False
        return (
            person is None or not person.is_superuser or bool(request.user.is_superuser)
        )


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """What a kind of person may do."""

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        """Note in the audit which permissions a group got or lost."""
        before = permissions_of(form.instance)
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            note_rights(request, form.instance, before, permissions_of(form.instance))


def rights_of(person: User) -> set[str]:
    """Groups and permissions of a person's own."""
    own = {str(right) for right in person.user_permissions.all()}
    return own | {str(group) for group in Group.objects.filter(user=person)}


def scope_of_person(person: User) -> list[str]:
    """What a person is kept to, in words; empty: nothing."""
    rows: Any = getattr(person, "scopes")  # noqa: B009 - this module knows no app
    return [str(row) for row in rows.select_related("content_owner", "channel")]


def note_scope(
    request: HttpRequest, person: User, before: list[str], after: list[str]
) -> None:
    """One line where what a person sees has changed, with all of it."""
    if sorted(before) != sorted(after):
        what = f"{person}: sees {', '.join(after) or 'everything'}"
        note(Kind.RIGHTS, what, request=request, user=actor_of(request))


def permissions_of(group: Group) -> set[str]:
    return {str(right) for right in group.permissions.all()}


def note_rights(
    request: HttpRequest, subject: User | Group, before: set[str], after: set[str]
) -> None:
    """One line for what was given and one for what was taken."""
    for verb, names in (("given", after - before), ("taken", before - after)):
        if names:
            what = f"{subject}: {verb} {', '.join(sorted(names))}"
            note(Kind.RIGHTS, what, request=request, user=actor_of(request))
