"""Accounts: consent, tokens that stay alive, and their end."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import ContentOwner
from youtube_sync import oauth
from youtube_sync.client import build_content_id_client
from youtube_sync.exceptions import (
    ConsentError,
    MissingScopeError,
    ReconnectRequiredError,
    RetryableAPIError,
    WrongContentOwnerError,
    YouTubeAPIError,
)
from youtube_sync.models import YouTubeAccount
from youtube_sync.remote import RemoteContentOwner
from youtube_sync.services.token_keys import is_readable
from ytmanager.notifications.notify import Kind, notify

logger = structlog.get_logger(__name__)

PARTNER_SCOPE = "https://www.googleapis.com/auth/youtubepartner"
WRITE_SCOPES = frozenset(
    {
        PARTNER_SCOPE,
        "https://www.googleapis.com/auth/youtube",
        "https://www.googleapis.com/auth/youtube.force-ssl",
    }
)
EXPIRY_MARGIN = timedelta(minutes=5)
REFRESH_LEASE = timedelta(seconds=30)
POLL_SECONDS = 0.1
REFUSED = "Google does not accept the permission any more."
UNREADABLE = (
    "The stored permission cannot be decrypted. Was a key taken out of "
    "TOKEN_ENCRYPTION_KEYS before `rotate_token_keys` ran?"
)


@dataclass(frozen=True, slots=True)
class PendingConsent:
    """What must survive in the session while the person is at Google's page."""

    content_owner_pk: int
    name: str
    state: str
    code_verifier: str = field(repr=False)


def start_connection(
    *, content_owner: ContentOwner, name: str, redirect_uri: str
) -> tuple[str, PendingConsent]:
    """Return the address of the consent page and what to keep until the answer."""
    consent = oauth.start_consent(oauth.get_oauth_config(), redirect_uri)
    pending = PendingConsent(
        content_owner_pk=content_owner.pk,
        name=name.strip() or content_owner.name,
        state=consent.state,
        code_verifier=consent.code_verifier,
    )
    return consent.url, pending


def finish_connection(
    *,
    actor: User,
    pending: PendingConsent,
    answer: Mapping[str, str],
    redirect_uri: str,
) -> YouTubeAccount:
    """Turn the answer of the consent page into a connected account.

    Connecting under a name that exists reconnects that account. Raises
    ConsentError, MissingScopeError and WrongContentOwnerError; what was
    granted is given back then.
    """
    code = _check_answer(pending, answer)
    config = oauth.get_oauth_config()
    tokens = oauth.finish_consent(config, redirect_uri, code, pending.code_verifier)
    owner = ContentOwner.objects.get(pk=pending.content_owner_pk)
    try:
        _check_tokens(tokens)
        remote_owner = _find_remote_owner(owner, tokens)
    except (ConsentError, MissingScopeError, WrongContentOwnerError):
        oauth.revoke(config, tokens.refresh_token or tokens.access_token)
        raise
    return _store(actor, owner, pending.name, tokens, remote_owner)


def _check_answer(pending: PendingConsent, answer: Mapping[str, str]) -> str:
    state = answer.get("state", "")
    if not hmac.compare_digest(state.encode(), pending.state.encode()):
        raise ConsentError("This answer does not belong to your request. Start again.")
    if answer.get("error"):
        raise ConsentError("Access was not granted. Nothing was connected.")
    if not answer.get("code"):
        raise ConsentError("Google sent no code. Start again.")
    return answer["code"]


def _check_tokens(tokens: oauth.Tokens) -> None:
    if not WRITE_SCOPES & set(tokens.scopes):
        raise MissingScopeError(granted=sorted(tokens.scopes))
    if not tokens.refresh_token:
        raise ConsentError("Google sent no lasting permission. Start again.")


def _find_remote_owner(
    owner: ContentOwner, tokens: oauth.Tokens
) -> RemoteContentOwner | None:
    """The content owner that the person manages; None without Content ID."""
    if not settings.CONTENT_ID_ENABLED or PARTNER_SCOPE not in tokens.scopes:
        return None
    try:
        managed = _managed_owners(tokens)
    except RetryableAPIError:
        raise
    except YouTubeAPIError as error:
        # Content ID is optional: not everybody gets access to its API.
        logger.warning("content_id_unavailable", reason=error.reason)
        return None
    return _choose_owner(owner, managed) if managed else None


def _managed_owners(tokens: oauth.Tokens) -> list[RemoteContentOwner]:
    credentials = oauth.credentials_for(oauth.get_oauth_config(), tokens)
    with build_content_id_client(credentials, settings.CONTENT_ID_API_BASE) as client:
        return client.get_content_owners()


def _choose_owner(
    owner: ContentOwner, managed: list[RemoteContentOwner]
) -> RemoteContentOwner:
    if owner.content_owner_id:
        fitting = [m for m in managed if m.content_owner_id == owner.content_owner_id]
    else:
        fitting = [m for m in managed if letters(m.name) == letters(owner.name)]
        fitting = fitting or managed
    if len(fitting) != 1:
        names = ", ".join(sorted(m.name for m in managed))
        raise WrongContentOwnerError(
            f"This Google account manages {names}; that does not tell which one is "
            f"{owner.name}. Enter the content owner ID at the content owner."
            if fitting
            else f"This Google account manages {names}, not {owner.name}."
        )
    return fitting[0]


