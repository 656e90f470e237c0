"""The same file by SQL that was written for it alone: what a merge costs without care.

Trusts every cell, knows one source, and keeps no claims, ages, conflicts or history:
an edit of a person would be lost. It fills the same tables with the same indexes, so
it tells what the catalogue costs, and the rest of an import what its rules cost.
"""

from collections.abc import Mapping
from pathlib import Path

from django.db import connection, transaction

from benchmarks.floors import TABLE, copy_file
from catalog import field_sql
from catalog.doors import Door, opened
from catalog.observations.staging import ADS_FLAGS
from catalog.values import CATEGORIES

# The place of each column in a sample report is read from its header.
Places = Mapping[str, str]
EMPTY_BY_TYPE = {
    "text": "''",
    "character varying": "''",
    "boolean": "false",
    "bigint": "1",
    "ARRAY": "'{}'::text[]",
    "jsonb": "'{}'",
    "timestamp with time zone": "now()",
}
TEXTS = {
    "title": "video_title",
    "isrc": "isrc",
    "custom_id": "custom_id",
    "other_owners_claiming": "other_owners_claiming",
    "effective_policy": "effective_policy",
}
MOMENTS = {"uploaded_at": "time_uploaded", "published_at": "time_published"}
FLAGS = {
    "embeddable": "embedding_allowed",
    "made_for_kids": "is_made_for_kids_user_selection",
    "claimed_by_this_owner": "claimed_by_this_owner",
    "claimed_by_another_owner": "claimed_by_another_owner",
    **{
        name: name
        for name in ("ratings_allowed", "comments_allowed", *sorted(ADS_FLAGS))
    },
}
COUNTERS = {
    "view_count": "views",
    "comment_count": "comments",
    "engaged_view_count": "engaged_views",
}
OBSERVED = ("title", "privacy_status", "category_id", "isrc", "custom_id")
OBSERVED_FLAGS = ("embeddable", "made_for_kids")


def import_first_by_hand(path: Path) -> None:
    """Every row is a new video."""
    with transaction.atomic():
        places = _read(path)
        _insert_channels(places)
        _insert_assets(places)
        _insert_videos(places)
        _execute(
            "INSERT INTO catalog_videosnapshot "
            f"(video_id, {', '.join((*OBSERVED, *OBSERVED_FLAGS))}) "
            f"SELECT id, {', '.join((*OBSERVED, *OBSERVED_FLAGS))} FROM catalog_video"
        )
        _insert_counters(places)


def import_nightly_by_hand(path: Path) -> None:
    """Every row is a known video; those that differ are written."""
    with transaction.atomic():
        places = _read(path)
        _update_counters(places)
        _update_videos(places)


def forget_all() -> None:
    """Leave the catalogue as empty as it was, its tables and indexes anew."""
    _execute(
        "TRUNCATE catalog_video, catalog_videosnapshot, catalog_videostatistics, "
        "catalog_asset, catalog_channel, catalog_contentowner RESTART IDENTITY CASCADE"
    )


def _read(path: Path) -> Places:
    copy_file(path)
    header = path.open(encoding="utf-8").readline().strip().split(",")
    _execute(f"ANALYZE {TABLE}")
    return {name: f"r.c{place}" for place, name in enumerate(header)}


def _insert_channels(places: Places) -> None:
    _execute(
        "INSERT INTO catalog_contentowner "
        + _filled("catalog_contentowner", {"name": "'By hand'"})
    )
    channel = {
        "channel_id": places["channel_id"],
        "name": f"min({places['channel_display_name']})",
        "content_owner_id": "(SELECT id FROM catalog_contentowner)",
    }
    _execute(
        "INSERT INTO catalog_channel "
        + _filled("catalog_channel", channel)
        + f" FROM {TABLE} r GROUP BY {places['channel_id']}"
    )


