"""The door to other systems' endpoints: one POST, no redirect, no inside address.

The name is resolved once and the connection goes to the address that was judged,
so that a name cannot lead elsewhere a moment later.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from requests import RequestException, Response
from requests.exceptions import ConnectionError as NotReachableError
from requests.exceptions import SSLError, Timeout
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress, filter_host

from webhooks.exceptions import TargetRefusedError

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
REPLY_BYTES = 2048
REPLY_SECONDS = 10.0
AGENT = "YT-Manager-Webhooks/1"
PORTS = {"https": 443, "http": 80}
NO_ADDRESS = "This is no address; it begins with https:// and a name."
INSIDE = "This address belongs to a private or loopback network and is not called."


@dataclass(frozen=True, slots=True)
class Answer:
    """How one attempt went; `status` is None when nobody answered."""

    status: int | None
    seconds: float
    error: str = ""
    excerpt: str = ""
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class WebhookClient:
    """Calls endpoints; whatever they do becomes an answer, never an error."""

    def __init__(self, *, allows_private: bool) -> None:
        self._allows_private = allows_private
        self._session = HTTPSession(
            Config(
                ip_filter_enable=not allows_private,
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=(CONNECT_SECONDS, READ_SECONDS),
                user_agent_override=AGENT,
            )
        )
        # A proxy or a .netrc of this machine is none of the endpoint's business.
        self._session.trust_env = False

    def close(self) -> None:
        self._session.close()

    def check_target(self, url: str) -> None:
        """Refuse what would not be called; raises `TargetRefusedError`."""
        _refuse_malformed(url)
        parts = urlsplit(url)
        if parts.scheme != "https" and not self._allows_private:
            raise TargetRefusedError("The address must begin with https://.")
        if parts.username is not None or parts.password is not None:
            raise TargetRefusedError("The address may not hold a name or password.")
        if not self._allows_private:
            _refuse_inside(parts.hostname or "", parts.port or PORTS[parts.scheme])

    def send(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST once; a redirect is a failure that names where it leads."""
        started = time.monotonic()
        sent = {"content-type": "application/json", **headers}
        try:
            self.check_scheme(url)
            with self._session.post(url, data=body, headers=sent, stream=True) as reply:
                excerpt = _read_excerpt(reply)
                return _answer(reply, excerpt, time.monotonic() - started)
        except (TargetRefusedError, RequestException, OSError, ValueError) as exc:
            return Answer(None, time.monotonic() - started, error=_words_for(exc))

    def check_scheme(self, url: str) -> None:
        """The setting may have become stricter since the address was entered."""
        if not self._allows_private and urlsplit(url).scheme != "https":
            raise TargetRefusedError("The address must begin with https://.")


def _refuse_malformed(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in PORTS and parts.hostname and parts.port != 0
    except ValueError as exc:
        raise TargetRefusedError(NO_ADDRESS) from exc
    if not is_address or any(c.isspace() or not c.isprintable() for c in url):
        raise TargetRefusedError(NO_ADDRESS)


def _refuse_inside(host: str, port: int) -> None:
    try:
        filter_host(host, port, allow_loopback=False)
    except InvalidIPAddress as exc:
        raise TargetRefusedError(INSIDE) from exc
    except (RequestException, ValueError, OSError) as exc:
        raise TargetRefusedError(f"The name {host!r} cannot be resolved.") from exc


def _read_excerpt(reply: Response) -> str:
    """The beginning of the reply, for the log; a slow one is cut off."""
    ends, read = time.monotonic() + REPLY_SECONDS, bytearray()
    while len(read) < REPLY_BYTES and time.monotonic() < ends:
        chunk = reply.raw.read1(REPLY_BYTES - len(read))
        if not chunk:
            break
        read += chunk
    return read.decode("utf-8", "replace").replace("\x00", "")


def _answer(reply: Response, excerpt: str, seconds: float) -> Answer:
    error = ""
    if reply.is_redirect or reply.is_permanent_redirect:
        where = reply.headers["location"][:500]
        error = f"Redirected to {where}: redirects are not followed."
    elif not reply.ok:
        error = f"Answered with status {reply.status_code}."
    return Answer(reply.status_code, seconds, error, excerpt, _retry_after(reply))


def _retry_after(reply: Response) -> timedelta | None:
    """Seconds only: a date would need the endpoint's clock."""
    text = reply.headers.get("retry-after", "")
    return timedelta(seconds=int(text)) if text.isdecimal() and len(text) < 7 else None


def _words_for(exc: Exception) -> str:
    if isinstance(exc, TargetRefusedError):
        return exc.message
    words = {
        InvalidIPAddress: INSIDE,
        Timeout: "No answer in time.",
        SSLError: "The certificate is not valid.",
        NotReachableError: "The endpoint cannot be reached.",
    }
    found = (text for kind, text in words.items() if isinstance(exc, kind))
    return next(found, f"The call failed ({type(exc).__name__}).")


def get_webhook_client() -> WebhookClient:
    """The client as the settings want it."""
    return WebhookClient(allows_private=settings.WEBHOOK_PRIVATE_TARGETS)
