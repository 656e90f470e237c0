"""Items of a plan, made from the pending fields of a selection in two statements.

Only videos with pending fields are touched, so planning over a whole catalogue
costs what its edits cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from catalog import fields
from catalog.querysets import VideoQuerySet
from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.prices import CONTENT_ID, VIDEOS_UPDATE

FOREIGN = "This video belongs to another content owner than the account."
GONE = "YouTube did not show this video any more."
NO_CONTENT_ID = (
    "This account has no access to Content ID: send asset metadata by spreadsheet."
)
OPEN_CONFLICT = "An open conflict must be decided first."
DISAGREEMENT = "Videos that share this asset want different values."
NO_VALUE = "YouTube needs a value here."
ONLY_PRIVATE = "YouTube schedules private videos only."
IN_THE_PAST = "This moment has passed."
BATCH = 1000
# YouTube refuses or resets these when they are sent empty.
NEVER_EMPTY = {"title", "category_id", "privacy_status", "license"}

# {chosen} is a subquery of video keys; one wish is one pending field of a video.
_WISHES = """
    wishes AS (
        SELECT v.id AS pk, v.video_id, v.primary_asset_id, w.field,
            ch.content_owner_id <> %(owner)s AS is_foreign,
            v.not_found_at IS NOT NULL AS is_gone,
            to_jsonb(v) -> w.field AS wanted, to_jsonb(s) -> w.field AS observed,
            c.id IS NOT NULL AS is_disputed,
            v.id IN (SELECT id FROM chosen) AS is_chosen
        FROM catalog_video v
        JOIN catalog_channel ch ON ch.id = v.channel_id
        LEFT JOIN catalog_videosnapshot s ON s.video_id = v.id
        CROSS JOIN LATERAL unnest(v.pending_fields) AS w(field)
        LEFT JOIN catalog_conflict c
            ON c.video_id = v.id AND c.field = w.field AND c.state = 'open'
        WHERE v.pending_fields <> '{{}}' AND w.field = ANY(%(fields)s) AND {scope}
    )
"""
_VIDEO_ITEMS = (
    "WITH chosen(id) AS MATERIALIZED ({chosen}),"
    + _WISHES
    + """
    INSERT INTO youtube_sync_planitem (plan_id, target_kind, target_id, video_id,
        fields, blocked_by, state, message, price_units)
    SELECT %(plan)s, 'video', video_id, pk,
        jsonb_object_agg(field,
            jsonb_build_object('observed', observed, 'wanted', wanted)
            || CASE WHEN is_disputed THEN %(disputed)s::jsonb ELSE '{{}}' END),
        CASE WHEN bool_or(is_foreign) THEN %(foreign)s
            WHEN bool_or(is_gone) THEN %(gone)s ELSE '' END,
        'pending', '', %(price)s
    FROM wishes GROUP BY pk, video_id ORDER BY pk
    """
)
# All videos of a chosen asset take part, so that disagreement shows.
_ASSET_ITEMS = (
    "WITH chosen(id) AS MATERIALIZED ({chosen}), shared AS ("
    " SELECT DISTINCT v.primary_asset_id FROM catalog_video v"
    " JOIN chosen USING (id) WHERE v.primary_asset_id IS NOT NULL"
    " AND v.pending_fields <> '{{}}'),"
    + _WISHES
    + """
    , by_field AS (
        SELECT primary_asset_id, field, bool_or(is_foreign) AS is_foreign,
            (array_agg(pk ORDER BY is_chosen DESC, pk))[1] AS pk,
            (array_agg(wanted ORDER BY is_chosen DESC, pk))[1] AS wanted,
            (array_agg(observed ORDER BY is_chosen DESC, pk))[1] AS observed,
            count(DISTINCT wanted) > 1 AS is_split, bool_or(is_disputed) AS is_disputed
        FROM wishes GROUP BY primary_asset_id, field HAVING bool_or(is_chosen)
    )
    INSERT INTO youtube_sync_planitem (plan_id, target_kind, target_id, video_id,
        fields, blocked_by, state, message, price_units)
    SELECT %(plan)s, 'asset', a.asset_id, min(b.pk),
        jsonb_object_agg(b.field,
            jsonb_build_object(
                'observed', b.observed, 'wanted', b.wanted, 'video', b.pk)
            || CASE WHEN b.is_disputed THEN %(disputed)s::jsonb
                WHEN b.is_split THEN %(split)s::jsonb ELSE '{{}}' END),
        CASE WHEN bool_or(b.is_foreign) THEN %(foreign)s ELSE %(no_content_id)s END,
        'pending', '', %(price)s
    FROM by_field b JOIN catalog_asset a ON a.id = b.primary_asset_id
    GROUP BY a.asset_id, a.id ORDER BY a.id
    """
)


def insert_items(plan: PushPlan, videos: VideoQuerySet) -> None:
    """Write the plan's items, then judge their values."""
    has_content_id = settings.CONTENT_ID_ENABLED and plan.account.has_content_id
    params = {
        "plan": plan.pk,
        "owner": plan.account.content_owner_id,
        "foreign": FOREIGN,
        "gone": GONE,
        "disputed": _blocked(OPEN_CONFLICT),
        "split": _blocked(DISAGREEMENT),
        "no_content_id": "" if has_content_id else NO_CONTENT_ID,
    }
    video_part = {"fields": list(fields.VIDEO_PART), "price": VIDEOS_UPDATE}
    asset_part = {"fields": list(fields.ASSET_PART), "price": CONTENT_ID}
    in_chosen = "v.id IN (SELECT id FROM chosen)"
    in_shared = "v.primary_asset_id IN (SELECT primary_asset_id FROM shared)"
    _execute(_VIDEO_ITEMS, in_chosen, videos, params | video_part)
    _execute(_ASSET_ITEMS, in_shared, videos, params | asset_part)
    judge_items(plan)


