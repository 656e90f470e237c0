"""The wire beneath googleapiclient: authorized, with time-outs, no hidden resend.

httplib2 sends a request again when the server hangs up on it, so that one update
could be written and paid for twice without anybody knowing. This transport gives
googleapiclient the face of httplib2 over requests, which does not. It is heavy
to import: `client` loads it only where a client is built or used.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httplib2
import requests
from google.auth import exceptions as google_errors
from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession
from googleapiclient.errors import Error as GoogleClientError
from googleapiclient.errors import HttpError

from youtube_sync.exceptions import (
    ReconnectRequiredError,
    RetryableAPIError,
    UncertainOutcomeError,
    YouTubeAPIError,
    classify,
    classify_oauth,
    unsent,
)
from ytmanager.exceptions import YouTubeCMSError

CONNECT_SECONDS, READ_SECONDS = 10, 60


class AuthorizedHttp:
    """httplib2's `request()` with one requests session for each thread."""

    def __init__(
        self,
        credentials: Credentials,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self._credentials, self._timeout = credentials, timeout
        self._local, self._guard = threading.local(), threading.Lock()
        self._sessions: list[AuthorizedSession] = []

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: Any = None,
    ) -> tuple[httplib2.Response, bytes]:
        """Send once; a 401 refreshes the token and is sent a second time."""
        reply = self._session().request(  # type: ignore[no-untyped-call]
            method,
            uri,
            data=body,
            headers=dict(headers or {}),
            timeout=self._timeout,
            allow_redirects=False,
        )
        response = httplib2.Response(dict(reply.headers) | _status_of(reply))
        response.reason = reply.reason
        return response, reply.content

    def _session(self) -> AuthorizedSession:
        session: AuthorizedSession | None = getattr(self._local, "session", None)
        if session is None:
            session = AuthorizedSession(  # type: ignore[no-untyped-call]
                self._credentials, max_refresh_attempts=1
            )
            self._local.session = session
            with self._guard:
                self._sessions.append(session)
        return session

    def close(self) -> None:
        with self._guard:
            for session in self._sessions:
                session.close()  # type: ignore[no-untyped-call]
            self._sessions.clear()
        self._local = threading.local()


def _status_of(reply: requests.Response) -> dict[str, str]:
    return {"status": str(reply.status_code)}


@contextmanager
def translated_errors(operation: str) -> Iterator[None]:
    """Turn every error of the libraries into one of ours, once."""
    try:
        yield
    except HttpError as exc:
        raise classify(exc.status_code, exc.content, operation=operation) from exc
    except google_errors.RefreshError as exc:
        raise unsent(_refresh_failure(exc)) from exc
    except google_errors.TransportError as exc:  # on the way to the token endpoint
        raise unsent(RetryableAPIError(operation=operation)) from exc
    except requests.RequestException as exc:
        raise _connection_failure(exc, operation) from exc
    except GoogleClientError as exc:
        raise YouTubeAPIError(operation=operation) from exc


def _refresh_failure(error: google_errors.RefreshError) -> YouTubeCMSError:
    reply = error.args[1] if len(error.args) > 1 else {}
    code = reply.get("error", "") if isinstance(reply, dict) else ""
    if error.retryable or not isinstance(reply, dict):
        return RetryableAPIError(reason=code)
    if code in {"", "invalid_grant"}:
        return ReconnectRequiredError(reason=code)
    return classify_oauth(400, f'{{"error": "{code}"}}'.encode())


def _connection_failure(
    error: requests.RequestException, operation: str
) -> RetryableAPIError:
    """A write that may have arrived is uncertain; any other is simply repeated."""
    is_write = operation.endswith(".update")
    never_connected = isinstance(error, requests.ConnectTimeout) or (
        "NewConnectionError" in repr(error)
    )
    if never_connected:
        return unsent(RetryableAPIError(operation=operation))
    if is_write:
        return UncertainOutcomeError(operation=operation)
    return RetryableAPIError(operation=operation)
