"""Columns that change sets write, as SQL texts; `v` is the video or channel."""

from collections.abc import Iterable

from catalog import field_sql, fields
from catalog.changesets.shorts import SHORT
from catalog.changesets.shorts import VALUE as SHORT_VALUE
from catalog.changesets.sources import PlanSource, Target
from catalog.fields import Field


def current_value(source: PlanSource) -> str:
    """The value that a target has now in the field `w.field`, as jsonb."""
    known = fields.EDITABLE if source.target is Target.VIDEO else fields.OF_CHANNEL
    listed = [known[n] for n in source.fields if n in known]
    if SHORT not in source.fields:
        return value_of(listed, "w.field")
    others = value_of(listed, "w.field") if listed else "NULL::jsonb"
    return f"CASE WHEN w.field = '{SHORT}' THEN {SHORT_VALUE} ELSE {others} END"


def value_of(known: Iterable[Field], name: str) -> str:
    """The jsonb value of the field that the expression `name` names."""
    cases = " ".join(
        f"WHEN '{field.name}' THEN to_jsonb({field_sql.value(field, 'v')})"
        for field in known
    )
    return f"CASE {name} {cases} END"
