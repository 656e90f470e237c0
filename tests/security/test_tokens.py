"""Tokens are planted; nothing that people or other programs see may hold them."""

import contextlib
import json
import traceback

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse

from catalog.models import Video
from tests.factories.catalog import UserFactory
from tests.youtube_sync.conftest import TOKENS, no_token_leaks  # noqa: F401
from tests.youtube_sync.services.conftest import *  # noqa: F403 - the same fixtures
from youtube_sync import oauth
from youtube_sync.models import RefreshRun, YouTubeAccount
from youtube_sync.services import accounts, clients, plans, push, refresh
from ytmanager.exceptions import YouTubeCMSError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_token_leaks")]


@pytest.fixture
def superuser(db):
    browser = Client()
    browser.force_login(UserFactory(is_staff=True, is_superuser=True))
    return browser


def tokens_of(account):
    return account.refresh_token, account.access_token


def pages_of(account, plan, run, video):
    names = ("youtubeaccount", "pushplan", "planitem", "metadatasync", "quotaentry")
    lists = [reverse(f"admin:youtube_sync_{name}_changelist") for name in names]
    details = {"youtubeaccount": account, "pushplan": plan, "refreshrun": run}
    changes = [
        reverse(f"admin:youtube_sync_{name}_change", args=[row.pk])
        for name, row in details.items()
    ]
    return [
        *lists,
        *changes,
        reverse("admin:youtube_sync_sync_video", args=[video.pk]),
        reverse("admin:catalog_video_change", args=[video.pk]),
        reverse("admin:index"),
        f"/api/videos/{video.video_id}/",
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


def test_pages_and_replies_hold_no_token(worked, superuser):
    for address in pages_of(*worked):
        reply = superuser.get(address)

        assert reply.status_code == 200, address
        assert not TOKENS.search(reply.content.decode()), address


def test_stored_rows_hold_tokens_only_where_they_are_encrypted(worked):
    hidden = {"refresh_token", "access_token"}
    for model in apps.get_models():
        if model._meta.app_label in {"catalog", "reports", "youtube_sync", "ytmanager"}:
            rows = serializers.serialize("python", model._base_manager.all())
            for row in rows:
                shown = {k: v for k, v in row["fields"].items() if k not in hidden}
                assert not TOKENS.search(json.dumps(shown, default=str)), model


def test_texts_of_objects_hold_no_token(account, config_of_sandbox):
    fresh = oauth.refresh(config_of_sandbox, account.refresh_token)
    consent = oauth.start_consent(config_of_sandbox, "http://127.0.0.1/callback/")
    pending = accounts.PendingConsent(1, "A", consent.state, consent.code_verifier)

    for what in (account, fresh, config_of_sandbox, consent, pending):
        assert not TOKENS.search(f"{what!r} {what!s}")
        for token in (*tokens_of(account), consent.code_verifier, fresh.access_token):
            assert token not in f"{what!r} {what!s}"


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
