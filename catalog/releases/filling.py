"""A change set that gives videos the values of the releases they show."""

from collections.abc import Collection

from django.contrib.auth.models import User

from catalog.changesets import sources
from catalog.changesets.sources import PlanSource
from catalog.exceptions import PlanFailedError
from catalog.fields import EDITABLE, Shape
from catalog.models import ChangeSet, ReleaseMatch, Video
from catalog.releases.columns import FILLS
from catalog.services import change_sets

PLANNER = "releases"


def plan_filling(
    *,
    actor: User,
    names: Collection[str] = FILLS,
    overwrites: bool = False,
    reason: str = "",
) -> ChangeSet:
    """Plan to fill what is missing from all accepted matches.

    Values that a video has stay as they are unless `overwrites` is set. Its state
    tells whether the caller has to start a job. Raises PlanFailedError when
    nothing is accepted or no field is chosen.
    """
    chosen = [name for name in FILLS if name in names]
    if not chosen:
        raise PlanFailedError("Choose at least one field to fill.")
    accepted = ReleaseMatch.objects.visible_to(actor).accepted()
    if not accepted.exists():
        raise PlanFailedError("No match is accepted yet. Accept some first.")
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.RELEASES,
        actor=actor,
        reason=reason,
        plan_source={"name": PLANNER, "fields": chosen, "overwrites": overwrites},
    )
    few = accepted.order_by()[: change_sets.AT_ONCE + 1].count() <= change_sets.AT_ONCE
    change_sets.request_plan(change_set, is_small=few)
    return change_set


@sources.planner(PLANNER)
def plan_source(change_set: ChangeSet) -> PlanSource:
    """One row for each field of an accepted match that the release has."""
    chosen = change_set.plan_source
    names = tuple(name for name in FILLS if name in chosen["fields"])
    visible, params = Video.objects.visible_to(_actor_of(change_set)).keys_sql()
    rows = ", ".join(
        f"('{name}', to_jsonb(r.{name}), {_is_empty(name, 'r')}, "
        f"{_is_empty(name, 'v')})"
        for name in names
    )
    only_missing = "" if chosen["overwrites"] else "AND x.is_missing "
    return PlanSource(
        sql=(
            "SELECT v.id AS pk, x.field, x.new FROM catalog_releasematch m "
            "JOIN catalog_release r ON r.id = m.release_id "
            "JOIN catalog_video v ON v.id = m.video_id "
            f"CROSS JOIN LATERAL (VALUES {rows}) x (field, new, is_unknown, "
            f"is_missing) WHERE m.state = 'accepted' AND NOT x.is_unknown "
            f"{only_missing}AND v.id IN ({visible})"
        ),
        params=params,
        fields=names,
    )


def _actor_of(change_set: ChangeSet) -> User:
    if change_set.actor is None:
        raise PlanFailedError("Nobody is named who asked for this plan.")
    return change_set.actor


def _is_empty(name: str, table: str) -> str:
    empty = "'{}'" if EDITABLE[name].shape is Shape.LIST else "''"
    return f"{table}.{name} = {empty}"
