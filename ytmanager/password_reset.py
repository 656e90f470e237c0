"""A new password by mail, for people who forgot theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse_lazy
from redis.exceptions import RedisError
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget

logger = structlog.get_logger(__name__)

MAILS_AN_HOUR = 3  # to one person
HOUR = 3600  # seconds


class OwnAddressForm(PasswordResetForm):
    """The link in the mail leads to SITE_URL, whatever host the request named."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget = UnfoldAdminEmailInputWidget(
            attrs={"autocomplete": "email"}
        )

    def get_users(self, email: str) -> Iterator[User]:
        """Whom the link goes to: nobody's inbox is filled by asking again."""
        return (person for person in super().get_users(email) if may_be_sent(person))

    def save(self, *args: Any, **kwargs: Any) -> None:
        site = urlsplit(settings.SITE_URL)
        kwargs["domain_override"] = site.netloc
        kwargs["use_https"] = site.scheme == "https"
        kwargs["from_email"] = settings.MAIL_FROM
        super().save(*args, **kwargs)


def may_be_sent(person: User) -> bool:
    """Whether this hour's mails to a person are not used up; counts this one."""
    key = f"password_reset:{person.pk}:{person.date_joined.timestamp()}"
    try:
        cache.add(key, 0, HOUR)
        return cache.incr(key) <= MAILS_AN_HOUR
    except (RedisError, OSError, ValueError) as exc:  # away, or the hour just ended
        logger.warning("reset_mails_not_counted", reason=type(exc).__name__)
        return True


class SitePage:
    """A page with the site's name that needs no sign-in."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {
            **admin.site.each_context(self.request),
            **own,
            "has_mail": settings.HAS_MAIL,
        }


class AskView(SitePage, views.PasswordResetView):
    """Says the same for a known and an unknown address."""

    form_class = OwnAddressForm
    template_name = "ytmanager/password_reset/ask.html"
    email_template_name = "ytmanager/password_reset/mail.txt"
    subject_template_name = "ytmanager/password_reset/subject.txt"
    success_url = reverse_lazy("password_reset_done")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the link; without mail the page says whom to ask."""
        if not settings.HAS_MAIL:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)


class DoneView(SitePage, views.PasswordResetDoneView):
    """A mail is on its way, if there is such a person."""

    template_name = "ytmanager/password_reset/done.html"


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """With the theme's fields, which can be seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = UnfoldAdminPasswordWidget(
                attrs={"autocomplete": "new-password"}
            )


class ConfirmView(SitePage, views.PasswordResetConfirmView):
    """Choose the new password; a link works once."""

    form_class = NewPasswordForm
    template_name = "ytmanager/password_reset/confirm.html"
    success_url = reverse_lazy("password_reset_complete")


class CompleteView(SitePage, views.PasswordResetCompleteView):
    """Sign in with it."""

    template_name = "ytmanager/password_reset/complete.html"


def addresses() -> list[URLPattern]:
    """The theme's sign-in page links to `admin_password_reset`."""
    return [
        path("admin/password_reset/", AskView.as_view(), name="admin_password_reset"),
        path(
            "admin/password_reset/done/", DoneView.as_view(), name="password_reset_done"
        ),
        path(
            "admin/password_reset/<uidb64>/<token>/",
            ConfirmView.as_view(),
            name="password_reset_confirm",
        ),
        path(
            "admin/password_reset/complete/",
            CompleteView.as_view(),
            name="password_reset_complete",
        ),
    ]
