"""Writing the audit: the few things that an office has to be able to prove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest, HttpResponse

from ytmanager.models import AuditEntry

Kind = AuditEntry.Kind
LONGEST_NAME = 150


def note(
    kind: AuditEntry.Kind,
    what: str,
    *,
    request: HttpRequest | None,
    user: User | None = None,
    username: str = "",
) -> None:
    """Write one line in the caller's transaction."""
    AuditEntry.objects.create(
        kind=kind,
        user=user,
        username=(user.get_username() if user else username)[:LONGEST_NAME],
        what=what,
        address=get_client_ip_address(request) if request is not None else None,
    )


def watch_sign_ins() -> None:
    """Django's signals are the only place that sees every way of signing in."""
    options: dict[str, Any] = {"weak": False}
    user_logged_in.connect(_signed_in, dispatch_uid="audit_in", **options)
    user_login_failed.connect(_refused, dispatch_uid="audit_refused", **options)


def _signed_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    note(Kind.SIGNED_IN, "", request=request, user=user)


def _refused(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    # What was typed as a name may be a password; without a person it is not kept.
    name = str(credentials.get("username") or "")[:LONGEST_NAME]
    user = User.objects.filter(username=name).first() if "\0" not in name else None
    what = "" if user else "Nobody has the name that was entered."
    note(Kind.REFUSED, what, request=request, user=user)


class ExportMiddleware:
    """Notes every file that leaves, whichever page or call made it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        disposition = response.headers.get("Content-Disposition", "")
        if disposition.startswith("attachment") and request.user.is_authenticated:
            what = f"{request.get_full_path()} ({file_name(disposition)})"
            note(Kind.EXPORT, what, request=request, user=request.user)
        return response


def file_name(disposition: str) -> str:
    return disposition.partition("filename=")[2].strip('"') or "a file"
