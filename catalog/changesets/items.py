"""Values of their own for each of some videos, as another system sends them."""

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from catalog.changesets.sources import PlanSource, planner
from catalog.models import ChangeSet

NAME = "items"


def plan_source(wanted: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """What a change set stores: normalised values by key of the video."""
    items = {str(key): dict(values) for key, values in wanted.items()}
    return {"name": NAME, "items": items}


@planner(NAME)
def _items(change_set: ChangeSet) -> PlanSource:
    items: dict[str, dict[str, Any]] = change_set.plan_source["items"]
    names = sorted({name for values in items.values() for name in values})
    return PlanSource(
        sql=(
            "SELECT i.key::bigint AS pk, f.key AS field, f.value AS new "
            "FROM jsonb_each(%s::jsonb) i CROSS JOIN LATERAL jsonb_each(i.value) f"
        ),
        params=(Jsonb(items),),
        fields=tuple(names),
        is_checked=True,
    )
