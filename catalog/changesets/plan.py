"""Plan an edit: write down each change, leave the catalogue untouched."""

from typing import Any

from django.db import connection
from django.utils import timezone

from catalog import check_sql, fields
from catalog.changesets import schedules
from catalog.changesets.columns import current_value
from catalog.changesets.schedules import finding
from catalog.changesets.sources import PlanSource, Target
from catalog.clean_text import sql_quote
from catalog.exceptions import InvalidEditError
from catalog.fields import Shape, UnmappableValueError
from catalog.models import ChangeSet, Channel, Video
from catalog.querysets import scope_of


def normalise(values: dict[str, Any]) -> dict[str, Any]:
    """Wanted values in normal form and within YouTube's limits.

    Raises InvalidEditError; its details map each field to its findings.
    """
    clean: dict[str, Any] = {}
    findings: dict[str, list[str]] = {}
    for name, value in values.items():
        found = _normalise_one(name, value, clean)
        if found:
            findings[name] = found
    if findings:
        raise InvalidEditError(fields=findings)
    return clean


def _normalise_one(name: str, value: Any, clean: dict[str, Any]) -> list[str]:
    field = fields.EDITABLE.get(name)
    if field is None:
        return ["This field cannot be edited."]
    try:
        clean[name] = field.normalise(value)
    except UnmappableValueError as exc:
        return [f"{value!r} is not known; expected {exc}."]
    return field.check(clean[name])


def write_plan(change_set: ChangeSet, source: PlanSource) -> int:
    """Write the changes that a source asks for; returns how many may be applied.

    Set-based: the selection stays a query, whatever its size. A value that is
    wanted already is only counted. Needs an atomic block; the rows of an earlier
    plan go first, and what was left out of it stays out.
    """
    assert connection.in_atomic_block, "a plan and its counts commit together"
    is_again = change_set.planned_at is not None
    with connection.cursor() as cursor:
        if is_again:
            for statement in _DROP_EARLIER:
                cursor.execute(statement, {"change_set": change_set.pk})
        within, seen = _within_scope(change_set, source)
        cursor.execute(
            _statement(source, within), [*source.params, *seen, change_set.pk]
        )
        row_count, change_set.selected_count, written = cursor.fetchone()
        if is_again:
            cursor.execute(_LEAVE_OUT_AGAIN, {"change_set": change_set.pk})
    if not source.is_observed and not schedules.FIELDS.isdisjoint(source.fields):
        schedules.judge(change_set)
    change_set.unchanged_count = row_count - written
    change_set.planned_at = timezone.now()
    recount(change_set)
    return change_set.expected_count


_DROP_EARLIER = (
    "DROP TABLE IF EXISTS pg_temp.left_out",
    "CREATE TEMP TABLE left_out ON COMMIT DROP AS "
    "SELECT coalesce(video_id, -channel_id) AS target, field FROM catalog_change "
    "WHERE change_set_id = %(change_set)s AND outcome = 'excluded'",
    "DELETE FROM catalog_change WHERE change_set_id = %(change_set)s",
)
_LEAVE_OUT_AGAIN = (
    "UPDATE catalog_change c SET outcome = 'excluded' FROM left_out l "
    "WHERE c.change_set_id = %(change_set)s AND c.outcome = 'planned' "
    "AND coalesce(c.video_id, -c.channel_id) = l.target AND c.field = l.field"
)


def recount(change_set: ChangeSet) -> None:
    """Count the rows of a plan anew, by what will become of them."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, [change_set.pk])
        counts = dict(zip(_COUNTS, cursor.fetchone(), strict=True))
    for name, count in counts.items():
        setattr(change_set, name, count)
    change_set.save(
        update_fields=[
            *counts,
            "selected_count",
            "unchanged_count",
            "planned_at",
            "updated_at",
        ]
    )


_COUNTS = (
    "expected_count",
    "target_count",
    "warning_count",
    "invalid_count",
    "skipped_count",
    "excluded_count",
)
_RECOUNT = """
    SELECT count(*) FILTER (WHERE outcome = 'planned'),
        count(DISTINCT coalesce(video_id, -channel_id))
            FILTER (WHERE outcome = 'planned'),
        count(*) FILTER (WHERE outcome = 'planned' AND findings IS NOT NULL),
        count(*) FILTER (WHERE outcome = 'invalid'),
        count(*) FILTER (WHERE outcome = 'moved'),
        count(*) FILTER (WHERE outcome = 'excluded')
    FROM catalog_change WHERE change_set_id = %s
