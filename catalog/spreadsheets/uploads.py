"""A sheet arrives, and a person says what its columns are."""

import re
import uuid
from pathlib import PurePosixPath
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from catalog.exceptions import InvalidEditError, SheetStateError
from catalog.models import ChangeSet, ColumnMapping, Spreadsheet
from catalog.services import change_sets
from catalog.spreadsheets import reading
from catalog.spreadsheets.mapping import (
    Mapping,
    is_header,
    is_own_export,
    problems_of,
    suggest_mapping,
)
from ytmanager.storage import get_report_store, open_stream, save_file

logger = structlog.get_logger(__name__)

# Sources of reports pass over everything below `uploads/`.
FOLDER = "uploads/spreadsheets/"
PLANNER = "spreadsheet"
State = Spreadsheet.State


def receive_sheet(*, file: "File[bytes]", actor: User, reason: str = "") -> Spreadsheet:
    """Store an uploaded sheet and suggest what its columns are.

    The state says what comes next: *mapping* asks a person; *waiting* needs no
    answer, because the sheet came from here or a saved mapping has its header,
    and the caller starts its job. Raises UnreadableSheetError and
    S3ProcessingError.
    """
    name = PurePosixPath(re.sub(r"[\\\x00-\x1f]", "/", file.name or "")).name
    name = name[-200:] or "sheet"
    stream: Any = file.file
    look = reading.look_at(stream, is_header)
    file.seek(0)
    key = save_file(get_report_store(), f"{FOLDER}{uuid.uuid4().hex}/{name}", file)
    sheet = Spreadsheet(
        name=name, key=key, size=file.size or 0, actor=actor, reason=reason
    )
    _note_look(sheet, look)
    is_certain = _suggest(sheet)
    with transaction.atomic():
        sheet.save()
        if is_certain:
            request_comparison(sheet)
    logger.info("spreadsheet_uploaded", spreadsheet_pk=sheet.pk, size=sheet.size)
    return sheet


def read_again(sheet: Spreadsheet, *, encoding: str) -> None:
    """Look at the file in another encoding; raises UnreadableSheetError."""
    with open_stream(get_report_store(), sheet.key) as stream:
        _note_look(sheet, reading.look_at(stream, is_header, encoding))
    _suggest(sheet)
    sheet.save()


def _note_look(sheet: Spreadsheet, look: reading.Sheet) -> None:
    sheet.encoding, sheet.delimiter = look.encoding, look.delimiter
    sheet.header, sheet.header_line = look.header, look.header_line
    sheet.samples = look.samples


def _suggest(sheet: Spreadsheet) -> bool:
    """Fill in how columns are read; True when nobody needs to look at it."""
    saved = ColumnMapping.objects.filter(header=sheet.header).first()
    sheet.mapping = saved
    suggested = suggest_mapping(sheet.header, sheet.samples)
    sheet.note_mapping(saved.as_mapping if saved else suggested)
    return saved is not None or is_own_export(sheet.header)


def confirm_columns(
    sheet: Spreadsheet, mapping: Mapping, *, actor: User, save_as: str = ""
) -> None:
    """Take a person's reading and, under a name, keep it for the same header.

    Raises InvalidEditError with what has to be mended first, and
    SheetStateError.
    """
    if problems := problems_of(mapping):
        raise InvalidEditError(" ".join(problems))
    with transaction.atomic():
        sheet.note_mapping(mapping)
        if save_as:
            sheet.mapping = _save_mapping(sheet, mapping, save_as, actor)
        request_comparison(sheet)


def _save_mapping(
    sheet: Spreadsheet, mapping: Mapping, name: str, actor: User
) -> ColumnMapping:
    """One mapping a header: the last one saved is the one that is used again."""
    saved = ColumnMapping.objects.filter(name=name).first() or ColumnMapping(name=name)
    saved.header, saved.saved_by = sheet.header, actor
    saved.note_mapping(mapping)
    saved.save()
    ColumnMapping.objects.filter(header=sheet.header).exclude(pk=saved.pk).update(
        header=[]
    )
    return saved


def request_comparison(
    sheet: Spreadsheet, *, takes_repairs: bool | None = None
) -> None:
    """Let a worker compare the sheet; the caller starts its job.

    A plan that nobody applied yet is made anew. Raises SheetStateError while a
    worker is busy with the sheet or its change set.
    """
    earlier = sheet.change_set
    is_busy = earlier is not None and earlier.state in ChangeSet.WAITING
    if sheet.state in Spreadsheet.UNFINISHED or is_busy:
        raise SheetStateError
    if takes_repairs is not None:
        sheet.takes_repairs = takes_repairs
    if earlier is None or earlier.state not in ChangeSet.UNDECIDED:
        sheet.change_set = change_sets.start_change_set(
            kind=ChangeSet.Kind.SPREADSHEET,
            actor=sheet.actor,
            reason=sheet.reason or f"Spreadsheet {sheet.name}",
            plan_source={
                "name": PLANNER,
                "spreadsheet": sheet.pk,
                "has_alarm": sheet.is_about_channels,
            },
        )
    sheet.state, sheet.error, sheet.counts = State.WAITING, "", {}
    sheet.save()
