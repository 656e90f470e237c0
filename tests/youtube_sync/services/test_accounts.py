"""Tokens that stay alive, one refresh whoever asks, and what ends an account."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.factories.youtube_sync import YouTubeAccountFactory
from youtube_sync import oauth
from youtube_sync.exceptions import ReconnectRequiredError, RetryableAPIError
from youtube_sync.models import YouTubeAccount
from youtube_sync.services import accounts
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db


def expire(account):
    account.access_token_expires_at = timezone.now()
    account.save(update_fields=["access_token_expires_at"])


def refreshes(sandbox):
    return [r for r in sandbox.requests if r["operation"] == "oauth.token"]


def test_living_token_is_used_as_it_is(sandbox, account):
    token = accounts.get_access_token(account=account)

    assert token == account.access_token
    assert not refreshes(sandbox)


def test_token_near_its_end_is_refreshed_and_kept(sandbox, account):
    old, refresh_token = account.access_token, account.refresh_token
    expire(account)

    token = accounts.get_access_token(account=account)

    stored = YouTubeAccount.objects.get()
    assert token == stored.access_token != old
    assert stored.refresh_token == refresh_token
    assert stored.has_fresh_token(timedelta(minutes=50))
    assert stored.refreshing_until is None


def test_refused_token_is_refreshed_though_it_looks_alive(sandbox, account):
    refused = account.access_token

    assert accounts.get_access_token(account=account, refused=refused) != refused


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_refresh_once(sandbox, account):
    expire(account)

    def ask(_):
        try:
            own = YouTubeAccount.objects.get(pk=account.pk)
            return accounts.get_access_token(account=own)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        tokens = set(pool.map(ask, range(5)))

    assert len(tokens) == 1
    assert len(refreshes(sandbox)) == 1


def test_refresh_of_a_dead_worker_is_taken_over(sandbox, account):
    expire(account)
    account.refreshing_until = timezone.now() - timedelta(seconds=1)
    account.save(update_fields=["refreshing_until"])

    assert accounts.get_access_token(account=account)


def test_invalid_grant_asks_for_a_new_connection(sandbox, account):
    expire(account)
    sandbox.add_fault("invalid_grant", "oauth.token")

    with pytest.raises(ReconnectRequiredError):
        accounts.get_access_token(account=account)

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.NEEDS_RECONNECT
    assert account.access_token is None
    event = LiveEvent.objects.get(type="notification")
    assert account.name in event.payload["title"]


def test_account_that_needs_reconnecting_is_not_called(sandbox, account):
    accounts.mark_needs_reconnect(account=account)

    with pytest.raises(ReconnectRequiredError):
        accounts.get_access_token(account=account)

    assert not sandbox.requests


def test_permission_given_again_meanwhile_is_left_alone(account):
    accounts.mark_needs_reconnect(account=account, refresh_token="an older one")

    account.refresh_from_db()
    assert account.is_connected


@pytest.fixture
def refresh_during(monkeypatch):
    """Let something happen while Google makes a new access token."""

    def install(event):
        def answer_late(*args):
            tokens = answer(*args)
            event()
            return tokens

        answer = oauth.refresh
        monkeypatch.setattr(oauth, "refresh", answer_late)

    return install


def test_refresh_leaves_a_permission_given_again_meanwhile(account, refresh_during):
    expire(account)
    later = timezone.now() + timedelta(hours=1)

    def connect_again():
        again = YouTubeAccount.objects.get(pk=account.pk)
        again.refresh_token, again.access_token = "new-refresh", "new-access"
        again.access_token_expires_at = later
        again.save()

    refresh_during(connect_again)

    token = accounts.get_access_token(account=account)

    stored = YouTubeAccount.objects.get()
    assert token == stored.access_token == "new-access"
    assert stored.refresh_token == "new-refresh"


def test_refresh_gives_no_tokens_to_an_account_left_meanwhile(
    account, publisher, refresh_during
):
    expire(account)
    other = YouTubeAccount.objects.get(pk=account.pk)
    refresh_during(lambda: accounts.disconnect(account=other, actor=publisher))

    with pytest.raises(ReconnectRequiredError):
        accounts.get_access_token(account=account)

    stored = YouTubeAccount.objects.get()
    assert stored.state == YouTubeAccount.State.DISCONNECTED
    assert (stored.refresh_token, stored.access_token) == (None, None)


def test_outage_of_the_token_endpoint_keeps_the_account(sandbox, account):
    expire(account)
    sandbox.add_fault("status_503", "oauth.token")

    with pytest.raises(RetryableAPIError):
        accounts.get_access_token(account=account)

    account.refresh_from_db()
    assert account.is_connected
    assert account.refreshing_until is None


def test_disconnecting_a_dead_permission_succeeds(sandbox, account, publisher):
    sandbox.sandbox.oauth.revoke_everything()

    accounts.disconnect(account=account, actor=publisher)

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.DISCONNECTED


def test_tokens_are_encrypted_at_rest():
    account = YouTubeAccountFactory()

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM youtube_sync_youtubeaccount a")
        (stored,) = cursor.fetchone()

    assert "planted" not in stored
    assert YouTubeAccount.objects.get().refresh_token == account.refresh_token


def test_tokens_show_in_no_text_of_an_account():
    account = YouTubeAccountFactory()

    shown = f"{account} {account!r} {account.__class__.objects.all()!r}"

    assert "planted" not in shown


def test_tokens_show_in_no_log(sandbox, account, caplog):
    caplog.set_level(logging.DEBUG)
    used = [account.access_token, account.refresh_token]
    expire(account)

    used.append(accounts.get_access_token(account=account))

    assert not any(token in caplog.text for token in used)


def test_pending_consent_shows_no_verifier():
    pending = accounts.PendingConsent(1, "Main", "state", "secret-verifier")

    assert "secret-verifier" not in repr(pending)
