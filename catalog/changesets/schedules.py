"""The rule over two fields: YouTube publishes on schedule private videos only.

A publishing time is judged beside the privacy that the same plan would give, so
the rule speaks again whenever rows of a plan are left out or taken in again, and
once more when a row turns out to have moved.
"""

from django.db import connection

from catalog import validators
from catalog.check_sql import message
from catalog.models import ChangeSet

FIELDS = frozenset({"publish_at", "privacy_status"})


def finding(level: str, text: str) -> str:
    """SQL of a list with one finding; `text` is the words themselves."""
    return finding_of(level, message(text))


def finding_of(level: str, text: str) -> str:
    """The same, where `text` is an expression."""
    said = f"jsonb_build_object('level', '{level}', 'text', {text})"
    return f"jsonb_build_array({said})"


def judge(change_set: ChangeSet) -> None:
    """Refuse schedules of videos that would not be private, and those in the past.

    What is published at once and keeps its schedule gets a warning. Speaks once
    about each row: a plan that changed is judged by `judge_again`.
    """
    with connection.cursor() as cursor:
        for statement in (_REFUSE, _WARN):
            cursor.execute(statement, {"change_set": change_set.pk})


def judge_again(change_set: ChangeSet) -> None:
    """Judge a plan of which rows were left out or taken in again."""
    if not change_set.changes.filter(field__in=FIELDS).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"change_set": change_set.pk})
    judge(change_set)


_TEXTS = ", ".join(
    message(text)
    for text in (
        validators.SCHEDULE_NOT_PRIVATE,
        validators.SCHEDULE_PAST,
        validators.SCHEDULE_LEFT,
    )
)
_FORGET = f"""
    UPDATE catalog_change c SET findings = nullif(r.others, '[]'),
        outcome = CASE WHEN r.others @> '[{{"level": "error"}}]' THEN c.outcome
            ELSE 'planned' END
    FROM (
        SELECT id, coalesce((
            SELECT jsonb_agg(f) FROM jsonb_array_elements(findings) f
            WHERE f ->> 'text' NOT IN ({_TEXTS})), '[]') AS others
        FROM catalog_change WHERE change_set_id = %(change_set)s
            AND field IN ('publish_at', 'privacy_status')
            AND outcome IN ('planned', 'invalid') AND findings IS NOT NULL
    ) r WHERE c.id = r.id AND c.findings <> r.others
"""
_ERROR = finding_of(
    "error",
    f"CASE WHEN judged.privacy <> 'private' "
    f"THEN {message(validators.SCHEDULE_NOT_PRIVATE)} "
    f"ELSE {message(validators.SCHEDULE_PAST)} END",
)
_REFUSE = f"""
    UPDATE catalog_change c SET outcome = 'invalid',
        findings = coalesce(c.findings, '[]') || {_ERROR}
    FROM (
        SELECT v.id, coalesce(p.new #>> '{{}}', v.privacy_status) AS privacy
        FROM catalog_video v LEFT JOIN catalog_change p
            ON p.video_id = v.id AND p.change_set_id = %(change_set)s
            AND p.field = 'privacy_status' AND p.outcome = 'planned'
    ) judged
    WHERE c.change_set_id = %(change_set)s AND c.field = 'publish_at'
        AND c.outcome = 'planned' AND judged.id = c.video_id
        AND c.new #>> '{{}}' <> '' AND (judged.privacy <> 'private'
            OR c.new #>> '{{}}' <= to_char(now() AT TIME ZONE 'UTC',
                'YYYY-MM-DD"T"HH24:MI:SS"Z"') COLLATE "C")
"""
# The other way round: what is published at once has no use for its schedule.
_WARN = f"""
    UPDATE catalog_change c SET findings = coalesce(c.findings, '[]')
        || {finding("warning", validators.SCHEDULE_LEFT)}
    FROM (
        SELECT v.id, coalesce(p.new #>> '{{}}', v.publish_at) AS publish_at
        FROM catalog_video v LEFT JOIN catalog_change p
            ON p.video_id = v.id AND p.change_set_id = %(change_set)s
            AND p.field = 'publish_at' AND p.outcome = 'planned'
    ) judged
    WHERE c.change_set_id = %(change_set)s AND c.field = 'privacy_status'
        AND c.outcome = 'planned' AND judged.id = c.video_id
        AND c.new #>> '{{}}' IN ('public', 'unlisted') AND judged.publish_at <> ''
"""
# Of one batch, after its locks: the privacy that a schedule counted on did not come.
MARK_MOVED = f"""
    UPDATE catalog_change c SET outcome = 'moved',
        findings = coalesce(c.findings, '[]')
            || {finding("warning", validators.SCHEDULE_NOT_PRIVATE)}
    FROM catalog_change p JOIN catalog_video v ON v.id = p.video_id
    WHERE p.change_set_id = %(change_set)s AND p.field = 'privacy_status'
        AND p.outcome = 'moved' AND v.privacy_status <> 'private'
        AND p.video_id > %(after)s AND p.video_id <= %(upto)s
        AND c.change_set_id = p.change_set_id AND c.video_id = p.video_id
        AND c.field = 'publish_at' AND c.outcome = 'planned'
        AND c.new #>> '{{}}' <> ''
"""
