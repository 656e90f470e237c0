"""Consent, refresh and revocation: the only importer of google_auth_oauthlib."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings

from youtube_sync.exceptions import RetryableAPIError, classify_oauth
from ytmanager.exceptions import ConfigurationError

if TYPE_CHECKING:
    from google.oauth2.credentials import Credentials
    from google_auth_oauthlib.flow import Flow
    from requests import Response

logger = structlog.get_logger(__name__)

SCOPES = ("https://www.googleapis.com/auth/youtubepartner",)
TIMEOUT = (10, 30)
# These write tokens and secrets at DEBUG.
for _name in ("oauthlib", "requests_oauthlib", "google.auth", "google.oauth2"):
    logging.getLogger(_name).setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class OAuthConfig:
    """The OAuth client of this installation and where Google answers."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_uri: str
    token_uri: str
    revoke_uri: str
    scopes: tuple[str, ...] = SCOPES


@dataclass(frozen=True, slots=True)
class Consent:
    """Where to send the browser, and what to keep in its session meanwhile."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Google granted; `refresh_token` is '' when none came along."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]

    def lacks(self, config: OAuthConfig) -> frozenset[str]:
        """Scopes that were asked for and not granted."""
        return frozenset(config.scopes) - self.scopes


def get_oauth_config() -> OAuthConfig:
    """Read the settings; raises ConfigurationError without an OAuth client."""
    if not settings.GOOGLE_CLIENT_ID or not settings.GOOGLE_CLIENT_SECRET:
        message = "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are not set."
        raise ConfigurationError(message)
    return OAuthConfig(
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
        auth_uri=settings.GOOGLE_AUTH_URI,
        token_uri=settings.GOOGLE_TOKEN_URI,
        revoke_uri=settings.GOOGLE_REVOKE_URI,
    )


def start_consent(
    config: OAuthConfig, redirect_uri: str, *, login_hint: str = ""
) -> Consent:
    """Prepare a consent; `prompt=consent` makes sure of a refresh token."""
    flow = _flow(config, redirect_uri)
    hint = {"login_hint": login_hint} if login_hint else {}
    url, state = flow.authorization_url(
        access_type="offline", prompt="consent", include_granted_scopes="true", **hint
    )
    flow.oauth2session.close()
    return Consent(url, state, flow.code_verifier)


def finish_consent(
    config: OAuthConfig, redirect_uri: str, code: str, code_verifier: str
) -> Tokens:
    """Exchange the code of the callback; the caller has compared the state.

    Raises ReconnectRequiredError for a code that is used up or not ours,
    ConfigurationError for a wrong client, RetryableAPIError for an outage.
    """
    flow = _flow(config, redirect_uri, code_verifier=code_verifier)
    flow.oauth2session.register_compliance_hook("access_token_response", _checked)
    try:
        return _tokens_of(_fetch(flow, code))
    finally:
        flow.oauth2session.close()


def _fetch(flow: Flow, code: str) -> dict[str, Any]:
    """A person may grant fewer scopes, which oauthlib raises as a warning."""
    from requests import RequestException

    try:
        return dict(
            flow.fetch_token(code=code, include_client_id=True, timeout=TIMEOUT)
        )
    except Warning as changed:
        return dict(changed.token)  # type: ignore[attr-defined]
    except RequestException as exc:
        raise RetryableAPIError(operation="oauth.token") from exc


def refresh(config: OAuthConfig, refresh_token: str) -> Tokens:
    """Get a new access token; Google sends no new refresh token with it.

    Raises ReconnectRequiredError once the refresh token is dead.
    """
    form = {
        "client_id": config.client_id,
        "client_secret": config.client_secret,
        "refresh_token": refresh_token,
        "grant_type": "refresh_token",
    }
    reply = _checked(_post(config.token_uri, form))
    return _tokens_of({"refresh_token": refresh_token} | reply.json())


def revoke(config: OAuthConfig, token: str) -> None:
    """Give the permission back; one that is dead already counts as done."""
    reply = _post(config.revoke_uri, {"token": token})
    if reply.status_code == 400:
        logger.info("oauth_token_was_dead_already")
        return
    _checked(reply)


def credentials_for(config: OAuthConfig, tokens: Tokens) -> Credentials:
    """Make credentials that the clients take and that refresh themselves."""
    from google.oauth2.credentials import Credentials

    return Credentials(  # type: ignore[no-untyped-call]
        token=tokens.access_token or None,
        refresh_token=tokens.refresh_token or None,
        token_uri=config.token_uri,
        client_id=config.client_id,
        client_secret=config.client_secret,
        expiry=tokens.expires_at.astimezone(UTC).replace(tzinfo=None),
    )


def _flow(config: OAuthConfig, redirect_uri: str, **options: Any) -> Flow:
    from google_auth_oauthlib.flow import Flow

    web = {
        "client_id": config.client_id,
        "client_secret": config.client_secret,
        "auth_uri": config.auth_uri,
        "token_uri": config.token_uri,
    }
    return Flow.from_client_config(
        {"web": web}, scopes=list(config.scopes), redirect_uri=redirect_uri, **options
    )


def _post(address: str, form: dict[str, str]) -> Response:
    import requests

    try:
        return requests.post(address, data=form, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as exc:
        raise RetryableAPIError(operation="oauth") from exc


def _checked(reply: Response) -> Response:
    if reply.status_code != 200:
        raise classify_oauth(reply.status_code, reply.content)
    return reply


def _tokens_of(reply: dict[str, Any]) -> Tokens:
    scope = reply.get("scope") or ""
    scopes = scope.split() if isinstance(scope, str) else scope
    lifetime = timedelta(seconds=int(reply.get("expires_in", 0)))
    return Tokens(
        access_token=reply["access_token"],
        refresh_token=reply.get("refresh_token", ""),
        expires_at=datetime.now(UTC) + lifetime,
        scopes=frozenset(scopes),
    )