def letters(name: str) -> str:
    """A name without what file names drop or replace: blanks, marks, case."""
    return "".join(filter(str.isalnum, name)).casefold()


@transaction.atomic
def _store(
    actor: User,
    owner: ContentOwner,
    name: str,
    tokens: oauth.Tokens,
    remote_owner: RemoteContentOwner | None,
) -> YouTubeAccount:
    if remote_owner and not owner.content_owner_id:
        owner.content_owner_id = remote_owner.content_owner_id
        owner.save(update_fields=["content_owner_id", "updated_at"])
    account, is_new = YouTubeAccount.objects.update_or_create(
        content_owner=owner,
        name=name,
        defaults={
            "state": YouTubeAccount.State.CONNECTED,
            "problem": "",
            "refresh_token": tokens.refresh_token,
            "access_token": tokens.access_token,
            "access_token_expires_at": tokens.expires_at,
            "refreshing_until": None,
            "granted_scopes": sorted(tokens.scopes),
            "has_content_id": remote_owner is not None,
            "connected_by": actor,
            "connected_at": timezone.now(),
        },
    )
    logger.info("account_connected", account_pk=account.pk, is_new=is_new)
    return account


def disconnect(*, account: YouTubeAccount, actor: User) -> None:
    """Give the permission back to Google and forget the tokens."""
    if account.refresh_token:
        oauth.revoke(oauth.get_oauth_config(), account.refresh_token)
    account.state, account.problem = YouTubeAccount.State.DISCONNECTED, ""
    account.refresh_token = account.access_token = None
    account.save(
        update_fields=[
            "state",
            "problem",
            "refresh_token",
            "access_token",
            "updated_at",
        ]
    )
    logger.info("account_disconnected", account_pk=account.pk, actor_pk=actor.pk)


def get_access_token(*, account: YouTubeAccount, refused: str = "") -> str:
    """Return a living access token other than the `refused` one.

    However many processes ask, one of them refreshes and the others wait.
    Raises ReconnectRequiredError when the permission is gone.
    """
    give_up_at = time.monotonic() + REFRESH_LEASE.total_seconds()
    while time.monotonic() < give_up_at:
        token = _stored_token(account, refused)
        if token:
            return token
        if YouTubeAccount.objects.acquire_refresh(account.pk, REFRESH_LEASE):
            return _stored_token(account, refused, release=True) or _refresh(account)
        time.sleep(POLL_SECONDS)
    raise RetryableAPIError("The access token is being refreshed for too long.")


def _stored_token(
    account: YouTubeAccount, refused: str, *, release: bool = False
) -> str:
    account.refresh_from_db()
    if not account.is_connected:
        raise ReconnectRequiredError
    token = account.access_token or ""
    if not account.has_fresh_token(EXPIRY_MARGIN) or token == refused:
        return ""
    if release:
        _release_refresh(account)
    return token


def _release_refresh(account: YouTubeAccount) -> None:
    account.refreshing_until = None
    account.save(update_fields=["refreshing_until"])


def _refresh(account: YouTubeAccount) -> str:
    used = account.refresh_token or ""
    try:
        if not is_readable(used):
            logger.error("tokens_not_decrypted", account_pk=account.pk)
            raise ReconnectRequiredError(UNREADABLE)
        return _keep(account, used, oauth.refresh(oauth.get_oauth_config(), used))
    except ReconnectRequiredError as error:
        problem = UNREADABLE if error.message == UNREADABLE else REFUSED
        mark_needs_reconnect(account=account, refresh_token=used, problem=problem)
        raise
    finally:
        _release_refresh(account)


def _keep(account: YouTubeAccount, used: str, tokens: oauth.Tokens) -> str:
    """Store new tokens, unless the account was left or connected again meanwhile."""
    with transaction.atomic():
        stored = YouTubeAccount.objects.select_for_update().get(pk=account.pk)
        if stored.refresh_token == used:
            stored.access_token = tokens.access_token
            stored.access_token_expires_at = tokens.expires_at
            stored.refresh_token = tokens.refresh_token or used
            stored.save(
                update_fields=[
                    "access_token",
                    "access_token_expires_at",
                    "refresh_token",
                ]
            )
    account.refresh_from_db()
    if not account.is_connected:
        raise ReconnectRequiredError
    return account.access_token or ""


@transaction.atomic
def mark_needs_reconnect(
    *,
    account: YouTubeAccount,
    refresh_token: str | None = None,
    problem: str = REFUSED,
) -> None:
    """Stop the account's queue and tell people; its plans stay where they are.

    A permission given again in the meantime is left alone.
    """
    stored = YouTubeAccount.objects.select_for_update().get(pk=account.pk)
    is_other = refresh_token is not None and stored.refresh_token != refresh_token
    if not stored.is_connected or is_other:
        return
    stored.state = YouTubeAccount.State.NEEDS_RECONNECT
    stored.problem = problem
    stored.access_token = None
    stored.save(update_fields=["state", "problem", "access_token", "updated_at"])
    account.state, account.problem = stored.state, stored.problem
    _tell_people(stored)
    logger.warning("account_needs_reconnect", account_pk=account.pk)


def _tell_people(account: YouTubeAccount) -> None:
    notify(
        kind=Kind.RECONNECT,
        level="error",
        title=f"{account.name} must be connected again",
        message="Pushes through this account wait until then.",
        url=reverse("admin:youtube_sync_youtubeaccount_changelist"),
    )
