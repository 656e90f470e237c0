"""Columns that change sets write, as SQL texts; `v` is the video or channel."""

from collections.abc import Iterable

from catalog import fields
from catalog.changesets.sources import PlanSource, Target


def current_value(source: PlanSource) -> str:
    """The value that a target has now in the field `w.field`, as jsonb."""
    known = fields.EDITABLE if source.target is Target.VIDEO else fields.OF_CHANNEL
    return value_of((n for n in source.fields if n in known), "w.field")


def value_of(names: Iterable[str], field: str) -> str:
    """The jsonb value of the column that the expression `field` names."""
    cases = " ".join(f"WHEN '{name}' THEN to_jsonb(v.{name})" for name in names)
    return f"CASE {field} {cases} END"