def _blocked(reason: str) -> str:
    return f'{{"blocked": "{reason}"}}'


def _execute(
    template: str, scope: str, videos: VideoQuerySet, params: dict[str, Any]
) -> None:
    chosen, values = videos.pending_push().keys_sql()
    # A statement takes positional or named parameters: give Django's ones names.
    names = iter(range(len(values)))
    chosen = re.sub(r"%[%s]", lambda found: _name(found[0], names), chosen)
    sql = template.format(chosen=chosen, scope=scope)
    with connection.cursor() as cursor:
        cursor.execute(sql, params | {f"p{n}": v for n, v in enumerate(values)})


def _name(mark: str, names: Iterator[int]) -> str:
    return mark if mark == "%%" else f"%(p{next(names)})s"


def judge_items(plan: PushPlan) -> None:
    """Mark what YouTube would refuse; it would cost units all the same."""
    items = plan.items.select_related("video").only(
        "plan", "fields", "blocked_by", "state", "video__privacy_status"
    )
    # Cursors of the server do not survive a transaction pooler, and without them
    # iterator() fetches every row at once.
    batch = list(items.after(0, BATCH))
    while batch:
        PlanItem.objects.bulk_update(
            _judged(batch), ["fields", "blocked_by", "state"], batch_size=BATCH
        )
        batch = list(items.after(batch[-1].pk, BATCH))


def _judged(items: list[PlanItem]) -> Iterator[PlanItem]:
    """The items on which something blocks a field or the whole."""
    for item in items:
        is_touched = bool(item.blocked_by)
        for name, entry in item.fields.items():
            finding = "" if entry.get("blocked") else find_problem(item, name)
            if finding:
                entry["blocked"] = finding
            is_touched |= bool(entry.get("blocked"))
        if is_touched:
            _block_if_empty(item)
            yield item


def _block_if_empty(item: PlanItem) -> None:
    """An item without a field to send is blocked as a whole."""
    if not item.blocked_by and not item.wanted:
        reasons = (entry["blocked"] for entry in item.fields.values())
        item.blocked_by = " ".join(dict.fromkeys(reasons))
    if item.blocked_by:
        item.state = PlanItem.State.BLOCKED


def find_problem(item: PlanItem, name: str) -> str:
    """Why YouTube would not take the wanted value of a field; '' if it would."""
    field, wanted = fields.PUSHABLE[name], item.fields[name]["wanted"]
    if wanted is None or (wanted == "" and name in NEVER_EMPTY):
        return NO_VALUE
    findings = field.check(wanted)
    if name == "publish_at" and wanted and not findings:
        findings = _find_schedule_problem(item, wanted)
    return " ".join(findings)


def _find_schedule_problem(item: PlanItem, wanted: str) -> list[str]:
    # "Helpfully" making a video private would take it offline.
    if item.video.privacy_status != "private":
        return [ONLY_PRIVATE]
    moment = datetime.fromisoformat(wanted).astimezone(UTC)
    return [IN_THE_PAST] if moment <= timezone.now() else []
