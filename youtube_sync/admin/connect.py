"""The way to Google's consent page and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from catalog.models import ContentOwner
from youtube_sync import tasks
from youtube_sync.exceptions import ConsentError
from youtube_sync.models import YouTubeAccount
from youtube_sync.services import accounts
from ytmanager.admin import ModelAdmin, actor_of, report_errors

SESSION_KEY = "youtube_pending_consent"
CONTROL = {"class": "ytm-text"}


class ConnectForm(forms.Form):
    """For whom the account is, and what to call it."""

    content_owner = forms.ModelChoiceField(
        ContentOwner.objects.none(), widget=forms.Select(attrs=CONTROL)
    )
    name = forms.CharField(
        max_length=200,
        required=False,
        help_text="Empty: the name of the content owner.",
        widget=forms.TextInput(attrs=CONTROL),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = ContentOwner.objects.visible_to(request.user)
        choice: Any = self.fields["content_owner"]
        choice.queryset = owners
        if owners.count() == 1:
            choice.initial = owners.get()


class ConnectPages(ModelAdmin):
    """Connect an account: form, Google's page, callback."""

    def get_urls(self) -> list[URLPattern]:
        callback = self.admin_site.admin_view(self.callback_view)
        name = "youtube_sync_youtubeaccount_callback"
        return [path("callback/", callback, name=name), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask for whom, then send the browser to Google."""
        self.require(request, "youtube_sync.add_youtubeaccount")
        form = ConnectForm(request, request.POST or None, initial=self.known(request))
        if request.method == "POST" and form.is_valid():
            with report_errors(request):
                return self.send_to_google(request, form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": "Connect a YouTube account",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "youtube_sync/connect.html", context)

    def known(self, request: HttpRequest) -> dict[str, Any]:
        """What is known of an account that is to be connected again."""
        account = YouTubeAccount.objects.visible_to(request.user).for_list()
        found = account.filter(pk__in=pk_of(request.GET.get("account"))).first()
        if found is None:
            return {}
        return {"content_owner": found.content_owner_id, "name": found.name}

    def send_to_google(
        self, request: HttpRequest, chosen: dict[str, Any]
    ) -> HttpResponse:
        address, pending = accounts.start_connection(
            content_owner=chosen["content_owner"],
            name=chosen["name"],
            redirect_uri=callback_address(),
        )
        request.session[SESSION_KEY] = asdict(pending)
        return HttpResponseRedirect(address)

    def callback_view(self, request: HttpRequest) -> HttpResponse:
        """GET: Google sends the browser back, with a code or a refusal."""
        self.require(request, "youtube_sync.add_youtubeaccount")
        with report_errors(request):
            account = accounts.finish_connection(
                actor=actor_of(request),
                pending=take_pending(request),
                answer=request.GET.dict(),
                redirect_uri=callback_address(),
            )
            with transaction.atomic():
                tasks.start_plans_of(account)
                tasks.start_refresh(account)
            messages.success(request, f"{account} is connected.")
        return HttpResponseRedirect(
            reverse("admin:youtube_sync_youtubeaccount_changelist")
        )


def pk_of(text: str | None) -> list[int]:
    return [int(text)] if text and text.isascii() and text.isdigit() else []


def take_pending(request: HttpRequest) -> accounts.PendingConsent:
    """Take what was kept for this answer; it serves only once."""
    kept = request.session.pop(SESSION_KEY, None)
    if kept is None:
        raise ConsentError(
            "This browser has not asked for a connection. Start again, at the "
            f"address {settings.SITE_URL}."
        )
    return accounts.PendingConsent(**kept)


def callback_address() -> str:
    """Exactly the address that is registered with Google."""
    site: str = settings.SITE_URL
    return site.rstrip("/") + reverse("admin:youtube_sync_youtubeaccount_callback")
