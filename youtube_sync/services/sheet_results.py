"""Content Manager's answer to uploaded spreadsheets, read back into the plan.

`report-<name>.csv` has a row for each row that was uploaded, with its status and
the ids that it concerns; `errors-<name>.csv` tells what was wrong, by row. The
labels of their columns vary, so a column is known by the words in its name.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from youtube_sync.exceptions import PlanStateError, SheetResultError
from youtube_sync.models import MetadataSync, PlanItem, PushPlan
from youtube_sync.services.announce import announce_plan
from youtube_sync.services.sheets import SheetRow, sheet_rows

logger = structlog.get_logger(__name__)

STATUS, ROW = re.compile(r"\bstatus\b"), re.compile(r"\b(row|location|line)\b")
VIDEO, ASSET = re.compile(r"\bvideo id\b"), re.compile(r"\basset id\b")
MESSAGE, SEVERITY = re.compile(r"\bmessage\b"), re.compile(r"\bseverity\b")
SUCCESS = "successful"
TAKEN = "Taken in by Content Manager; the next refresh or report confirms it."
NO_MESSAGE = "Content Manager did not take this row in; it did not say why."
MOST_BYTES = 20 * 1024 * 1024


@dataclass(slots=True)
class Results:
    """What a status file said of the plan's items."""

    done: int = 0
    failed: int = 0
    unknown: list[str] = field(default_factory=list)


def read_results(
    *, plan: PushPlan, actor: User, report: bytes, errors: bytes = b""
) -> Results:
    """Mark items by a status file; rows of other items are listed, not guessed.

    Raises PermissionDenied, PlanStateError for a plan that is being pushed, and
    SheetResultError for a file that is no status file.
    """
    if not actor.has_perm("catalog.push_video"):
        raise PermissionDenied
    told, said = Results(), _messages(errors)
    with transaction.atomic():
        plan = PushPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if plan.is_active and plan.state != PushPlan.State.PAUSED:
            raise PlanStateError("This plan is being pushed: pause it first.")
        waiting = {row.item.target_id: row for row in sheet_rows(plan)}
        for number, status, ids in _rows(report):
            target_id = next((one for one in ids if one in waiting), "")
            row = waiting.pop(target_id, None)
            if row is None or row.template is None:
                told.unknown.append(ids[0] if ids else f"row {number}")
                continue
            is_done = status.casefold().startswith(SUCCESS)
            message = " ".join(said.get(number, [])) or ("" if is_done else NO_MESSAGE)
            _settle(row, is_done=is_done, message=message)
            told.done, told.failed = told.done + is_done, told.failed + (not is_done)
        _move_on(plan, actor, told)
    return told


def _settle(row: SheetRow, *, is_done: bool, message: str) -> None:
    item, state = row.item, MetadataSync.State
    sent = {
        name: {"before": item.fields[name].get("observed"), "sent": value}
        for name, value in row.wanted.items()
    }
    MetadataSync.objects.create(
        item=item,
        video_id=item.video_id,
        target_kind=item.target_kind,
        target_id=item.target_id,
        fields=sent,
        state=state.SUCCESS if is_done else state.FAILED,
        error=message,
        finished_at=timezone.now(),
    )
    item.state = PlanItem.State.SUCCESS if is_done else PlanItem.State.FAILED
    item.message = f"{TAKEN} {message}".strip() if is_done else message
    item.finished_at = timezone.now()
    item.save(update_fields=["state", "message", "finished_at"])


def _move_on(plan: PushPlan, actor: User, told: Results) -> None:
    plan.done_count += told.done
    plan.failed_count += told.failed
    columns = ["done_count", "failed_count"]
    if plan.confirmed_by is None:
        plan.confirmed_by, plan.confirmed_at = actor, timezone.now()
        columns += ["confirmed_by", "confirmed_at"]
    plan.save(update_fields=columns)
    if not plan.items.pending().exists() and told.done + told.failed:
        state = PushPlan.State
        is_clean = not plan.failed_count
        plan.change_state(state.COMPLETED if is_clean else state.COMPLETED_WITH_ERRORS)
    announce_plan(plan)
    logger.info(
        "sheet_results_read",
        plan_pk=plan.pk,
        done_count=told.done,
        failed_count=told.failed,
        unknown_count=len(told.unknown),
    )


def _rows(report: bytes) -> Iterator[tuple[str, str, list[str]]]:
    """Row number, status and the ids that may name the item of each row.

    A row of a video names its asset, too, which may be another item of the plan.
    One of a recording names several assets: the composition's, and the one given.
    """
    reader = _reader(report, "report")
    columns = _columns(reader.fieldnames or ())
    if STATUS not in columns or not {VIDEO, ASSET} & set(columns):
        raise SheetResultError(
            "This is no status file: it needs a column for the status and one for "
            f"the video ID or the asset ID. Found: {', '.join(reader.fieldnames or ())}"
        )
    assets = [n for n in reader.fieldnames or () if ASSET.search(_words(n))]
    for place, row in enumerate(reader, start=1):
        video = _cell(row, columns, VIDEO)
        ids = [video] if video else [row[name] for name in assets if row.get(name)]
        number = _cell(row, columns, ROW) or str(place)
        yield number, _cell(row, columns, STATUS), [one.strip() for one in ids]


def _messages(errors: bytes) -> dict[str, list[str]]:
    """What was said of each row."""
    found: dict[str, list[str]] = defaultdict(list)
    if not errors:
        return found
    reader = _reader(errors, "errors")
    columns = _columns(reader.fieldnames or ())
    if MESSAGE not in columns or ROW not in columns:
        raise SheetResultError(
            "This is no file of errors: it needs a column for the message and one for "
            f"the row. Found: {', '.join(reader.fieldnames or ())}"
        )
    for row in reader:
        numbers = re.findall(r"\d+", _cell(row, columns, ROW))
        for number in numbers[-1:]:
            found[number].append(_cell(row, columns, MESSAGE))
    return found


def _reader(content: bytes, name: str) -> csv.DictReader[str]:
    if len(content) > MOST_BYTES:
        raise SheetResultError(f"The {name} file is larger than 20 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise SheetResultError(f"The {name} file is not UTF-8 text.") from exc
    return csv.DictReader(io.StringIO(text, newline=""))


def _columns(names: Any) -> dict[re.Pattern[str], str]:
    """The first column whose name holds the words of each pattern."""
    found: dict[re.Pattern[str], str] = {}
    for name in names:
        words = _words(name)
        for pattern in (STATUS, ROW, VIDEO, ASSET, MESSAGE, SEVERITY):
            if pattern.search(words):
                found.setdefault(pattern, name)
    return found


def _words(name: str | None) -> str:
    return re.sub(r"[_\W]+", " ", name or "").strip().casefold()


def _cell(
    row: Mapping[str, Any], columns: Mapping[re.Pattern[str], str], name: Any
) -> str:
    value = row.get(columns[name]) if name in columns else ""
    return str(value or "").strip()