def _insert_assets(places: Places) -> None:
    asset = {
        "asset_id": "asset_id",
        "content_owner_id": "(SELECT id FROM catalog_contentowner)",
        "isrc": "isrc",
        "custom_id": "custom_id",
    }
    _execute(
        "INSERT INTO catalog_asset "
        + _filled("catalog_asset", asset)
        + " FROM (SELECT DISTINCT ON (asset_id) asset_id, "
        f"{places['isrc']} AS isrc, {places['custom_id']} AS custom_id FROM {TABLE} r "
        f"CROSS JOIN LATERAL unnest(string_to_array({places['asset_id']}, '|')) "
        "AS named(asset_id)) a"
    )


def _insert_videos(places: Places) -> None:
    video = {
        "video_id": places["video_id"],
        "channel_id": "c.id",
        "primary_asset_id": "a.id",
        "sort_views": f"{places['views']}::bigint",
        **_values(places),
    }
    columns = {**_blanks("catalog_video"), **video, "search_text": "''"}
    columns.pop("id")
    named = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    names = ", ".join(columns)
    listed = names.replace("search_text", field_sql.search_text("v"))
    _execute(
        f"INSERT INTO catalog_video ({names}) SELECT {listed} FROM (SELECT {named} "
        f"FROM {TABLE} r "
        f"JOIN catalog_channel c ON c.channel_id = {places['channel_id']} "
        "LEFT JOIN catalog_asset a ON a.asset_id = "
        f"split_part({places['asset_id']}, '|', 1) "
        f"WHERE {places['video_id']} IS NOT NULL) v ON CONFLICT DO NOTHING"
    )


def _insert_counters(places: Places) -> None:
    counters = ", ".join(f"{places[c]}::bigint" for c in COUNTERS.values())
    _execute(
        f"INSERT INTO catalog_videostatistics (video_id, {', '.join(COUNTERS)}, "
        f"counters_as_of) SELECT v.id, {counters}, now() FROM {TABLE} r "
        f"JOIN catalog_video v ON v.video_id = {places['video_id']} "
        "ON CONFLICT DO NOTHING"
    )


def _update_counters(places: Places) -> None:
    counters = ", ".join(
        f"{name} = {places[column]}::bigint" for name, column in COUNTERS.items()
    )
    _execute(
        f"UPDATE catalog_videostatistics s SET {counters}, "
        "previous_view_count = s.view_count, previous_as_of = s.counters_as_of, "
        f"counters_as_of = now() FROM {TABLE} r "
        f"JOIN catalog_video v ON v.video_id = {places['video_id']} "
        "WHERE s.video_id = v.id"
    )


def _update_videos(places: Places) -> None:
    values = _values(places)
    written = ", ".join(f"{name} = {value}" for name, value in values.items())
    ours = ", ".join(f"v.{name}" for name in values)
    with opened(Door.OBSERVATION):
        _execute(
            f"UPDATE catalog_video v SET {written} FROM {TABLE} r "
            f"WHERE v.video_id = {places['video_id']} "
            f"AND ({ours}) IS DISTINCT FROM ({', '.join(values.values())})"
        )


def _values(places: Places) -> dict[str, str]:
    """The columns of a video, typed."""
    categories = " ".join(
        f"WHEN '{code}' THEN '{number}'"
        for number, (_, codes) in CATEGORIES.items()
        for code in codes
    )
    return {
        **{name: f"coalesce({places[column]}, '')" for name, column in TEXTS.items()},
        **{name: f"{places[column]}::timestamptz" for name, column in MOMENTS.items()},
        **{
            name: f"CASE {places[column]} WHEN 'Yes' THEN true WHEN 'No' THEN false END"
            for name, column in FLAGS.items()
        },
        "length_seconds": f"{places['video_length']}::integer",
        "privacy_status": f"lower({places['video_privacy_status']})",
        "category_id": f"CASE {places['category']} {categories} ELSE '' END",
    }


def _filled(table: str, values: Mapping[str, str]) -> str:
    """Columns and SELECT list; what must not be NULL is empty."""
    columns = {**_blanks(table), **values}
    columns.pop("id")
    return f"({', '.join(columns)}) SELECT {', '.join(columns.values())}"


def _blanks(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = %s AND is_nullable = 'NO'",
            [table],
        )
        return {name: EMPTY_BY_TYPE[kind] for name, kind in cursor.fetchall()}


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
