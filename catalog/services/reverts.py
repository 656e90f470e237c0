"""Take edits back: a change set that restores what another one replaced."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from catalog import fields
from catalog.changesets import primary_assets, revert
from catalog.changesets.primary_assets import PRIMARY_ASSET
from catalog.changesets.shorts import SHORT
from catalog.exceptions import ChangeSetStateError, PlanFailedError
from catalog.models import Change, ChangeSet
from catalog.services.assets import restore_primary_asset
from catalog.services.change_sets import AT_ONCE, request_plan, start_change_set
from catalog.services.channels import update_channel
from catalog.services.videos import update_video

ROWS_LIMIT = 1_000  # ticked rows; more are a whole field or the whole set


def revert_change_set(
    *,
    change_set: ChangeSet,
    actor: User,
    reason: str = "",
    rows: Sequence[int] | None = None,
    names: Sequence[str] | None = None,
) -> ChangeSet:
    """Plan to restore the old values, of all rows, chosen ones or chosen fields.

    What was edited since is listed and stays. The plan waits for a person; when
    its state is *planning*, the caller starts the job. Raises PlanFailedError
    when nothing of it can be restored, ChangeSetStateError while it is running.
    """
    _require_revertible(change_set, rows, names)
    with transaction.atomic():
        made = start_change_set(
            kind=ChangeSet.Kind.REVERT,
            actor=actor,
            reason=reason,
            reverts=change_set,
            plan_source=_plan_source(change_set, rows, names),
        )
        few = rows is not None or change_set.applied_count <= AT_ONCE
        request_plan(made, is_small=few)
    return made


def _plan_source(
    change_set: ChangeSet, rows: Sequence[int] | None, names: Sequence[str] | None
) -> dict[str, Any]:
    if primary_assets.is_choice(change_set):
        return primary_assets.revert_source(change_set)
    return revert.plan_source(
        change_set,
        rows=None if rows is None else list(rows),
        names=None if names is None else list(names),
    )


def _require_revertible(
    change_set: ChangeSet, rows: Sequence[int] | None, names: Sequence[str] | None
) -> None:
    is_over = change_set.state in (*ChangeSet.DONE, ChangeSet.State.FAILED)
    if not is_over:
        raise ChangeSetStateError(
            "Wait until this change set is applied, or cancel it."
        )
    if rows is not None and not 0 < len(rows) <= ROWS_LIMIT:
        raise PlanFailedError(
            f"Tick between 1 and {ROWS_LIMIT:,} rows, or revert the whole change set."
        )
    known = [*fields.EDITABLE, *fields.OF_CHANNEL, SHORT, PRIMARY_ASSET]
    if unknown := set(names or ()) - set(known):
        raise PlanFailedError(f"{sorted(unknown)[0]!r} is not a field that is edited.")
    applied = change_set.changes.filter(outcome=Change.Outcome.APPLIED, field__in=known)
    if not applied.exists():
        raise PlanFailedError("Nothing of this change set can be restored.")


def restore_value(*, change: Change, actor: User, reason: str = "") -> ChangeSet | None:
    """Give a field of a video or channel its value from before; None: it has it.

    Raises PlanFailedError for a field that people do not edit, InvalidEditError
    and RowLockedError.
    """
    if change.channel is not None and change.field in fields.OF_CHANNEL:
        return update_channel(
            channel=change.channel,
            values={change.field: change.old},
            actor=actor,
            kind=ChangeSet.Kind.REVERT,
            reason=reason,
            reverts=change.change_set,
        )
    if change.video is not None and change.field == PRIMARY_ASSET:
        return restore_primary_asset(video=change.video, change=change, actor=actor)
    if change.video is None or change.field not in fields.EDITABLE:
        raise PlanFailedError("This value cannot be restored.")
    return update_video(
        video=change.video,
        values={change.field: change.old},
        actor=actor,
        kind=ChangeSet.Kind.REVERT,
        reason=reason,
        reverts=change.change_set,
    )
