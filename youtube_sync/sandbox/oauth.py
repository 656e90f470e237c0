"""OAuth 2.0 web-server flow: consent, one-use codes, tokens, refresh, revoke."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from youtube_sync.sandbox.clock import Clock, as_moment, as_text
from youtube_sync.sandbox.consent_page import consent_page, error_page
from youtube_sync.sandbox.messages import Reply, Request, html_reply, json_reply
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Doc, Store

ACCOUNT = "sandbox.manager@example.com"
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-secret"
TOKEN_SECONDS = 3599
CODE_SECONDS = 600
AUTHORIZE_FIELDS = (
    "client_id", "redirect_uri", "response_type", "scope", "access_type", "prompt",
    "state", "code_challenge", "code_challenge_method",
)  # fmt: skip


class TokenError(Exception):
    """A refusal of the token endpoint."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code, self.description, self.status = code, description, status

    def as_reply(self) -> Reply:
        body = {"error": self.code, "error_description": self.description}
        return json_reply(body, self.status)


@dataclass(frozen=True, slots=True)
class Client:
    """The one registered OAuth client; an empty secret means: any will do."""

    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uris: tuple[str, ...] = ()

    def may_redirect_to(self, address: str) -> bool:
        """Exactly a registered address; without any, everything on loopback."""
        if self.redirect_uris:
            return address in self.redirect_uris
        return urlsplit(address).hostname in {"127.0.0.1", "localhost", "testserver"}

    def accepts(self, secret: str) -> bool:
        if not self.client_secret:
            return bool(secret)
        return hmac.compare_digest(secret.encode(), self.client_secret.encode())


