"""Report sources as people set them up: saved, tried, removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from catalog.querysets import is_scoped
from reports.exceptions import InvalidSourceError, SourceInUseError
from reports.models import KIND_CHOICES, ReportSource
from reports.services.schedules import is_schedule
from ytmanager.exceptions import ConfigurationError
from ytmanager.storage import get_report_store

logger = structlog.get_logger(__name__)

SCHEDULE_HELP = (
    "Five fields as in cron: minute, hour, day, month, weekday. "
    "0 6 * * * is every day at 06:00 UTC."
)
TAKEN = "Another source has this name."


def save_source(
    *, source: ReportSource, values: Mapping[str, Any], actor: AbstractBaseUser
) -> ReportSource:
    """Store a source with these values; raises InvalidSourceError and names them.

    Raises PermissionDenied for people who see a part: files may be anybody's.
    """
    refuse_scoped(actor)
    for name, value in values.items():
        setattr(source, name, " ".join(value.split()) if name in _PLAIN else value)
    if findings := dict(_findings(source)):
        raise InvalidSourceError(fields=findings)
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as exc:
        raise InvalidSourceError(fields={"name": [TAKEN]}) from exc
    logger.info("report_source_saved", source_pk=source.pk, user_pk=actor.pk)
    return source


def remove_source(*, source: ReportSource, actor: AbstractBaseUser) -> None:
    """Forget a source of which no report came; raises SourceInUseError."""
    refuse_scoped(actor)
    pk = source.pk
    try:
        source.delete()
    except ProtectedError as exc:
        raise SourceInUseError(source=pk) from exc
    logger.info("report_source_removed", source_pk=pk, user_pk=actor.pk)


def refuse_scoped(actor: AbstractBaseUser) -> None:
    """Raise PermissionDenied for who sees a part of the catalogue only."""
    if is_scoped(actor):
        raise PermissionDenied


_PLAIN = ("name", "schedule")


def _findings(source: ReportSource) -> Iterator[tuple[str, list[str]]]:
    if not source.name:
        yield "name", ["Enter a name."]
    if source.kind and source.kind not in dict(KIND_CHOICES):
        yield "kind", ["This kind of report is not known."]
    if source.schedule and not is_schedule(source.schedule):
        yield "schedule", [SCHEDULE_HELP]
    if source.bucket:
        try:
            get_report_store(source.bucket)
        except ConfigurationError as exc:
            yield "bucket", [exc.message]
