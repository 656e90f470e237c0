"""The tree of errors that this project raises on purpose.

Each app adds its leaves in its own `exceptions.py`; the API turns every one
into the same JSON body (`ytmanager.exception_handler`).
"""

from typing import Any


class YouTubeCMSError(Exception):
    """Base of every error this project raises on purpose."""

    status_code, error_type, retryable = 500, "internal_error", False
    default_message = "Something went wrong."
    retry_after: int | None = None  # seconds, for the header of that name

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


class PreconditionFailedError(YouTubeCMSError):
    """The row is no longer what the request says it has seen (`If-Match`)."""

    status_code, error_type = 412, "precondition_failed"
    default_message = (
        "This was changed since you read it. Nothing was saved; read it again."
    )


class ContradictionError(BusinessLogicError):
    """Two things that were asked for exclude each other."""

    error_type = "contradiction"
    default_message = "Two of these parameters exclude each other."


class IdempotencyKeyError(BusinessLogicError):
    """The same `Idempotency-Key` came with another request."""

    error_type = "idempotency_key_reused"
    default_message = (
        "This Idempotency-Key was used for another request. Use a new key for each."
    )


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


class BucketMissingError(S3ProcessingError):
    """The bucket or the folder of the report store does not exist."""

    error_type = "s3_bucket_missing"
    default_message = "The bucket of the report store does not exist."


class AccessDeniedError(S3ProcessingError):
    """The store knows who asks and does not allow it."""

    error_type = "s3_access_denied"
    default_message = "The report store does not allow this."


class WrongRegionError(S3ProcessingError):
    """The bucket is in another region than the one that is asked."""

    error_type = "s3_wrong_region"
    default_message = "The bucket of the report store is in another region."


class CredentialsError(S3ProcessingError):
    """The credentials are missing, wrong or expired."""

    error_type = "s3_credentials"
    default_message = "The credentials of the report store are not valid."


class ClockSkewError(S3ProcessingError):
    """This machine's clock and the store's are too far apart."""

    error_type = "s3_clock_skew"
    default_message = "The clock of this machine is wrong."


class ObjectGoneError(S3ProcessingError):
    """The file was deleted from the store."""

    error_type = "s3_object_gone"
    default_message = "This file is no longer in the report store."


class ObjectReplacedError(S3ProcessingError):
    """The file was replaced, and another report is about the new content."""

    error_type = "s3_object_replaced"
    default_message = "This file was replaced in the report store."


class ObjectChangedError(S3ProcessingError):
    """The file was replaced while it was being read; read it once more."""

    error_type, retryable = "s3_object_changed", True
    default_message = "This file was replaced in the report store while it was read."


class ObjectArchivedError(S3ProcessingError):
    """The file lies in an archive from which it cannot be read at once."""

    error_type = "s3_object_archived"
    default_message = (
        "This file was moved to an archive (Glacier). Please restore it in S3, then "
        "try again."
    )


class StoreBusyError(S3ProcessingError):
    """The store is asked too often."""

    error_type, retryable = "s3_busy", True
    default_message = (
        "The report store is asked too often right now. Please try again later."
    )


class StoreUnreachableError(S3ProcessingError):
    """The store does not answer, breaks off or has an error of its own."""

    error_type, retryable = "s3_unreachable", True
    default_message = "The report store does not answer. Please try again later."


class BackupError(YouTubeCMSError):
    """A backup could not be made, found, read or restored."""

    error_type = "backup_error"
    default_message = "The backup failed."


class ConfigurationError(YouTubeCMSError):
    """A setting is missing or contradicts another one."""

    error_type = "configuration_error"
    default_message = "The system is not configured for this."


class DatabaseUnavailableError(YouTubeCMSError):
    """The database is away, or all its connections are taken."""

    status_code, error_type, retryable = 503, "database_unavailable", True
    default_message = "The system is busy or restarting. Please try again in a moment."
    retry_after = 5


class MaintenanceError(YouTubeCMSError):
    """The system is closed for maintenance."""

    status_code, error_type, retryable = 503, "maintenance", True
    retry_after = 120
    default_message = "The system is being maintained. Please try again soon."
