"""Recognise content that was imported before, as early as can be."""

from collections.abc import Callable
from typing import BinaryIO

from reports.exceptions import DuplicateReportError
from reports.models import Report
from reports.reading import unpack

CHUNKS_BETWEEN_CALLS = 16
AGAIN = "again"  # a person's word that a duplicate is to be imported once more


def refuse_same_object(report: Report) -> None:
    """The store says that these bytes were imported: they need not be read."""
    _refuse(report, Report.objects.stored_as(report).first())


def refuse_same_size_and_hash(
    report: Report, stream: BinaryIO, on_chunk: Callable[[], None]
) -> None:
    """Hash the file first if an imported one is as large as this one.

    Reading a file for its hash alone costs a fraction of staging it; `on_chunk` is
    called now and then and may raise to stop it.
    """
    if AGAIN in report.answers:
        return
    unpacked = unpack(stream, report.name, report.size)
    sizes = [] if unpacked.size is None else [unpacked.size]
    if Report.objects.maybe_with_content_of(report, sizes).exists():
        for number, _ in enumerate(unpacked.chunks):
            if number % CHUNKS_BETWEEN_CALLS == 0:
                on_chunk()
        report.content_hash = unpacked.content_hash
        same = Report.objects.newest_imported()
        same = same.filter(content_hash=report.content_hash)
        if report.content_owner:
            same = same.filter(content_owner=report.content_owner)
        _refuse(report, same.exclude(pk=report.pk).first())
    stream.seek(0)


def refuse_same_content(report: Report) -> None:
    """The whole file was read, and its hash is one that is known."""
    _refuse(report, Report.objects.with_content_of(report).first())


def _refuse(report: Report, earlier: Report | None) -> None:
    if earlier is None:
        return
    report.duplicate_of = earlier
    day = f" on {earlier.finished_at:%d %B %Y}" if earlier.finished_at else ""
    found = (
        f"The same content was imported{day} as {earlier.name} (report {earlier.pk})."
    )
    if AGAIN not in report.answers:
        raise DuplicateReportError(f"{found} Nothing was changed.", report=earlier.pk)
    note = f"{found} {report.answers[AGAIN]} had it imported again."
    if note not in report.warnings:
        report.warnings.append(note)
