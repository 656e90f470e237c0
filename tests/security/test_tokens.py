"""Tokens are planted; nothing that people or other programs see may hold them."""

import contextlib
import json
import logging
import traceback

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.db import connection
from django.test import Client
from django.urls import reverse

from catalog.models import Video
from tests.factories.catalog import UserFactory
from tests.youtube_sync.conftest import TOKENS, no_token_leaks  # noqa: F401
from tests.youtube_sync.services.conftest import *  # noqa: F403 - the same fixtures
from youtube_sync import oauth
from youtube_sync.models import MetadataSync, QuotaEntry, RefreshRun, YouTubeAccount
from youtube_sync.services import accounts, clients, plans, push, refresh
from ytmanager.api_urls import router
from ytmanager.exceptions import YouTubeCMSError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_token_leaks")]


@pytest.fixture
def superuser(db):
    browser = Client()
    browser.force_login(UserFactory(is_staff=True, is_superuser=True))
    return browser


def secrets_of(account, settings):
    """What nobody may see, whatever it looks like."""
    keys = [settings.GOOGLE_CLIENT_SECRET, settings.SECRET_KEY, *settings.SALT_KEY]
    return [account.refresh_token, account.access_token, *keys]


@pytest.fixture
def traces(account, settings):
    """Find what a text holds of the account's tokens, of secrets, or of their kind."""

    def find(text):
        account.refresh_from_db()
        known = [secret for secret in secrets_of(account, settings) if secret in text]
        return known + TOKENS.findall(text)

    return find


def pages_of(account, plan, run, video):
    """Every list of YouTube sync, every row with its history, and what is around."""
    lists = [
        reverse(f"admin:youtube_sync_{model._meta.model_name}_changelist")
        for model in admin.site._registry
        if model._meta.app_label == "youtube_sync"
    ]
    rows = [account, plan, run, video]
    rows += [plan.items.first(), MetadataSync.objects.first()]
    rows += [QuotaEntry.objects.first(), account.content_owner]
    details = [
        reverse(
            f"admin:{row._meta.label_lower.replace('.', '_')}_{page}", args=[row.pk]
        )
        for row in rows
        for page in ("change", "history")
    ]
    return [
        *lists,
        *details,
        reverse("admin:youtube_sync_youtubeaccount_add") + f"?account={account.pk}",
        reverse("admin:youtube_sync_pushplan_sheets", args=[plan.pk]),
        reverse("admin:youtube_sync_sync_video", args=[video.pk]),
        reverse("admin:catalog_channel_clean_custom_ids"),
        reverse("admin:index"),
        reverse("system_status"),
    ]


def replies_of(account, plan, run, video):
    """Every list of the API, and the rows of YouTube sync."""
    return [
        *(f"/api/{prefix}/" for prefix, _, _ in router.registry),
        f"/api/youtube-accounts/{account.pk}/",
        f"/api/push-plans/{plan.pk}/",
        f"/api/push-plans/{plan.pk}/items/",
        f"/api/refresh-runs/{run.pk}/",
        f"/api/videos/{video.video_id}/",
        f"/api/videos/{video.video_id}/sync/",
        "/api/quota/",
        "/api/events/",
        "/api/schema/",
    ]


@pytest.fixture
def worked(account, publisher, make_video, connected):
    """An account after a push and a refresh, one of them refused."""
    video = make_video(title="New title")
    plan = plans.create_plan(
        videos=Video.objects.all(), account=account, actor=publisher
    )
    plans.confirm_plan(plan=plan, actor=publisher)
    push.run_plan(plan=plan, clients=connected)
    run = RefreshRun.objects.create(account=account, scope="catalogue")
    refresh.run_refresh(run=run, clients=connected)
    return account, plan, run, video


def test_search_sees_what_is_shown_and_logged(
    account, superuser, traces, monkeypatch, request
):
    leaks = request.getfixturevalue("no_token_leaks").leaks
    monkeypatch.setattr(YouTubeAccount, "__str__", lambda self: self.access_token)

    address = reverse("admin:youtube_sync_youtubeaccount_change", args=[account.pk])
    page = superuser.get(address).content.decode()
    logging.getLogger("anybody").warning("Asked with %s.", account.refresh_token)

    assert account.access_token in traces(page)
    assert len(leaks) == 2
    leaks.clear()


