"""From the steps of a bulk edit to a plan: a chain of SQL expressions.

Each step sees what the one before it made of the row, so every step is a
LATERAL of its own, on the names of the fields that the edit is about.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog import check_sql, field_sql, fields
from catalog.bulk.operations import OPERATIONS
from catalog.bulk.steps import Step
from catalog.bulk.texts import Sql
from catalog.changesets.selection import selected_videos
from catalog.changesets.sources import PlanSource, planner
from catalog.models import ChangeSet
from catalog.querysets import VideoQuerySet

NAME = "operations"


@planner(NAME)
def _plan(change_set: ChangeSet) -> PlanSource:
    return plan_source(
        selected_videos(change_set), change_set.plan_source["operations"]
    )


def plan_source(
    videos: VideoQuerySet, steps: Sequence[Mapping[str, Any]]
) -> PlanSource:
    """The values that the steps give these videos, one after the other."""
    changed = tuple(dict.fromkeys(step["field"] for step in steps))
    chain = _chain(steps, changed)
    selection, selected = videos.keys_sql()
    last = f"s{len(steps)}"
    rows = ", ".join(
        f"('{name}', to_jsonb({_normal_form(name, f'{last}.{name}')}))"
        for name in changed
    )
    return PlanSource(
        sql=(
            "SELECT v.id AS pk, x.field, x.new FROM catalog_video v "
            f"JOIN catalog_channel c ON c.id = v.channel_id {chain.text} "
            f"CROSS JOIN LATERAL (VALUES {rows}) x (field, new) "
            f"WHERE v.id IN ({selection})"
        ),
        params=(*chain.params, *selected),
        fields=changed,
    )


def _chain(steps: Sequence[Mapping[str, Any]], changed: Sequence[str]) -> Sql:
    read = {name for step in steps for name in _operation(step).reads(step)}
    names = sorted({*changed, *read})
    stored = {n: Sql(field_sql.value(fields.EDITABLE[n], "v")) for n in names}
    laterals = [_lateral(0, stored)]
    for number, step in enumerate(steps, start=1):
        before = {name: f"s{number - 1}.{name}" for name in names}
        row = {name: Sql(value) for name, value in before.items()}
        name = step["field"]
        ready = Step(fields.EDITABLE[name], before, step)
        row[name] = _only_empty(ready, _operation(step).sql(ready))
        laterals.append(_lateral(number, row))
    return Sql(
        " ".join(lateral.text for lateral in laterals),
        tuple(param for lateral in laterals for param in lateral.params),
    )


def _operation(step: Mapping[str, Any]) -> Any:
    return OPERATIONS[step["operation"]]


def _only_empty(step: Step, made: Sql) -> Sql:
    """Leave values alone that are there, if the person wants that."""
    if not step.given.get("only_empty"):
        return made
    empty = f"coalesce({step.value}::text, '') IN ('', '{{}}')"
    return Sql(f"CASE WHEN {empty} THEN {made.text} ELSE {step.value} END", made.params)


def _lateral(number: int, row: Mapping[str, Sql]) -> Sql:
    # OFFSET keeps the planner from copying each expression into the next one.
    columns = ", ".join(f"{made.text} AS {name}" for name, made in row.items())
    return Sql(
        f"CROSS JOIN LATERAL (SELECT {columns} OFFSET 0) s{number}",
        tuple(param for made in row.values() for param in made.params),
    )


def _normal_form(name: str, value: str) -> str:
    return check_sql.normal_form(fields.EDITABLE[name], value).replace("%", "%%")
