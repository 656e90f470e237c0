"""Every expected error of the API becomes the same JSON body."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ytmanager.exceptions import YouTubeCMSError

logger = structlog.get_logger(__name__)


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the error body, or None for a bug, which becomes a 500."""
    expected = _as_expected(exc)
    if expected is None:
        return None
    set_rollback()
    request = context["request"]
    status, error_type, message, details = expected
    logger.info("api_error", status=status, error_type=error_type)
    body: dict[str, Any] = {
        "status": status,
        "error_type": error_type,
        "message": message,
        "timestamp": datetime.now(UTC).isoformat(),
        "path": request.path,
        "method": request.method,
        "details": details,
        "request_id": _request_id(),
    }
    if settings.DEBUG:
        body["debug_info"] = {"exception": type(exc).__name__}
    return Response(body, status=status, headers=_headers(exc))


def _as_expected(exc: Exception) -> tuple[int, str, str, Any] | None:
    """Status, type, message and details of an error that may be shown."""
    if isinstance(exc, YouTubeCMSError):
        return exc.status_code, exc.error_type, exc.message, exc.details
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, DjangoValidationError):
        details = getattr(exc, "message_dict", None) or {"errors": exc.messages}
        return 400, "validation_error", "Some values are not valid.", details
    if isinstance(exc, exceptions.ValidationError):
        return 400, "validation_error", "Some values are not valid.", exc.detail
    if isinstance(exc, exceptions.APIException):
        phrase = HTTPStatus(exc.status_code).phrase.lower().replace(" ", "_")
        return exc.status_code, phrase, str(exc.detail), {}
    return None


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _request_id() -> str:
    bound = structlog.contextvars.get_contextvars()
    return str(bound.get("request_id", ""))
