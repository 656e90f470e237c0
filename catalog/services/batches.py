"""Many edits that another system sends at once, each with values of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from catalog.changesets import items, plan
from catalog.changesets.policies import NAMED, BatchPolicy, texts_of
from catalog.exceptions import BatchRejectedError, InvalidEditError
from catalog.models import Change, ChangeSet, Video
from catalog.services import change_sets
from catalog.services.edits import short_wait

NOT_FOUND = "This video is not in the catalogue."
NAMED_TWICE = "This video is named twice."
MOVED = "Somebody changed this video since row version {}."
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Edit:
    """What is wanted of one video; `row_version` is what the sender saw."""

    video_id: str
    values: Mapping[str, Any]
    row_version: int | None = None


@dataclass(slots=True)
class Batch:
    """What becomes of each video that was named: wanted values, and errors."""

    wanted: dict[int, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, Errors] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    change_set: ChangeSet | None = None


def edit_each(
    *, edits: Sequence[Edit], policy: BatchPolicy, actor: User, reason: str = ""
) -> Batch:
    """Edit up to some hundred videos at once, more by the job the caller starts.

    Raises BatchRejectedError under *reject_all*, and RowLockedError.
    """
    with transaction.atomic(), short_wait():
        batch = _judge(edits, policy, actor)
        if batch.errors and policy == BatchPolicy.REJECT_ALL:
            rows = [
                {"video_id": video_id, "refused": errors}
                for video_id, errors in batch.errors.items()
            ]
            raise BatchRejectedError(rows=rows[:NAMED])
        if batch.wanted:
            batch.change_set = _start(batch.wanted, policy, actor, reason)
    return batch


def _start(
    wanted: dict[int, dict[str, Any]], policy: BatchPolicy, actor: User, reason: str
) -> ChangeSet | None:
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.API,
        actor=actor,
        reason=reason,
        plan_source={**items.plan_source(wanted), "policy": policy},
        has_preview=False,
    )
    is_small = len(wanted) <= change_sets.AT_ONCE
    change_sets.request_plan(change_set, is_small=is_small)
    return None if change_sets.drop_if_empty(change_set) else change_set


def _judge(edits: Sequence[Edit], policy: BatchPolicy, actor: User) -> Batch:
    """Lock the videos in key order, then ask the rules about every value."""
    batch = Batch()
    visible = Video.objects.visible_to(actor)
    rows = visible.filter(video_id__in=[edit.video_id for edit in edits])
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    known = {
        video_id: (key, version)
        for video_id, key, version in locked.values_list(
            "video_id", "pk", "row_version"
        )
    }
    for edit in edits:
        key, version = known.get(edit.video_id, (0, 0))
        refusal = _refusal(edit, key, version, batch)
        if refusal:
            batch.wanted.pop(key, None)
            batch.errors[edit.video_id] = {"video_id": [refusal]}
            batch.rejected.add(edit.video_id)
            continue
        clean, errors = clean_values(edit.values)
        if errors:
            batch.errors[edit.video_id] = errors
        if clean and (not errors or policy == BatchPolicy.IGNORE_FAILED):
            batch.wanted[key] = clean
        else:
            batch.rejected.add(edit.video_id)
    return batch


def _refusal(edit: Edit, key: int, version: int, batch: Batch) -> str:
    if not key:
        return NOT_FOUND
    if key in batch.wanted or edit.video_id in batch.errors:
        return NAMED_TWICE
    if edit.row_version not in (None, version):
        return MOVED.format(edit.row_version)
    return ""


def clean_values(values: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """The values that are fine, in normal form, and what is wrong with the others."""
    clean: dict[str, Any] = {}
    errors: Errors = {}
    for name, value in values.items():
        try:
            clean |= plan.normalise({name: value})
        except InvalidEditError as exc:
            errors |= exc.details["fields"]
    return clean, errors


def outcomes_of(change_set: ChangeSet | None) -> dict[str, tuple[str, Errors]]:
    """What became of each video of a small batch, and what the plan refused."""
    if change_set is None:
        return {}
    changes = change_set.changes.select_related("video").order_by("pk")
    found: dict[str, list[Change]] = {}
    for change in changes:
        if change.video is not None:
            found.setdefault(change.video.video_id, []).append(change)
    return {video_id: _outcome(rows) for video_id, rows in found.items()}


def _outcome(changes: Iterable[Change]) -> tuple[str, Errors]:
    outcomes = {change.outcome for change in changes}
    errors = {
        change.field: texts_of(change)
        for change in changes
        if change.outcome == Change.Outcome.INVALID
    }
    if Change.Outcome.APPLIED in outcomes:
        return "applied", errors
    return ("rejected" if errors else "skipped"), errors
