"""Plan an edit: write down each change, leave the catalogue untouched."""

from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from catalog import fields
from catalog.exceptions import InvalidEditError
from catalog.fields import UnmappableValueError
from catalog.models import ChangeSet
from catalog.querysets import VideoQuerySet


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


def plan_values(
    *, change_set: ChangeSet, videos: VideoQuerySet, values: dict[str, Any]
) -> int:
    """Write planned changes where a video's value differs; returns their number.

    Set-based: the selection stays a query, whatever its size.
    """
    selection, params = videos.keys_sql()
    parameters: list[Any] = [change_set.pk, *map(Jsonb, values.values()), *params]
    rows = ", ".join(f"('{n}', to_jsonb(v.{n}), %s::jsonb)" for n in values)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_change (change_set_id, video_id, field, old, new, "
            "row_version, outcome, created_at) SELECT %s, v.id, x.field, x.old, "
            "nullif(x.new, 'null'::jsonb), v.row_version, 'planned', now() "
            f"FROM catalog_video v CROSS JOIN LATERAL (VALUES {rows}) "
            "x (field, old, new) "
            f"WHERE v.id IN ({selection}) "
            "AND x.old IS DISTINCT FROM nullif(x.new, 'null'::jsonb)",
            parameters,
        )
        planned: int = cursor.rowcount
    change_set.expected_count = planned
    change_set.save(update_fields=["expected_count", "updated_at"])
    return planned
