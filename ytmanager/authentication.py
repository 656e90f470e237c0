"""Signing in to the API with a token of one's own."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from ytmanager.audit import Kind, note
from ytmanager.models import ApiToken

NOTE_USE_EVERY = timedelta(minutes=1)


class ApiTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token ...`; a read-only token changes nothing anywhere."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's owner; raises PermissionDenied for a forbidden write."""
        found: tuple[User, ApiToken] | None = super().authenticate(request)
        if found is None:
            return None
        _, token = found
        if token.is_read_only and request.method not in SAFE_METHODS:
            raise PermissionDenied(
                "This token may only read. Use one that may read and write."
            )
        now, last = timezone.now(), token.last_used_at
        is_noted = ApiToken.objects.note_use(token.digest, at=now, every=NOTE_USE_EVERY)
        if is_noted and (last is None or last.date() < now.date()):
            what = f"{token}: first use of the day"
            note(Kind.TOKEN, what, request=request._request, user=token.user)
        return found


class ApiTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = "ytmanager.authentication.ApiTokenAuthentication"
