"""What makes a plan: a SELECT of wanted values, whatever way they came in.

A worker makes the plan, so a change set stores the name and the values of its
source; `planner` registers the function that makes SQL of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb

from catalog import check_sql, fields
from catalog.changesets.selection import selected_videos
from catalog.exceptions import PlanFailedError
from catalog.models import ChangeSet
from catalog.querysets import VideoQuerySet


class Target(StrEnum):
    """What the rows of a plan belong to: the name of the foreign key's table."""

    VIDEO = "video"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class PlanSource:
    """Wanted values: at most one row for each target and field.

    `sql` gives the columns `pk` (bigint), `field` (text) and `new` (jsonb; NULL
    means unknown), and where the flags say so `expected` (jsonb: the value that
    the person saw; a row whose value differs by now is skipped) and `findings`
    (jsonb: an array of objects with `level`, error or warning, and `text`, or
    NULL). `fields` names every field that may occur. Values that `is_checked`
    are in normal form and within limits; all others are checked in SQL, and
    must be in normal form too (`check_sql.normal_form`). `is_observed`: YouTube
    shows these values already, so no rule of ours speaks against them.
    """

    sql: str
    params: tuple[Any, ...]
    fields: tuple[str, ...]
    target: Target = Target.VIDEO
    is_checked: bool = False
    has_expected: bool = False
    has_findings: bool = False
    is_observed: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL over `v` (catalog_video) and `c` (its channel), with its parameters.

    Its type is that of the field's column: text, text[], boolean or bigint.
    """

    sql: str
    params: tuple[Any, ...] = ()


def same_values(videos: VideoQuerySet, values: Mapping[str, Any]) -> PlanSource:
    """The same normalised values for every video of a selection."""
    selection, selected = videos.keys_sql()
    rows = ", ".join(f"('{name}', %s::jsonb)" for name in values)
    return PlanSource(
        sql=(
            f"SELECT s.pk, x.field, x.new FROM ({selection}) s (pk) "
            f"CROSS JOIN (VALUES {rows}) x (field, new)"
        ),
        params=(*selected, *map(Jsonb, values.values())),
        fields=tuple(values),
        is_checked=True,
    )


def expressions(videos: VideoQuerySet, wanted: Mapping[str, Expression]) -> PlanSource:
    """A value for each field, worked out for each video; brought in normal form."""
    selection, selected = videos.keys_sql()
    rows = ", ".join(
        f"('{name}', to_jsonb({_normal_form(name, f'made.{name}')}))" for name in wanted
    )
    made = ", ".join(f"{made.sql} AS {name}" for name, made in wanted.items())
    return PlanSource(
        sql=(
            "SELECT v.id AS pk, x.field, x.new FROM catalog_video v "
            "JOIN catalog_channel c ON c.id = v.channel_id "
            f"CROSS JOIN LATERAL (SELECT {made} OFFSET 0) made "
            f"CROSS JOIN LATERAL (VALUES {rows}) x (field, new) "
            f"WHERE v.id IN ({selection})"
        ),
        params=(*(p for one in wanted.values() for p in one.params), *selected),
        fields=tuple(wanted),
    )


def _normal_form(name: str, value: str) -> str:
    return check_sql.normal_form(fields.EDITABLE[name], value).replace("%", "%%")


Planner = Callable[[ChangeSet], PlanSource]
_PLANNERS: dict[str, Planner] = {}


def planner(name: str) -> Callable[[Planner], Planner]:
    """Register what makes the plan of change sets whose source has this name."""

    def register(function: Planner) -> Planner:
        _PLANNERS[name] = function
        return function

    return register


def source_of(change_set: ChangeSet) -> PlanSource:
    """The source of a stored change set; raises PlanFailedError."""
    name = change_set.plan_source.get("name")
    if name not in _PLANNERS:
        raise PlanFailedError(f"Nothing is known about the source {name!r}.")
    return _PLANNERS[name](change_set)


@planner("values")
def _values(change_set: ChangeSet) -> PlanSource:
    return same_values(selected_videos(change_set), change_set.plan_source["values"])
