"""Opaque codes leave the search text; their own indexes find them."""

from typing import Any

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

BATCH = 20_000
# As `catalog.field_sql.search_text` was at the time of this migration.
_WORDS = (
    "concat_ws(' ', '', v.title, array_to_string(v.artist, ' '), v.label, v.custom_id)"
)
_UNSPACED = "[\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af]"
_PAIRS = (
    f"CASE WHEN v.title || array_to_string(v.artist, ' ') ~ '{_UNSPACED}' "
    "THEN (SELECT ' ' || string_agg(substr(words.t, place, 2), ' ') "
    f"FROM (SELECT {_WORDS} AS t) words, generate_series(1, length(words.t)) place "
    f"WHERE substr(words.t, place, 1) ~ '{_UNSPACED}') ELSE '' END"
)
UPDATE = (
    f"UPDATE catalog_video v SET search_text = lower({_WORDS} || {_PAIRS}) "
    "WHERE id BETWEEN %s AND %s"
)


def slim(apps: Any, schema_editor: Any) -> None:
    """Short transactions, so that nobody's save waits for a million rows."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM catalog_video"
        )
        first, last = cursor.fetchone()
        for start in range(first, last + 1, BATCH):
            cursor.execute(UPDATE, [start, start + BATCH - 1])


def index(column: str) -> list[Operation]:
    name = f"catalog_video_{column}"
    return [
        migrations.RemoveIndex("video", name),
        migrations.AddIndex(
            "video",
            models.Index(
                condition=models.Q((column, ""), _negated=True),
                fields=[column],
                name=name,
                opclasses=["text_pattern_ops"],
            ),
        ),
    ]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0018_add_outcomes_of_reports")]
    operations = [
        migrations.RunPython(slim, migrations.RunPython.noop, elidable=True),
        *index("isrc"),
        *index("upc"),
    ]
