"""Errors go to Sentry where SENTRY_DSN is set, without what is nobody's business.

Imported by the settings: nothing here may need a configured Django at import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytmanager.observability import blank_secrets
from ytmanager.outages import is_database_unavailable

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

HEADERS = {"user-agent", "content-type", "accept", "host"}


def send_errors(*, dsn: str, environment: str, **options: Any) -> None:
    """Start Sentry's client; an empty DSN leaves it off."""
    if not dsn:
        return
    import sentry_sdk  # costs time and memory that only its users should pay

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=clean,
        **options,
    )


def clean(event: Event, hint: Hint) -> Event | None:
    """Drop outages, which the metrics count, and blank every secret in a text."""
    _, error, _ = hint.get("exc_info") or (None, None, None)
    if isinstance(error, BaseException) and is_database_unavailable(error):
        return None
    request: Any = event.get("request") or {}
    request.pop("cookies", None)
    request.pop("data", None)
    request["headers"] = {
        name: value
        for name, value in (request.get("headers") or {}).items()
        if name.lower() in HEADERS
    }
    if query := request.get("query_string"):
        request["query_string"] = blank_secrets(f"?{query}")[1:]
    cleaned: Event = _blanked(event)
    return cleaned


def _blanked(value: Any) -> Any:
    if isinstance(value, str):
        return blank_secrets(value)
    if isinstance(value, dict):
        return {key: _blanked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_blanked(inner) for inner in value]
    return value
