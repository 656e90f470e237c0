"""Every expected error of the API becomes the same JSON body."""

import math
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from ytmanager.exceptions import DatabaseUnavailableError, YouTubeCMSError
from ytmanager.outages import is_database_unavailable

logger = structlog.get_logger(__name__)

INVALID = "Some values are not valid."


class Expected(NamedTuple):
    """What may be shown of an error."""

    status: int
    error_type: str
    message: str
    details: dict[str, Any]


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the error body, or None for a bug, which becomes a 500."""
    if is_database_unavailable(exc):
        exc = DatabaseUnavailableError()
    expected = _as_expected(exc)
    if expected is None:
        return None
    set_rollback()
    log = logger.warning if expected.status >= 500 else logger.info
    log("api_error", status=expected.status, error_type=expected.error_type)
    body = _body(expected, context["request"])
    if settings.DEBUG:
        body["debug_info"] = {"exception": type(exc).__name__}
    return Response(body, status=expected.status, headers=_headers(exc))


def error_body(error: YouTubeCMSError, request: HttpRequest) -> dict[str, Any]:
    """The same body for an error that no API view saw."""
    return _body(_as_shown(error), request)


def current_request_id() -> str:
    """The id under which the logs know this request."""
    bound = structlog.contextvars.get_contextvars()
    return str(bound.get("request_id", ""))


def _body(expected: Expected, request: Request | HttpRequest) -> dict[str, Any]:
    return {
        "status": expected.status,
        "error_type": expected.error_type,
        "message": expected.message,
        "timestamp": datetime.now(UTC).isoformat(),
        "path": request.path,
        "method": request.method,
        "details": expected.details,
        "request_id": current_request_id(),
    }


def _as_expected(exc: Exception) -> Expected | None:
    if isinstance(exc, YouTubeCMSError):
        return _as_shown(exc)
    if isinstance(exc, DjangoValidationError):
        return Expected(400, "validation_error", INVALID, _django_details(exc))
    if isinstance(exc, exceptions.ValidationError):
        return Expected(400, "validation_error", INVALID, _as_object(exc.detail))
    if isinstance(exc, SuspiciousOperation):
        status = 413 if isinstance(exc, RequestDataTooBig) else 400
        return Expected(status, "bad_request", "This request cannot be read.", {})
    exc = _as_rest_error(exc)
    if isinstance(exc, exceptions.APIException):
        return Expected(exc.status_code, exc.default_code, str(exc.detail), {})
    return None


def _as_shown(error: YouTubeCMSError) -> Expected:
    return Expected(error.status_code, error.error_type, error.message, error.details)


def _as_rest_error(exc: Exception) -> Exception:
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    return exceptions.PermissionDenied() if isinstance(exc, PermissionDenied) else exc


def _django_details(exc: DjangoValidationError) -> dict[str, Any]:
    if hasattr(exc, "error_dict"):
        return dict(exc.message_dict)
    return {api_settings.NON_FIELD_ERRORS_KEY: exc.messages}


def _as_object(detail: Any) -> dict[str, Any]:
    """Details are always an object: findings without a field get a name."""
    if isinstance(detail, dict):
        return detail
    return {api_settings.NON_FIELD_ERRORS_KEY: detail}


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None) or getattr(exc, "retry_after", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return headers
