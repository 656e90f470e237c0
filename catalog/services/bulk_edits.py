"""Bulk edits: a draft with its steps, tried on a few videos, then planned."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import DataError, OperationalError, connection, transaction

from catalog import fields
from catalog.bulk.plan import NAME, plan_source
from catalog.changesets.selection import is_found, selected_videos, takes_long
from catalog.exceptions import PlanFailedError
from catalog.models import Change, ChangeSet, NeverSplitName, Video
from catalog.services import change_sets

EXAMPLES = 5  # videos on which a form shows what it would do
TRY_MS = 2_000  # a pattern that takes longer on five videos is refused
COUNTED = 2_000  # selections beyond that are not counted on the form


@dataclass(frozen=True, slots=True)
class Example:
    """One video before and after, as rows of a preview that is never stored."""

    video: Video
    changes: tuple[Change, ...]


def start(*, actor: User) -> ChangeSet:
    """A draft without steps; the caller stores its selection next."""
    return change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=actor,
        plan_source={"name": NAME, "operations": []},
    )


def request_plan(
    change_set: ChangeSet, steps: Sequence[Mapping[str, Any]], *, reason: str
) -> None:
    """Keep the steps and plan them, at once or by the job that the caller starts.

    Raises PlanFailedError for steps that cannot work; an earlier plan stays then.
    """
    try_steps(change_set, steps)
    change_set.reason = reason
    keep_steps(change_set, steps)
    change_sets.request_plan(change_set)


def keep_steps(change_set: ChangeSet, steps: Sequence[Mapping[str, Any]]) -> None:
    """Store the form; it is not planned by that."""
    change_set.plan_source = {"name": NAME, "operations": list(steps)}
    change_set.save(update_fields=["plan_source", "reason", "updated_at"])


def with_names(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Write the names that are never split into the steps that split.

    So the preview and the apply keep the same ones whole, whoever edits the list.
    """
    never = list(NeverSplitName.objects.values_list("name", flat=True))
    return [
        {**step, "never": never} if step["operation"] == "split" else dict(step)
        for step in steps
    ]


def count_selected(change_set: ChangeSet) -> tuple[int | None, bool]:
    """How many videos are chosen, and whether there are more than were counted.

    None where a page cannot wait for that: of a filter that takes long, and of a
    long pasted list, whose videos a worker finds.
    """
    chosen = selected_videos(change_set).order_by()[: COUNTED + 1]
    if not is_found(change_set) or takes_long(chosen):
        return None, False
    count = chosen.count()
    return min(count, COUNTED), count > COUNTED


def try_steps(
    change_set: ChangeSet, steps: Sequence[Mapping[str, Any]]
) -> list[Example]:
    """What the steps would make of the first videos; nothing is stored.

    Raises PlanFailedError for a pattern that PostgreSQL refuses or that takes
    too long.
    """
    # In no order: the first by key may stand at the end of a million others.
    first = list(selected_videos(change_set).order_by()[:EXAMPLES])
    videos = {video.pk: video for video in sorted(first, key=lambda video: video.pk)}
    if not videos or not steps:
        return []
    source = plan_source(Video.objects.filter(pk__in=list(videos)), steps)
    rows = _tried(source.sql, source.params)
    return [
        Example(video, tuple(_changes(video, [r for r in rows if r[0] == pk])))
        for pk, video in videos.items()
    ]


@contextmanager
def limited_time(milliseconds: int) -> Iterator[None]:
    """Raises OperationalError for a statement inside that takes longer.

    The limit ends here, also within a transaction of the caller; after an error
    the savepoint takes it back.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {milliseconds}")
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


def _tried(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    try:
        with limited_time(TRY_MS), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT p.pk, p.field, p.new::text FROM ({sql}) p", list(params)
            )
            return list(cursor.fetchall())
    except DataError as exc:
        raise PlanFailedError(
            f"This cannot be worked out: {str(exc).strip().splitlines()[0]}."
        ) from exc
    except OperationalError as exc:
        raise PlanFailedError(
            "This pattern takes too long. Try a simpler one, for example without "
            "a repetition inside a repetition."
        ) from exc


def _changes(video: Video, rows: Sequence[tuple[Any, ...]]) -> list[Change]:
    made = [
        Change(
            video=video,
            field=name,
            old=video.value_of(name),
            new=new and json.loads(new),
        )
        for _, name, new in rows
    ]
    places = {name: place for place, name in enumerate(fields.FORM_ORDER)}
    made.sort(key=lambda change: places[change.field])
    return [change for change in made if change.old != change.new]
