"""Who may do what through the API: the permissions of the admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rest_framework.permissions import DjangoModelPermissions

if TYPE_CHECKING:
    # REST framework's views import this module while they are being made.
    from rest_framework.request import Request
    from rest_framework.views import APIView

VIEW = "%(app_label)s.view_%(model_name)s"


class ModelPermissions(DjangoModelPermissions):
    """The admin's permissions: reading needs `view_...`, writing needs both.

    A view lists in `action_permissions` what one of its actions needs instead.
    """

    perms_map = {
        "GET": [VIEW],
        "HEAD": [VIEW],
        "OPTIONS": [VIEW],
        "POST": [VIEW, "%(app_label)s.add_%(model_name)s"],
        "PUT": [VIEW, "%(app_label)s.change_%(model_name)s"],
        "PATCH": [VIEW, "%(app_label)s.change_%(model_name)s"],
        "DELETE": [VIEW, "%(app_label)s.delete_%(model_name)s"],
    }

    def has_permission(self, request: Request, view: APIView) -> bool:
        named: Mapping[str, Sequence[str]] = getattr(view, "action_permissions", {})
        needed = named.get(getattr(view, "action", None) or "")
        if needed is None:
            return super().has_permission(request, view)
        return bool(request.user.is_authenticated and request.user.has_perms(needed))
