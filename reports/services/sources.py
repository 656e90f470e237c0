"""Where report files come from: the store, and uploads by people."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from catalog.models import ContentOwner
from catalog.querysets import is_scoped
from reports.models import Report, ReportSource
from reports.services.identify import date_of_name
from reports.services.owners import owner_within_scope
from reports.services.progress import record_state
from ytmanager.exceptions import YouTubeCMSError
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
# A store that is busy or away: a minute, 4 minutes, a quarter of an hour.
LOOK_WAITS = tuple(timedelta(minutes=4**attempt) for attempt in range(3))
DEFAULT_SOURCE = "Report store"


def find_files(*, sources: Iterable[ReportSource] | None = None) -> int:
    """Add a report for every new file of the sources; returns how many that are.

    A file whose content changed is a new one. With no source yet, the whole
    store becomes the first one. All sources are looked into before the error of
    one of them is raised.
    """
    if sources is None:
        if not ReportSource.objects.exists():
            ReportSource.objects.get_or_create(name=DEFAULT_SOURCE)
        sources = ReportSource.objects.active().select_related("content_owner")
    found_count, failure = 0, None
    for source in sources:
        try:
            found_count += look_into(source)
        except YouTubeCMSError as exc:
            failure = exc
    if failure:
        raise failure
    return found_count


def look_into(source: ReportSource) -> int:
    """Add the new files of one source, and keep on it how the look went.

    Memory does not grow with the number of files. Raises what the store raises;
    what may pass is looked at again soon if the source has a schedule.
    """
    try:
        found_count = _find_new(source)
    except YouTubeCMSError as exc:
        _keep_failure(source, exc)
        raise
    _keep(source, found_count=found_count, look_error="", look_error_type="")
    logger.info("report_files_found", source_pk=source.pk, new_count=found_count)
    return found_count


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
    Raises FileProcessingError for a file of an owner whom the person does not see.
    """
    name = PurePosixPath(re.sub(r"[\\\x00-\x1f]", "/", file.name or "")).name
    name = name[-200:] or "report.csv"
    if actor is not None and is_scoped(actor):
        content_owner = content_owner or owner_within_scope(name, actor)
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


def _keep_failure(source: ReportSource, error: YouTubeCMSError) -> None:
    """Say what is wrong; try again soon if that may help."""
    again_at, attempts = None, source.look_attempts
    if error.retryable and source.schedule and attempts < len(LOOK_WAITS):
        again_at = timezone.now() + LOOK_WAITS[attempts]
        attempts += 1
    _keep(
        source,
        look_error=error.message,
        look_error_type=error.error_type,
        look_attempts=attempts if again_at else 0,
        look_again_at=again_at,
    )
    logger.warning(
        "source_not_looked_into", source_pk=source.pk, error_type=error.error_type
    )


def _keep(source: ReportSource, **outcome: Any) -> None:
    fresh = {"looked_at": timezone.now(), "look_attempts": 0, "look_again_at": None}
    for name, value in (fresh | outcome).items():
        setattr(source, name, value)
    source.save(update_fields=[*fresh, *outcome])


def _find_new(source: ReportSource) -> int:
    files = list_files(get_report_store(source.bucket), source.prefix)
    if source.bucket in {"", settings.S3_BUCKET}:
        files = (stored for stored in files if not stored.key.startswith(UPLOADS))
    found_count = 0
    while batch := list(islice(files, BATCH)):
        found_count += _add_new(source, batch)
    return found_count


def _add_new(source: ReportSource, batch: list[StoredFile]) -> int:
    keys = [stored.key for stored in batch]
    stored_before = Report.objects.filter(bucket=source.bucket, key__in=keys)
    known = set(stored_before.values_list("key", "etag"))
    fresh = [stored for stored in batch if (stored.key, stored.etag) not in known]
    Report.objects.bulk_create(
        [_as_report(stored, source, source.bucket) for stored in fresh],
        ignore_conflicts=True,
    )
    return len(fresh)


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
        named_on=date_of_name(PurePosixPath(stored.key).name),
        content_owner=source.content_owner if source else None,
    )
