"""What can go wrong with a report file, in words for the person who sent it."""

from typing import Any

from ytmanager.exceptions import (
    BusinessLogicError,
    ConcurrencyError,
    NotFoundError,
    YouTubeCMSError,
)


class ReportNotFoundError(NotFoundError):
    """No report with this key that the person may see."""

    error_type = "report_not_found"
    default_message = "This report does not exist."


class FileProcessingError(BusinessLogicError):
    """A file cannot be imported; the message says why."""

    error_type = "file_processing_error"
    default_message = "This file cannot be imported."


class RefusedFileError(FileProcessingError):
    """The file is not a report that is imported here."""

    error_type = "file_refused"
    default_message = "This file is not a report that can be imported here."


class DamagedFileError(FileProcessingError):
    """The bytes of the file are incomplete or broken."""

    error_type = "file_damaged"
    default_message = "This file is damaged. Please download it again."


class EmptyFileError(FileProcessingError):
    """There is nothing in the file to import."""

    error_type = "file_empty"
    default_message = "This file is empty."


class MissingColumnsError(FileProcessingError):
    """Columns without which rows mean nothing are not there."""

    error_type = "missing_columns"
    default_message = "Columns that this report needs are missing."


class DuplicateColumnError(FileProcessingError):
    """Two columns claim to be the same one."""

    error_type = "duplicate_column"
    default_message = "A column is there twice."


class TooManyBadRowsError(FileProcessingError):
    """More rows are bad than the office accepts; nothing was merged."""

    error_type = "too_many_bad_rows"
    default_message = "Too many rows of this file cannot be read."


class ImportCancelledError(FileProcessingError):
    """A person stopped the import; nothing was merged."""

    error_type = "import_cancelled"
    default_message = "The import was cancelled. Nothing was changed."


class DuplicateReportError(FileProcessingError):
    """The same content was imported before."""

    error_type = "duplicate_report"
    default_message = "The same file was imported before. Nothing was changed."


class QuestionError(FileProcessingError):
    """The import needs a person's answer; `details` is the question."""

    error_type = "needs_answer"
    default_message = "The import needs an answer before it can go on."


class EncodingError(QuestionError):
    """The text is not UTF-8: a person chooses the encoding."""

    error_type = "unknown_encoding"
    default_message = "This file is not UTF-8."

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message, topic="encoding", **details)


class AnswerError(BusinessLogicError):
    """The answer is none that the question can have."""

    error_type = "wrong_answer"
    default_message = "This is no answer to the question of the report."


class ReportStateError(ConcurrencyError):
    """The report is in a state in which this cannot be done."""

    error_type = "report_state"
    default_message = "This cannot be done with the report now."


class DatabaseFullError(YouTubeCMSError):
    """The database found no room on its disk, or hit a limit that was set for it."""

    error_type = "database_full"
    default_message = (
        "The database has no room left on its disk. Nothing was changed. "
        "Free some space, then import this file again."
    )


class DatabaseLostError(YouTubeCMSError):
    """The database went away, or its locks did, in the middle of an import."""

    error_type, retryable = "database_lost", True
    default_message = (
        "The database stopped answering during this import. Nothing was changed."
    )


class ImportRunningError(ConcurrencyError):
    """Another process imports this report right now."""

    error_type, retryable = "import_running", True
    default_message = "This report is being imported right now."


class OwnerBusyError(ConcurrencyError):
    """Another report of the same content owner is being imported right now."""

    error_type, retryable = "owner_busy", True
    default_message = "Another report of this content owner is being imported now."


class InvalidSourceError(BusinessLogicError):
    """A report source that breaks a rule; `details` maps fields to findings."""

    error_type = "invalid_source"
    default_message = "Some values are not valid. Nothing was saved."


class SourceInUseError(BusinessLogicError):
    """A report source of which reports came: they name it."""

    error_type = "source_in_use"
    default_message = (
        "Reports came from this source, so it stays. Switch it off instead."
    )
