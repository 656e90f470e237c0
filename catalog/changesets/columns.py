"""Columns that change sets write, as SQL texts; `v` is the video or channel."""

from collections.abc import Iterable

from catalog import field_sql, fields
from catalog.changesets import primary_assets, shorts
from catalog.changesets.sources import PlanSource, Target
from catalog.fields import Field

# What change sets plan besides fields of videos and channels.
_OTHERS = {
    shorts.SHORT: shorts.VALUE,
    primary_assets.PRIMARY_ASSET: primary_assets.VALUE,
}


def current_value(source: PlanSource) -> str:
    """The value that a target has now in the field `w.field`, as jsonb."""
    known = fields.EDITABLE if source.target is Target.VIDEO else fields.OF_CHANNEL
    listed = [known[n] for n in source.fields if n in known]
    known_value = value_of(listed, "w.field") if listed else "NULL::jsonb"
    cases = " ".join(
        f"WHEN '{name}' THEN {value}"
        for name, value in _OTHERS.items()
        if name in source.fields
    )
    return f"CASE w.field {cases} ELSE {known_value} END" if cases else known_value


def value_of(known: Iterable[Field], name: str) -> str:
    """The jsonb value of the field that the expression `name` names."""
    cases = " ".join(
        f"WHEN '{field.name}' THEN to_jsonb({field_sql.value(field, 'v')})"
        for field in known
    )
    return f"CASE {name} {cases} END"
