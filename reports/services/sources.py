"""Where report files come from: the store, and uploads by people."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.core.files import File
from django.db import transaction

from catalog.models import ContentOwner
from reports.models import Report, ReportSource
from reports.services.progress import record_state
from ytmanager.storage import (
    StoredFile,
    find_file,
    get_report_store,
    list_files,
    save_file,
)

logger = structlog.get_logger(__name__)

UPLOADS = "uploads/"
BATCH = 1000
DEFAULT_SOURCE = "Report store"


def find_files(*, sources: Iterable[ReportSource] | None = None) -> list[Report]:
    """Add a report for every new file of the sources and return these.

    A file whose content changed is a new one. With no source yet, the whole
    store becomes the first one.
    """
    if sources is None:
        if not ReportSource.objects.exists():
            ReportSource.objects.get_or_create(name=DEFAULT_SOURCE)
        sources = ReportSource.objects.active().select_related("content_owner")
    return [report for source in sources for report in _find_new(source)]


def add_stored_file(*, key: str, bucket: str = "") -> Report:
    """Return the report of one file of the store, and add it if it is new."""
    stored = find_file(get_report_store(bucket), key)
    known = Report.objects.filter(bucket=bucket, key=key, etag=stored.etag).first()
    if known:
        return known
    report = _as_report(stored, None, bucket)
    report.save()
    return report


def receive_upload(
    *,
    file: "File[bytes]",
    actor: AbstractBaseUser | None,
    as_of: datetime | None = None,
    content_owner: ContentOwner | None = None,
) -> Report:
    """Stream an uploaded file into the store and add its report.

    Without `as_of` the import asks for the date, unless the file name has it.
    """
    name = PurePosixPath(re.sub(r"[\\\x00-\x1f]", "/", file.name or "")).name
    name = name[-200:] or "report.csv"
    store = get_report_store()
    key = save_file(store, f"{UPLOADS}{uuid.uuid4().hex}/{name}", file)
    report = _as_report(find_file(store, key), None, "")
    report.name, report.last_modified = name, None
    report.as_of, report.content_owner = as_of, content_owner
    report.requested_by_id = actor.pk if actor else None
    with transaction.atomic():
        report.save()
        record_state(report)
    logger.info("report_uploaded", report_pk=report.pk, size=report.size)
    return report


def _find_new(source: ReportSource) -> list[Report]:
    store = get_report_store(source.bucket)
    found: list[Report] = []
    batch: list[StoredFile] = []
    for stored in list_files(store, source.prefix):
        if not stored.key.startswith(UPLOADS):
            batch.append(stored)
        if len(batch) == BATCH:
            found += _add_new(source, batch)
            batch = []
    found += _add_new(source, batch)
    logger.info("report_files_found", source_pk=source.pk, new_count=len(found))
    return found


def _add_new(source: ReportSource, batch: list[StoredFile]) -> list[Report]:
    keys = [stored.key for stored in batch]
    stored_before = Report.objects.filter(bucket=source.bucket, key__in=keys)
    known = set(stored_before.values_list("key", "etag"))
    fresh = [stored for stored in batch if (stored.key, stored.etag) not in known]
    Report.objects.bulk_create(
        [_as_report(stored, source, source.bucket) for stored in fresh],
        ignore_conflicts=True,
    )
    pairs = {(stored.key, stored.etag) for stored in fresh}
    return [r for r in stored_before.all() if (r.key, r.etag) in pairs]


def _as_report(stored: StoredFile, source: ReportSource | None, bucket: str) -> Report:
    return Report(
        source=source,
        bucket=bucket,
        key=stored.key,
        name=PurePosixPath(stored.key).name[-255:],
        etag=stored.etag,
        size=stored.size,
        bytes_total=stored.size,
        last_modified=stored.last_modified,
        content_owner=source.content_owner if source else None,
    )
