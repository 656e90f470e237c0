"""Who is behind a session, loaded with what a page asks about them anyway."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.querysets import with_scope


def locked_out(
    request: HttpRequest, response: Any = None, credentials: Any = None
) -> HttpResponse:
    """Say that nobody may try for a while, in the colours of the site."""
    context = {
        **admin.site.each_context(request),
        "failure_limit": settings.AXES_FAILURE_LIMIT,
    }
    page = "ytmanager/locked_out.html"
    return render(request, page, context, status=HTTPStatus.TOO_MANY_REQUESTS)


class PeopleBackend(ModelBackend):
    """Names and passwords, with a person's scope in the query that loads them.

    Django's own backend stays behind it for the sessions that it began.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the person; raises PermissionDenied, so that no other one tries."""
        if username is None or password is None:
            return None
        person: Any = super().authenticate(request, username, password, **kwargs)
        if person is None:
            raise PermissionDenied
        found: User = person
        return found

    def get_user(self, user_id: Any) -> User | None:
        person: User | None = with_scope(User.objects.filter(pk=user_id)).first()
        may = person is not None and self.user_can_authenticate(person)
        return person if may else None
