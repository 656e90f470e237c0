"""Clients of an account, whose access token never goes stale in a long run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from youtube_sync.client import (
    ContentIdClient,
    YouTubeClient,
    build_content_id_client,
    build_youtube_client,
)
from youtube_sync.exceptions import unsent
from youtube_sync.models import YouTubeAccount
from youtube_sync.services.accounts import get_access_token
from ytmanager.exceptions import YouTubeCMSError

if TYPE_CHECKING:
    from google.oauth2.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Clients:
    """The doors to YouTube that one account opens; Content ID is optional."""

    youtube: YouTubeClient
    content_id: ContentIdClient | None


@contextmanager
def connect(account: YouTubeAccount) -> Iterator[Clients]:
    """Open an account's clients; nothing is sent before the first call."""
    credentials = get_credentials(account)
    owner = account.content_owner.content_owner_id
    with ExitStack() as opened:
        youtube = opened.enter_context(
            build_youtube_client(credentials, settings.YOUTUBE_API_BASE, owner)
        )
        content_id = None
        if settings.CONTENT_ID_ENABLED and account.has_content_id:
            base = settings.CONTENT_ID_API_BASE
            content_id = opened.enter_context(
                build_content_id_client(credentials, base, owner)
            )
        yield Clients(youtube, content_id)


def get_credentials(account: YouTubeAccount) -> Credentials:
    """Credentials that ask this project, not Google, for the next access token."""
    from google.oauth2.credentials import Credentials

    def ask(request: Any, scopes: Any) -> tuple[str, datetime]:
        refused = credentials.token or ""
        try:
            token = get_access_token(account=account, refused=refused)
        except YouTubeCMSError as error:
            unsent(error)
            raise
        return token, _naive(account.access_token_expires_at)

    credentials: Credentials = Credentials(  # type: ignore[no-untyped-call]
        token=account.access_token,
        expiry=_naive(account.access_token_expires_at),
        refresh_handler=ask,
    )
    return credentials


def _naive(moment: datetime | None) -> datetime:
    """google-auth compares with naive UTC times; no moment is a past one."""
    return (
        (moment or datetime(2000, 1, 1, tzinfo=UTC))
        .astimezone(UTC)
        .replace(tzinfo=None)
    )
