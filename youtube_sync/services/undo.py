"""Undo on YouTube: wanted values back to what stood there before a plan's writes.

The pre-images of a plan make a change set of the kind revert, which the engine of
change sets plans and applies; then a plan of exactly those fields sends them. A
field that anybody moved since, here or on YouTube, is listed and left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from catalog import fields
from catalog.changesets.sources import PlanSource, planner
from catalog.models import ChangeSet, Video
from catalog.services import change_sets
from youtube_sync.exceptions import NothingToPushError, PlanStateError
from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.prices import Price, price_of
from youtube_sync.services.plan_counts import count_and_price
from youtube_sync.services.plans import create_plan

logger = structlog.get_logger(__name__)

SOURCE = "undo_push"
MOVED = "YouTube shows another value by now than the one that was sent."
# What the plan's writes replaced: the value before the first and of the last one.
_WRITTEN = """
    SELECT coalesce((i.fields -> e.key ->> 'video')::bigint, i.video_id) AS pk,
        e.key AS field, i.target_kind,
        (array_agg(e.value -> 'before' ORDER BY s.id))[1] AS before,
        (array_agg(e.value -> 'sent' ORDER BY s.id DESC))[1] AS sent
    FROM youtube_sync_metadatasync s
    JOIN youtube_sync_planitem i ON i.id = s.item_id
    CROSS JOIN LATERAL jsonb_each(s.fields) AS e(key, value)
    WHERE i.plan_id = %s AND s.state = 'success' AND i.fields ? e.key
    GROUP BY 1, 2, 3
"""
_STANDS = (
    "SELECT w.*, to_jsonb(v) -> w.field = w.sent AS is_ours, "
    "to_jsonb(o) -> w.field = w.sent AS is_shown "
    f"FROM ({_WRITTEN}) w JOIN catalog_video v ON v.id = w.pk "
    "LEFT JOIN catalog_videosnapshot o ON o.video_id = w.pk "
    "WHERE w.before IS NOT NULL AND w.before <> 'null'::jsonb "
    "AND w.before <> w.sent"
)
_COUNTS = (
    "SELECT count(DISTINCT pk) FILTER (WHERE target_kind = 'video'), "
    "count(DISTINCT pk) FILTER (WHERE target_kind = 'asset'), count(*) "
    f"FROM ({_STANDS}) stands WHERE is_ours AND is_shown"
)
_ALL = f"SELECT count(*) FROM ({_WRITTEN}) written"


@dataclass(frozen=True, slots=True)
class Undo:
    """What an undo of a plan would do; `moved_count` fields are left alone."""

    field_count: int
    moved_count: int
    price: Price


def preview_undo(plan: PushPlan) -> Undo:
    """Count the fields that still hold what was sent, and price their way back."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [plan.pk])
        videos, assets, field_count = cursor.fetchone()
        cursor.execute(_ALL, [plan.pk])
        written = cursor.fetchone()[0]
    return Undo(field_count, written - field_count, price_of(videos, assets))


@planner(SOURCE)
def _plan_source(change_set: ChangeSet) -> PlanSource:
    finding = f'[{{"level": "error", "text": "{MOVED}"}}]'
    return PlanSource(
        sql=(
            "SELECT pk, field, before AS new, sent AS expected, "
            "CASE WHEN is_shown THEN NULL ELSE %s::jsonb END AS findings "
            f"FROM ({_STANDS}) stands"
        ),
        params=(finding, change_set.plan_source["plan"]),
        fields=tuple(fields.PUSHABLE),
        has_expected=True,
        has_findings=True,
        is_observed=True,
    )


@transaction.atomic
def request_undo(*, plan: PushPlan, actor: User, reason: str = "") -> ChangeSet:
    """Want again what stood on YouTube before a plan; the caller starts the job.

    Few fields are changed at once. Raises PermissionDenied, PlanStateError for a
    plan that has not ended, and NothingToPushError when no field can go back.
    """
    if not actor.has_perm("catalog.push_video"):
        raise PermissionDenied
    if plan.is_active or plan.state == PushPlan.State.DRAFT:
        raise PlanStateError("This plan has not ended yet.")
    count = preview_undo(plan).field_count
    if not count:
        raise NothingToPushError("No field still holds what this plan sent.")
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.REVERT,
        actor=actor,
        reason=reason or f"Undo of {plan}",
        plan_source={"name": SOURCE, "plan": plan.pk},
        has_preview=False,
    )
    change_sets.request_plan(change_set, is_small=count <= change_sets.AT_ONCE)
    logger.info("undo_requested", plan_pk=plan.pk, change_set_pk=change_set.pk)
    return change_set


def find_undo(plan: PushPlan) -> ChangeSet | None:
    """The last change set that took this plan back."""
    return ChangeSet.objects.filter(
        plan_source__name=SOURCE, plan_source__plan=plan.pk
    ).first()


@transaction.atomic
def create_undo_plan(*, plan: PushPlan, actor: User) -> PushPlan:
    """Draft the plan that sends the values of an applied undo, and nothing else.

    A draft that nobody confirmed yet is given back as it is. Raises
    PlanStateError before the change set is applied, NothingToPushError and
    AccountNotConnectedError.
    """
    change_set = find_undo(plan)
    if change_set is None or change_set.state != ChangeSet.State.APPLIED:
        raise PlanStateError("The values are not changed back yet.")
    draft = plan.reverted_by.filter(state=PushPlan.State.DRAFT).first()
    if draft is not None:
        return draft
    changed = Video.objects.in_change_set(change_set)
    videos = Video.objects.filter(pk__in=changed.order_by().values("pk"))
    back = create_plan(videos=videos, account=plan.account, actor=actor)
    _keep_only(back, change_set)
    back.reverts = plan
    back.save(update_fields=["reverts"])
    count_and_price(back)
    if not back.item_count:
        raise NothingToPushError
    return back


def _keep_only(plan: PushPlan, change_set: ChangeSet) -> None:
    """Drop the fields of a plan that the change set did not change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH kept AS (SELECT i.id, (SELECT jsonb_object_agg(e.key, e.value) "
            "FROM jsonb_each(i.fields) AS e(key, value) WHERE EXISTS (SELECT FROM "
            "catalog_change c WHERE c.change_set_id = %(change_set)s "
            "AND c.outcome = 'applied' AND c.field = e.key AND c.video_id = "
            "coalesce((e.value ->> 'video')::bigint, i.video_id))) AS fields "
            "FROM youtube_sync_planitem i WHERE i.plan_id = %(plan)s) "
            "UPDATE youtube_sync_planitem i SET fields = coalesce(k.fields, '{}') "
            "FROM kept k WHERE k.id = i.id AND i.fields IS DISTINCT FROM k.fields",
            {"change_set": change_set.pk, "plan": plan.pk},
        )
    PlanItem.objects.filter(plan=plan, fields={}).delete()