class OAuth:
    def __init__(
        self, store: Store, clock: Clock, client: Client, settings: Settings
    ) -> None:
        self._store, self._clock, self.client = store, clock, client
        self._settings = settings

    # The authorization endpoint

    def show_consent(self, request: Request) -> Reply:
        parameters = {name: request.parameter(name) for name in AUTHORIZE_FIELDS}
        problem = self._problem_with(parameters)
        if problem:
            return html_reply(error_page(*problem), 400)
        scopes = parameters["scope"].split()
        return html_reply(consent_page(parameters, scopes, ACCOUNT))

    def decide(self, request: Request) -> Reply:
        """Take the answer of the consent page and send the browser back."""
        form = request.form()
        parameters = {name: form.get(name, "") for name in AUTHORIZE_FIELDS}
        problem = self._problem_with(parameters)
        if problem:
            return html_reply(error_page(*problem), 400)
        granted = _granted_scopes(request, parameters["scope"])
        if form.get("decision") != "allow" or not granted:
            return _back_to(parameters, {"error": "access_denied"})
        code = self._new_code(parameters, granted)
        return _back_to(parameters, {"code": code, "scope": " ".join(granted)})

    def _problem_with(self, parameters: dict[str, str]) -> tuple[str, str] | None:
        if parameters["client_id"] != self.client.client_id:
            return "invalid_client", "The OAuth client was not found."
        if not self.client.may_redirect_to(parameters["redirect_uri"]):
            return "redirect_uri_mismatch", "The redirect address is not registered."
        if parameters["response_type"] != "code" or not parameters["scope"].split():
            return "invalid_request", "response_type must be code, with a scope."
        if parameters["code_challenge_method"] not in {"", "S256", "plain"}:
            return "invalid_request", "Unknown code_challenge_method."
        return None

    def _new_code(self, parameters: dict[str, str], granted: Sequence[str]) -> str:
        code = "4/" + secrets.token_urlsafe(24)
        expires = self._clock.now() + timedelta(seconds=CODE_SECONDS)
        doc = parameters | {"granted": list(granted), "expires": as_text(expires)}
        self._store.put("code", code, doc)
        return code

    # The token endpoint

    def give_token(self, request: Request) -> Reply:
        form = request.form()
        try:
            self._check_client(*_client_of(request, form))
            if form.get("grant_type") == "authorization_code":
                return json_reply(self._exchange(form))
            if form.get("grant_type") == "refresh_token":
                return json_reply(self._refresh(form))
            raise TokenError("unsupported_grant_type", "Invalid grant_type")
        except TokenError as error:
            return error.as_reply()

    def _check_client(self, client_id: str, secret: str) -> None:
        if client_id != self.client.client_id:
            raise TokenError("invalid_client", "The OAuth client was not found.", 401)
        if not self.client.accepts(secret):
            raise TokenError("invalid_client", "Unauthorized", 401)

    def _exchange(self, form: dict[str, str]) -> Doc:
        code = form.get("code", "")
        doc = self._store.get("code", code)
        self._store.delete("code", code)
        if doc is None or as_moment(doc["expires"]) < self._clock.now():
            raise TokenError("invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != doc["redirect_uri"]:
            raise TokenError("redirect_uri_mismatch", "Bad Request")
        _check_verifier(doc, form.get("code_verifier", ""))
        first = self._store.get("consent", doc["client_id"]) is None
        self._store.put("consent", doc["client_id"], {})
        wants = doc["access_type"] == "offline"
        again = first or "consent" in doc["prompt"].split()
        return self.issue(doc["granted"], with_refresh=wants and again)

    def _refresh(self, form: dict[str, str]) -> Doc:
        token = form.get("refresh_token", "")
        known = self._store.get("refresh_token", token)
        grant = self._store.get("grant", known["grant"]) if known else None
        if known is None or grant is None or self._is_too_old(known):
            raise TokenError("invalid_grant", "Token has been expired or revoked.")
        return self._access_token(known["grant"], grant)

    def _is_too_old(self, refresh_token: Doc) -> bool:
        days = self._settings["refresh_token_days"]
        issued = as_moment(refresh_token["issued"])
        return bool(days) and self._clock.now() >= issued + timedelta(days=days)

    def issue(self, scopes: Sequence[str], *, with_refresh: bool = True) -> Doc:
        """Make a grant and its tokens, as after a consent."""
        grant_key, grant = secrets.token_hex(8), {"scopes": list(scopes)}
        self._store.put("grant", grant_key, grant)
        reply = self._access_token(grant_key, grant)
        if with_refresh:
            token = "1//" + secrets.token_urlsafe(24)
            issued = as_text(self._clock.now())
            doc = {"grant": grant_key, "issued": issued}
            self._store.put("refresh_token", token, doc)
            reply["refresh_token"] = token
        return reply

    def _access_token(self, grant_key: str, grant: Doc) -> Doc:
        token = "ya29." + secrets.token_urlsafe(24)
        expires = self._clock.now() + timedelta(seconds=TOKEN_SECONDS)
        doc = {"grant": grant_key, "expires": as_text(expires)}
        self._store.put("access_token", token, doc)
        reply: dict[str, Any] = {"access_token": token, "expires_in": TOKEN_SECONDS}
        return reply | {"scope": " ".join(grant["scopes"]), "token_type": "Bearer"}

    # Revocation and checks

    def revoke(self, request: Request) -> Reply:
        token = request.form().get("token") or request.parameter("token")
        for kind in ("refresh_token", "access_token"):
            doc = self._store.get(kind, token)
            if doc and self._store.delete("grant", doc["grant"]):
                return json_reply({})
        text = "Token expired or revoked"
        return TokenError("invalid_token", text).as_reply()

    def revoke_everything(self) -> None:
        """Act as if the person had removed the access in their account."""
        self._store.clear(("grant", "access_token", "refresh_token", "consent"))

    def expire(self, kind: str) -> None:
        """Let every access token or every refresh token end."""
        self._store.clear((kind,))

    def scopes_of(self, access_token: str) -> frozenset[str] | None:
        """Scopes of a living access token, None for any other text."""
        doc = self._store.get("access_token", access_token)
        if doc is None or as_moment(doc["expires"]) <= self._clock.now():
            return None
        grant = self._store.get("grant", doc["grant"])
        return frozenset(grant["scopes"]) if grant else None


def _client_of(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Client id and secret from the form or from HTTP basic authentication."""
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        with contextlib.suppress(ValueError):
            name, _, secret = base64.b64decode(coded).decode().partition(":")
            return name, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _granted_scopes(request: Request, asked: str) -> list[str]:
    fields = parse_qs(request.body.decode("utf-8", "replace"))
    granted = set(fields.get("granted", []))
    return [scope for scope in asked.split() if scope in granted]


def _back_to(parameters: dict[str, str], answer: dict[str, str]) -> Reply:
    answer = answer | ({"state": parameters["state"]} if parameters["state"] else {})
    joint = "&" if "?" in parameters["redirect_uri"] else "?"
    location = parameters["redirect_uri"] + joint + urlencode(answer)
    return Reply(302, headers={"Location": location, "Cache-Control": "no-store"})


def _check_verifier(doc: Doc, verifier: str) -> None:
    challenge = doc["code_challenge"]
    if not challenge:
        return
    if not verifier:
        raise TokenError("invalid_grant", "Missing code verifier.")
    if doc["code_challenge_method"] == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if not hmac.compare_digest(verifier.encode(), challenge.encode()):
        raise TokenError("invalid_grant", "Invalid code verifier.")
