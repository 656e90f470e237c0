"""Signing in to the API with a token of one's own."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils import timezone
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from catalog.models import Scope
from catalog.querysets.visibility import HAS_SCOPE
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
        self.note_use(request, token)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """Find the token with its owner and their scope, in one query.

        Raises AuthenticationFailed. Expired tokens are removed at night.
        """
        try:
            digest = hash_token(token.decode())
        except (TypeError, ValueError) as exc:
            raise AuthenticationFailed("Invalid token.") from exc
        scopes = Scope.objects.filter(user=OuterRef("user")).order_by()
        tokens = ApiToken.objects.select_related("user")
        found = tokens.annotate(**{HAS_SCOPE: Exists(scopes)}).filter(digest=digest)
        known: ApiToken | None = found.first()
        if known is None or known.is_expired:
            raise AuthenticationFailed("Invalid token.")
        setattr(known.user, HAS_SCOPE, getattr(known, HAS_SCOPE))
        admitted: tuple[User, ApiToken] = self.validate_user(known)
        return admitted

    def note_use(self, request: Request, token: ApiToken) -> None:
        """Remember the last use once a minute, and in the audit once a day."""
        now, last = timezone.now(), token.last_used_at
        if last is not None and now - last < NOTE_USE_EVERY:
            return
        is_noted = ApiToken.objects.note_use(token.digest, at=now, every=NOTE_USE_EVERY)
        if is_noted and (last is None or last.date() < now.date()):
            what = f"{token}: first use of the day"
            note(Kind.TOKEN, what, request=request._request, user=token.user)


class ApiTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = "ytmanager.authentication.ApiTokenAuthentication"
