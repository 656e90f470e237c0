"""The tree of errors that this project raises on purpose.

Each app adds its leaves in its own `exceptions.py`; the API turns every one
into the same JSON body (`ytmanager.exception_handler`).
"""

from typing import Any


class YouTubeCMSError(Exception):
    """Base of every error this project raises on purpose."""

    status_code, error_type, retryable = 500, "internal_error", False
    default_message = "Something went wrong."

    def __init__(self, message: str = "", **details: Any) -> None:
        self.message = message or self.default_message
        self.details = details
        super().__init__(self.message)


class NotFoundError(YouTubeCMSError):
    """What was asked for is not in the catalogue."""

    status_code, error_type = 404, "not_found"
    default_message = "This does not exist."


class BusinessLogicError(YouTubeCMSError):
    """A rule of the office or of YouTube forbids what was asked."""

    status_code, error_type = 422, "business_logic_error"
    default_message = "This cannot be done."


class ConcurrencyError(YouTubeCMSError):
    """Somebody else changed or holds the same row."""

    status_code, error_type = 409, "concurrency_error"
    default_message = "Somebody else changed this in the meantime."


class RateLimitError(YouTubeCMSError):
    """Too many requests in too short a time."""

    status_code, error_type, retryable = 429, "rate_limit", True
    default_message = "Too many requests. Please wait a moment."


class ExternalServiceError(YouTubeCMSError):
    """A service outside this system failed or refused."""

    status_code, error_type = 502, "external_service_error"
    default_message = "An outside service did not answer as expected."


class S3ProcessingError(ExternalServiceError):
    """The report store failed or refused."""

    error_type = "s3_error"
    default_message = "The report store could not be read."


class ConfigurationError(YouTubeCMSError):
    """A setting is missing or contradicts another one."""

    error_type = "configuration_error"
    default_message = "The system is not configured for this."


class MaintenanceError(YouTubeCMSError):
    """The system is closed for maintenance."""

    status_code, error_type, retryable = 503, "maintenance", True
    default_message = "The system is being maintained. Please try again soon."