"""
NO_ASSET = "This video has no asset: the value is kept here, YouTube cannot be told."
_KEY = "CHANGE_SET_KEY"  # stands for the parameter while percent signs are doubled
MOVED = "The value was changed since then; it stays as it is."


def _within_scope(change_set: ChangeSet, source: PlanSource) -> tuple[str, Any]:
    """A condition on the targets, with its parameters; empty: no scope.

    Whatever way a wish came in, nobody plans for what they do not see.
    """
    scope = scope_of(change_set.actor) if change_set.actor else None
    if scope is None:
        return "", ()
    rows: Any = Video.objects if source.target is Target.VIDEO else Channel.objects
    seen = rows.all().within(scope).order_by().values("pk")
    sql, params = seen.query.sql_with_params()
    return f" WHERE v.id IN ({sql})", params


def _statement(source: PlanSource, within: str = "") -> str:
    """Parameters: of the source, of `within`, then the key of the change set."""
    expected = ", w.expected" if source.has_expected else ""
    findings = ", w.findings" if source.has_findings else ""
    is_video = source.target is Target.VIDEO
    version = "v.row_version" if is_video else "0::bigint"
    lacks_asset = "v.primary_asset_id IS NULL" if is_video else "false"
    engine = (
        f"SELECT w.pk, w.field, {current_value(source)} AS old, "
        f"nullif(w.new, 'null'::jsonb) AS new, {version} AS row_version, "
        f"{lacks_asset} AS lacks_asset{expected}{findings} "
        f"FROM wanted w JOIN catalog_{source.target} v ON v.id = w.pk"
    )
    written = (
        f"INSERT INTO catalog_change (change_set_id, {source.target}_id, field, old, "
        "new, row_version, outcome, findings, created_at) "
        f"SELECT {_KEY}, f.pk, f.field, f.old, f.new, f.row_version, "
        f"{_outcome(source)}, {_all_findings(source)}, now() "
        f"FROM (SELECT j.*, {_errors(source)} AS errors FROM judged j "
        "WHERE j.old IS DISTINCT FROM j.new) f "
        f"ORDER BY {_order(source)} RETURNING 1"
    )
    engine, written = engine.replace("%", "%%") + within, written.replace("%", "%%")
    return (
        f"WITH wanted AS ({source.sql}), judged AS MATERIALIZED ({engine}), "
        f"written AS ({written.replace(_KEY, '%s')}) "
        "SELECT (SELECT count(*) FROM judged), (SELECT count(DISTINCT pk) FROM judged)"
        ", (SELECT count(*) FROM written)"
    )


def _order(source: PlanSource) -> str:
    """By target, then as its form has the fields: keys are given in this order."""
    if len(source.fields) < 2:
        return "f.pk"
    is_video = source.target is Target.VIDEO
    names = fields.FORM_ORDER if is_video else tuple(fields.OF_CHANNEL)
    ordered = ", ".join(map(sql_quote, names))
    return f"f.pk, array_position(ARRAY[{ordered}], f.field::text)"


def _errors(source: PlanSource) -> str:
    """A text[] of what the limits say against a value; NULL: nothing.

    Only the database knows who a person is, so that is always asked here.
    """
    if source.target is not Target.VIDEO:
        return "NULL::text[]"
    cases = " ".join(
        f"WHEN '{name}' THEN {check_sql.finding_texts(field, 'j.new')}"
        for name, field in fields.EDITABLE.items()
        if name in source.fields
        and (not source.is_checked or field.shape is Shape.PERSON)
    )
    return f"CASE j.field {cases} END" if cases else "NULL::text[]"


def _outcome(source: PlanSource) -> str:
    cases = ["WHEN f.errors IS NOT NULL THEN 'invalid'"]
    if source.has_findings:
        is_error = 'f.findings @> \'[{"level": "error"}]\''
        cases.append(f"WHEN {is_error} THEN 'invalid'")
    if source.has_expected:
        moved = "f.old IS DISTINCT FROM nullif(f.expected, 'null'::jsonb)"
        cases.insert(0, f"WHEN {moved} THEN 'moved'")
    return f"CASE {' '.join(cases)} ELSE 'planned' END"


def _all_findings(source: PlanSource) -> str:
    asset_part = ", ".join(f"'{name}'" for name in fields.ASSET_PART)
    parts = [
        "coalesce((SELECT jsonb_agg(jsonb_build_object('level', 'error', 'text', t)) "
        "FROM unnest(f.errors) t), '[]')",
        f"CASE WHEN f.lacks_asset AND f.field IN ({asset_part}) "
        f"THEN {finding('warning', NO_ASSET)} ELSE '[]' END",
    ]
    if source.has_findings:
        parts.append("coalesce(f.findings, '[]')")
    if source.has_expected:
        moved = "f.old IS DISTINCT FROM nullif(f.expected, 'null'::jsonb)"
        parts.append(
            f"CASE WHEN {moved} THEN {finding('warning', MOVED)} ELSE '[]' END"
        )
    return f"nullif({' || '.join(parts)}, '[]')"
