"""When the database is away or every connection is taken: 503, and when to return.

Both end by themselves, so people and programs are asked to come back instead of
being shown an error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from ytmanager.exception_handler import current_request_id, error_body
from ytmanager.exceptions import DatabaseUnavailableError, YouTubeCMSError
from ytmanager.outages import is_database_unavailable

logger = structlog.get_logger(__name__)


class UnavailableMiddleware:
    """Answer 503 where a view lost the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not is_database_unavailable(exception):
            return None
        return database_unavailable(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of what no view caught, such as errors in a middleware."""
    error = sys.exc_info()[1]
    if error is not None and is_database_unavailable(error):
        return database_unavailable(request, error)
    return error_page(request, YouTubeCMSError())


def database_unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The reply of a request that could not get or keep a connection."""
    logger.warning("database_unavailable", reason=type(error.__cause__).__name__)
    return error_page(request, DatabaseUnavailableError())


def error_page(request: HttpRequest, error: YouTubeCMSError) -> HttpResponse:
    """A page for people or the standard body for programs; uses no database."""
    if request.path.startswith("/api/"):
        reply: HttpResponse = JsonResponse(
            error_body(error, request), status=error.status_code
        )
    else:
        reply = render(
            request,
            "ytmanager/error_page.html",
            {
                "error": error,
                "is_passing": error.status_code == 503,
                "is_read": request.method in {"GET", "HEAD"},
                "request_id": current_request_id(),
            },
            status=error.status_code,
        )
    if error.retry_after:
        reply["Retry-After"] = str(error.retry_after)
    return reply
