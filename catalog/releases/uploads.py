"""A list of releases arrives, and a person says what its columns are."""

import re
import uuid
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.core.files.base import File

from catalog.exceptions import InvalidEditError, SheetStateError
from catalog.models import ContentOwner, ReleaseList
from catalog.releases.columns import is_header, problems_of, suggest_columns
from catalog.spreadsheets import reading
from ytmanager.storage import get_report_store, save_file

logger = structlog.get_logger(__name__)

# Sources of reports pass over everything below `uploads/`.
FOLDER = "uploads/releases/"
State = ReleaseList.State


def receive_list(
    *, file: "File[bytes]", content_owner: ContentOwner, actor: User
) -> ReleaseList:
    """Store an uploaded list and suggest what its columns are.

    Its state is *mapping*: a person confirms them. Raises UnreadableSheetError
    and S3ProcessingError.
    """
    name = PurePosixPath(re.sub(r"[\\\x00-\x1f]", "/", file.name or "")).name
    name = name[-200:] or "releases"
    stream: Any = file.file
    look = reading.look_at(stream, is_header)
    file.seek(0)
    key = save_file(get_report_store(), f"{FOLDER}{uuid.uuid4().hex}/{name}", file)
    made = ReleaseList.objects.create(
        name=name,
        key=key,
        size=file.size or 0,
        actor=actor,
        content_owner=content_owner,
        encoding=look.encoding,
        delimiter=look.delimiter,
        header=look.header,
        header_line=look.header_line,
        samples=look.samples,
        columns=suggest_columns(look.header),
        list_separator=_separator_in(look),
    )
    logger.info("release_list_uploaded", release_list_pk=made.pk, size=made.size)
    return made


def _separator_in(look: reading.Sheet) -> str:
    """What stands between artists in the samples; commas belong to some names."""
    names = suggest_columns(look.header)
    places = [place for place, name in enumerate(names) if name in {"artist", "genre"}]
    cells = [row[place] for row in look.samples for place in places]
    for separator in "|;/":
        if any(separator in cell for cell in cells):
            return separator
    return "|"


def confirm_columns(
    release_list: ReleaseList, columns: Sequence[str], *, list_separator: str
) -> None:
    """Take a person's reading of the columns; the caller starts the job.

    Raises InvalidEditError with what has to be mended first, and
    SheetStateError while a worker reads the list.
    """
    if problems := problems_of(columns):
        raise InvalidEditError(" ".join(problems))
    _require_idle(release_list)
    release_list.columns = list(columns)
    release_list.list_separator = list_separator
    _wait(release_list, State.WAITING)


def request_matching(release_list: ReleaseList) -> None:
    """Match the releases of its owner again; the caller starts the job.

    Decisions of people stay. Raises SheetStateError.
    """
    _require_idle(release_list)
    loaded = release_list.counts.get("row_count") is not None
    _wait(release_list, State.MATCHING if loaded else State.WAITING)


def _require_idle(release_list: ReleaseList) -> None:
    if release_list.state in ReleaseList.UNFINISHED:
        raise SheetStateError("A worker is busy with this list. Please wait for it.")


def _wait(release_list: ReleaseList, state: ReleaseList.State) -> None:
    release_list.state, release_list.error = state, ""
    release_list.save()
