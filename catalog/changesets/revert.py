"""A revert: old values come back where ours still stands."""

from typing import Any

from catalog import fields
from catalog.changesets.shorts import SHORT
from catalog.changesets.sources import PlanSource, Target, planner
from catalog.models import Change, ChangeSet

NAME = "revert"


def plan_source(
    change_set: ChangeSet, *, rows: list[int] | None, names: list[str] | None
) -> dict[str, Any]:
    """What a revert stores: the whole set, ticked rows of a page, or fields."""
    return {"name": NAME, "change_set": change_set.pk, "rows": rows, "fields": names}


@planner(NAME)
def _revert(change_set: ChangeSet) -> PlanSource:
    """Values are as they were in the catalogue, so limits do not speak again."""
    chosen = change_set.plan_source
    of_channels = Change.objects.filter(
        change_set=chosen["change_set"], channel__isnull=False
    ).exists()
    target = Target.CHANNEL if of_channels else Target.VIDEO
    known = [*fields.OF_CHANNEL] if of_channels else [*fields.EDITABLE, SHORT]
    wanted = known if chosen["fields"] is None else chosen["fields"]
    names = tuple(name for name in known if name in wanted)
    return PlanSource(
        sql=(
            f"SELECT c.{target}_id AS pk, c.field, c.old AS new, c.new AS expected "
            "FROM catalog_change c WHERE c.change_set_id = %s "
            "AND c.outcome = 'applied' AND c.field = ANY (%s) "
            f"AND c.{target}_id IS NOT NULL "
            "AND (%s::bigint[] IS NULL OR c.id = ANY (%s::bigint[]))"
        ),
        params=(chosen["change_set"], list(names), chosen["rows"], chosen["rows"]),
        fields=names,
        target=target,
        is_checked=True,
        has_expected=True,
    )
