"""A file of the store may be replaced before or while it is read."""

from django.core.files.storage import Storage

from reports.models import Report
from ytmanager.exceptions import (
    ObjectChangedError,
    ObjectGoneError,
    ObjectReplacedError,
)
from ytmanager.storage import StoredFile, find_file


def find_version(report: Report, store: Storage) -> None:
    """Take size and ETag as they are now; the newer content is what counts.

    Raises ObjectGoneError when the file was deleted, and ObjectReplacedError when
    another report stands for the newer content already.
    """
    stored = _find(report, store)
    if report.etag and stored.etag != report.etag:
        other = Report.objects.exclude(pk=report.pk).filter(
            bucket=report.bucket, key=report.key, etag=stored.etag
        )
        if newer := other.first():
            raise ObjectReplacedError(
                "This file was replaced in the report store after it was found. "
                f"Report {newer.pk} is about the newer content. Nothing was changed.",
                report=newer.pk,
            )
        report.warnings.append(
            "The file was replaced in the report store after it was found; "
            "the newer content was read."
        )
        report.last_modified = report.last_modified and stored.last_modified
    report.size = report.bytes_total = stored.size
    report.etag = stored.etag


def refuse_replaced(report: Report, store: Storage) -> None:
    """Raise ObjectChangedError for a file that was replaced while it was read."""
    if _find(report, store).etag != report.etag:
        raise ObjectChangedError(key=report.key)


def _find(report: Report, store: Storage) -> StoredFile:
    """A file that was found once and is not there now was deleted."""
    try:
        return find_file(store, report.key)
    except ObjectGoneError as exc:
        raise ObjectGoneError(
            "This file was deleted from the store after it was found. Nothing was "
            "changed.",
            key=report.key,
        ) from exc