@pytest.mark.parametrize("name", ["refresh_token", "access_token"])
def test_search_knows_a_token_of_any_shape(account, traces, name):
    YouTubeAccount.objects.update(**{name: "shapeless 5ecret"})

    assert traces("Asked with shapeless 5ecret.") == ["shapeless 5ecret"]


def test_pages_hold_no_token(worked, superuser, traces):
    for address in pages_of(*worked):
        reply = superuser.get(address)

        assert reply.status_code == 200, address
        assert traces(reply.content.decode()) == [], address


def test_replies_of_the_api_hold_no_token(worked, superuser, traces):
    for address in replies_of(*worked):
        reply = superuser.get(address)

        assert reply.status_code == 200, address
        assert traces(reply.content.decode()) == [], address


@pytest.mark.parametrize("is_debug", [False, True])
def test_pages_of_defects_hold_no_token(
    account, superuser, settings, monkeypatch, traces, is_debug
):
    def break_down(address, form):
        raise RuntimeError("A defect, not a refusal.")

    monkeypatch.setattr(oauth, "_post", break_down)
    settings.DEBUG, superuser.raise_request_exception = is_debug, False
    address = reverse("admin:youtube_sync_youtubeaccount_disconnect", args=[account.pk])

    reply = superuser.post(address)

    page = reply.content.decode()
    assert reply.status_code == 500
    assert ("A defect, not a refusal." in page) is is_debug
    assert traces(page) == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/youtube-accounts/0/", 404),
        ("/api/youtube-accounts/?nonsense=1", 400),
        ("/admin/youtube_sync/youtubeaccount/{pk}/disconnect/", 405),
        ("/admin/youtube_sync/nothing/", 404),
        ("/admin/youtube_sync/youtubeaccount/callback/?code=1&state=2", 302),
    ],
)
def test_pages_of_refusals_hold_no_token(account, superuser, traces, address, status):
    reply = superuser.get(address.format(pk=account.pk))

    assert reply.status_code == status
    assert traces(reply.content.decode()) == []


def tables_with(*secrets):
    """Names of all tables that hold one of these texts in any column."""
    found, patterns = [], [f"%{secret}%" for secret in secrets]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            sql = f"SELECT EXISTS (SELECT FROM {name} t WHERE t::text LIKE ANY (%s))"
            cursor.execute(sql, [patterns])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_database_holds_no_token_as_it_is(worked, settings):
    account = YouTubeAccount.objects.get()

    assert tables_with(*secrets_of(account, settings), "ya29.", "1//") == []
    assert tables_with(account.name) == ["youtube_sync_youtubeaccount"]


def test_stored_rows_hold_tokens_only_where_they_are_encrypted(worked):
    hidden = {"refresh_token", "access_token"}
    for model in apps.get_models():
        if model._meta.app_label in {"catalog", "reports", "youtube_sync", "ytmanager"}:
            rows = serializers.serialize("python", model._base_manager.all())
            for row in rows:
                shown = {k: v for k, v in row["fields"].items() if k not in hidden}
                assert not TOKENS.search(json.dumps(shown, default=str)), model


def test_texts_of_objects_hold_no_token(account, config_of_sandbox, traces):
    fresh = oauth.refresh(config_of_sandbox, account.refresh_token)
    consent = oauth.start_consent(config_of_sandbox, "http://127.0.0.1/callback/")
    pending = accounts.PendingConsent(1, "A", consent.state, consent.code_verifier)

    for what in (account, fresh, config_of_sandbox, consent, pending):
        text = f"{what!r} {what!s}"
        assert traces(text) == []
        assert consent.code_verifier not in text
        assert fresh.access_token not in text


@pytest.fixture
def config_of_sandbox(sandbox):
    return oauth.get_oauth_config()


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        ("invalid_grant", "oauth.token"),
        ("invalid_client", "oauth.token"),
        ("status_503", "oauth.token"),
        ("drop_before_commit", "oauth.token"),
    ],
)
def test_errors_hold_no_token(account, sandbox, kind, operation):
    sandbox.add_fault(kind, operation, count=-1)
    YouTubeAccount.objects.update(access_token_expires_at=None)
    account.refresh_from_db()
    text = ""

    with contextlib.suppress(YouTubeCMSError), clients.connect(account) as connected:
        try:
            connected.youtube.get_videos(["abcdefghijk"])
        except YouTubeCMSError as error:
            text = "".join(traceback.format_exception(error)) + repr(error.details)

    assert text
    assert not TOKENS.search(text)
