"""Clean-up of custom IDs: the partner's where YouTube put the video's own ID.

YouTube gives an asset that it makes of an upload the ID of the video as custom
ID. The office wants the partner's there, which stands with the channel. An asset
that belongs to several videos is cleaned on all of them, or on none.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import connection, models, transaction

from catalog import check_sql, fields
from catalog.changesets.sources import PlanSource, planner
from catalog.models import Change, ChangeSet
from catalog.services import change_sets
from ytmanager.caching import kept

logger = structlog.get_logger(__name__)

NAME = "clean_custom_ids"
NO_PARTNER = "Skipped: the channel of this video has no partner custom ID."
DISAGREE = "Skipped: the videos of its asset want different custom IDs."
PINNED = "Skipped: the custom ID of this video is pinned."
CONFLICT = "Skipped: a conflict about the custom ID of this video is open."
GONE = "Skipped: YouTube does not know this video any more."
State = ChangeSet.State
# What the outlook is counted from.
_COUNTED = ("catalog_video", "catalog_channel", "catalog_conflict")


class Cause(models.TextChoices):
    """What asked for a clean-up."""

    PERSON = "person", "by hand"
    SCHEDULE = "schedule", "on schedule"
    CHANNELS = "channels", "after a list of channels"
    COMMAND = "command", "by the command"


AUTOMATIC = (Cause.SCHEDULE, Cause.CHANNELS)
# Whole assets: one video that cannot be cleaned keeps the others as they are, too.
# An array of sorted keys goes through the index once; a join would search each anew.
_OWN = f"""
    SELECT v.id AS pk, v.primary_asset_id AS asset, v.not_found_at IS NOT NULL AS gone,
        v.custom_id, c.partner_custom_id AS partner, c.partner_name AS name,
        CASE WHEN v.not_found_at IS NOT NULL THEN '{GONE}'
            WHEN c.partner_custom_id = '' THEN '{NO_PARTNER}'
            WHEN 'custom_id' = ANY (v.pinned_fields) THEN '{PINNED}'
            WHEN EXISTS (SELECT FROM catalog_conflict k WHERE k.video_id = v.id
                AND k.field = 'custom_id' AND k.state = 'open')
            THEN '{CONFLICT}' END AS reason
    FROM catalog_video v JOIN catalog_channel c ON c.id = v.channel_id
    WHERE v.primary_asset_id = ANY (ARRAY(SELECT DISTINCT primary_asset_id
        FROM catalog_video WHERE custom_id = video_id AND primary_asset_id IS NOT NULL))
"""
_JUDGED = f"""
    SELECT o.pk, o.partner, o.name, min(o.name) OVER w = max(o.name) OVER w AS one_name,
        coalesce(o.reason, CASE WHEN bool_or(o.reason IS NOT NULL) OVER w
            OR min(o.partner) OVER w <> max(o.partner) OVER w
            OR min(o.custom_id) OVER w <> max(o.custom_id) OVER w
        THEN '{DISAGREE}' END) AS reason
    FROM ({_OWN}) o WINDOW w AS (PARTITION BY o.asset, o.gone)
"""
_COUNTS = f"SELECT coalesce(reason, ''), count(*) FROM ({_JUDGED}) j GROUP BY 1"


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many videos a clean-up would change, and how many not, by reason."""

    ready_count: int
    skipped: dict[str, int]

    @property
    def count(self) -> int:
        return self.ready_count + sum(self.skipped.values())


def look_ahead() -> Outlook:
    """Count what a clean-up would do now; reads the videos it concerns, by an index."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        counts: dict[str, int] = dict(cursor.fetchall())
    return Outlook(counts.pop("", 0), dict(sorted(counts.items())))


def kept_outlook() -> Outlook:
    """The same from the cache, until something that it is counted from moves."""
    return kept("clean_up", tables=_COUNTED, parts=(), make=look_ahead)


@planner(NAME)
def _plan_source(change_set: ChangeSet) -> PlanSource:
    """Skipped videos come along with their reason, so that each is accounted for.

    Nobody reads those of channels without a partner after each automatic run.
    """
    chosen = change_set.plan_source
    names = ("custom_id", "label") if chosen["with_label"] else ("custom_id",)
    rows = ", ".join(f"({_row(name)})" for name in names)
    left_out = NO_PARTNER if chosen["cause"] in AUTOMATIC else ""
    return PlanSource(
        sql=(
            "SELECT j.pk, x.field, CASE WHEN j.reason IS NULL THEN x.new END AS new, "
            "CASE WHEN j.reason IS NOT NULL THEN jsonb_build_array("
            "jsonb_build_object('level', 'error', 'text', j.reason)) END AS findings "
            f"FROM ({_JUDGED}) j CROSS JOIN LATERAL (VALUES {rows}) x (field, new, "
            "is_wanted) WHERE x.is_wanted AND j.reason IS DISTINCT FROM %s"
        ),
        params=(left_out,),
        fields=names,
        has_findings=True,
    )


def _row(name: str) -> str:
    """Field, value, and whether it has a row: a label only beside a new custom ID."""
    column = "j.partner" if name == "custom_id" else "j.name"
    value = check_sql.normal_form(fields.EDITABLE[name], column).replace("%", "%%")
    has_name = "j.name <> '' AND j.one_name AND j.reason IS NULL"
    wanted = "true" if name == "custom_id" else has_name
    return f"'{name}', to_jsonb({value}), {wanted}"


@transaction.atomic
def start_clean_up(
    *,
    cause: Cause,
    actor: User | None = None,
    with_label: bool = False,
    has_preview: bool = True,
) -> ChangeSet | None:
    """Plan a clean-up, at once or by the job that the caller starts.

    None when no video is left to clean, except for a person, who wants to read
    why. A plan of an earlier automatic run that nobody applied is discarded.
    """
    outlook = look_ahead()
    logger.info("clean_up_asked", cause=cause.value, ready_count=outlook.ready_count)
    if cause in AUTOMATIC:
        _discard_forgotten()
    if not outlook.ready_count and cause != Cause.PERSON:
        return None
    change_set = ChangeSet.objects.create(
        kind=ChangeSet.Kind.CLEAN_UP,
        state=State.DRAFT,
        actor=actor,
        reason=f"Clean-up of custom IDs, {cause.label}",
        plan_source=_stored(cause, with_label=with_label),
        has_preview=has_preview,
    )
    is_small = outlook.count <= change_sets.AT_ONCE
    change_sets.request_plan(change_set, is_small=is_small)
    return change_set


def _stored(cause: Cause, *, with_label: bool) -> dict[str, Any]:
    return {
        "name": NAME,
        "cause": cause.value,
        "with_label": with_label,
        "has_alarm": True,
    }


def _discard_forgotten() -> None:
    waiting = clean_ups().filter(state=State.PLANNED, plan_source__cause__in=AUTOMATIC)
    for change_set in waiting:
        change_sets.discard(change_set)


def clean_ups() -> "models.QuerySet[ChangeSet]":
    """All clean-ups, the newest first."""
    return ChangeSet.objects.filter(kind=ChangeSet.Kind.CLEAN_UP).order_by("-pk")


def calls_for_clean_up(change_set: ChangeSet) -> bool:
    """Whether a list of channels was imported that named partners anew."""
    return (
        change_set.kind == ChangeSet.Kind.SPREADSHEET
        and change_set.state == State.APPLIED
        and Change.objects.filter(
            change_set=change_set,
            channel__isnull=False,
            field__in=["partner_custom_id", "partner_name"],
            outcome=Change.Outcome.APPLIED,
        ).exists()
    )
