"""Choices of a primary asset in change sets: each is one row of one video.

Its values are asset IDs under the name `primary_asset`. What follows from a choice
is an observation, so `services.assets` carries it out, not the SQL of other edits.
"""

from typing import Any

from catalog.changesets.schedules import finding
from catalog.changesets.sources import PlanSource, planner
from catalog.models import Change, ChangeSet

PRIMARY_ASSET = "primary_asset"
NAME = "asset_choice"
# In the stored source of an applied choice: the rule had chosen the asset before it.
BY_RULE = "was_by_rule"
VALUE = (
    "(SELECT to_jsonb(pa.asset_id) FROM catalog_asset pa "
    "WHERE pa.id = v.primary_asset_id)"
)
NO_CLAIM = (
    "This asset no longer claims the video, so its metadata cannot be taken. Choose "
    "another one on the page of the video."
)


def is_choice(change_set: ChangeSet) -> bool:
    """Whether a change set is a choice that a person made on a page."""
    if change_set.applied_count != 1:
        return False
    applied = change_set.changes.filter(outcome=Change.Outcome.APPLIED)
    return applied.filter(field=PRIMARY_ASSET).exists()


def was_by_rule(change_set: ChangeSet | None) -> bool:
    """Whether the rule had chosen the asset from before an applied choice."""
    return change_set is not None and bool(change_set.plan_source.get(BY_RULE))


def revert_source(change_set: ChangeSet) -> dict[str, Any]:
    """What the revert of a choice stores."""
    return {"name": NAME, "change_set": change_set.pk}


@planner(NAME)
def _revert(change_set: ChangeSet) -> PlanSource:
    """The asset from before; none: the rule decides again."""
    return PlanSource(
        sql=(
            "SELECT c.video_id AS pk, c.field, c.old AS new, c.new AS expected, "
            "CASE WHEN c.old IS NOT NULL AND NOT EXISTS (SELECT FROM catalog_claim k "
            "JOIN catalog_asset a ON a.id = k.asset_id WHERE k.video_id = v.video_id "
            "AND k.ended_at IS NULL AND lower(k.status) <> 'inactive' "
            "AND a.asset_id = c.old #>> '{}') "
            f"THEN {finding('error', NO_CLAIM)} END AS findings "
            "FROM catalog_change c JOIN catalog_video v ON v.id = c.video_id "
            "WHERE c.change_set_id = %s "
            "AND c.outcome = 'applied' AND c.field = %s"
        ),
        params=(change_set.plan_source["change_set"], PRIMARY_ASSET),
        fields=(PRIMARY_ASSET,),
        is_checked=True,
        has_expected=True,
        has_findings=True,
    )
