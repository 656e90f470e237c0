"""Videos that were not known: themselves, and the rows that stand beside each."""

from catalog import field_sql, fields
from catalog.fields import Shape
from catalog.observations import fingerprints
from catalog.observations.run import MergeRun
from catalog.observations.staging import COUNTERS, OBSERVED_ONLY, VIDEO_FACTS
from catalog.observations.videos import ages_of


def insert_new(run: MergeRun) -> None:
    """Insert new videos with their snapshot, counters and history.

    Leaves `new_videos` in the order of their keys: each index then grows at its end.
    """
    if not run.counts["videos_new"]:
        return
    _make_new_videos(run)
    _insert_videos(run)
    names = ", ".join(fields.PUSHABLE)
    run.execute(
        f"INSERT INTO catalog_videosnapshot (video_id, {names}) "
        f"SELECT pk, {names} FROM new_videos"
    )
    _insert_statistics(run)
    # Building JSON takes its time, and most fields are never told.
    facts = ", ".join(
        f"'{name}', {name}"
        for name, field in fields.PUSHABLE.items()
        if name in run.known or field.is_asset_part
    )
    run.execute(
        "INSERT INTO catalog_change (video_id, observation_id, field, new, "
        "row_version, outcome, created_at) SELECT pk, %(observation)s, 'created', "
        f"jsonb_strip_nulls(jsonb_build_object({facts})), 1, 'applied', now() "
        "FROM new_videos"
    )


def _make_new_videos(run: MergeRun) -> None:
    """What was observed of each new video, its channel and its asset."""
    values = {
        **{name: f"f.{name}" for name in VIDEO_FACTS},
        **{
            name: f"CASE WHEN p.asset_pk IS NULL THEN f.{name} ELSE a.{name} END"
            for name in fields.ASSET_PART
        },
        "pk": "w.pk",
        "channel_pk": "c.id",
        "policy": "policies.policy",
        "asset_pk": "p.asset_pk",
        "has_several": "coalesce(p.has_several, false)",
    }
    listed = ", ".join(f"{value} AS {name}" for name, value in values.items())
    run.make_table(
        "new_videos",
        f"SELECT {listed} "
        f"FROM work w JOIN {run.tables.videos} f USING (video_id) "
        "JOIN catalog_channel c ON c.channel_id = f.channel_id "
        "JOIN policies ON policies.spelling = coalesce(f.effective_policy, '') "
        "LEFT JOIN primaries p ON p.pk = w.pk "
        "LEFT JOIN catalog_asset a ON a.id = p.asset_pk WHERE w.is_new ORDER BY w.pk",
        key="",
    )


def _insert_videos(run: MergeRun) -> None:
    """Wanted starts as what was observed; nothing is pending."""
    wanted = {
        name: name
        if field.shape is Shape.FLAG
        else f"coalesce({name}, {field_sql.SQL_EMPTY[field.shape]})"
        for name, field in fields.PUSHABLE.items()
    }
    only = {
        name: f"coalesce({name}, '')" if sql_type == "text" else name
        for group in OBSERVED_ONLY.values()
        for name, sql_type in group.items()
    }
    columns = {
        **wanted,
        **only,
        "policy": "policy",
        "sort_views": "view_count",
        "channel_id": "channel_pk",
        "primary_asset_id": "asset_pk",
        "has_several_assets": "has_several",
    }
    names = ", ".join(columns)
    listed = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    run.execute(
        f"INSERT INTO catalog_video (id, video_id, {names}, search_text, "
        "is_asset_chosen, notes, is_administered, is_hidden, pinned_fields, "
        "pending_fields, row_version, created_at, updated_at) "
        f"SELECT v.*, {field_sql.search_text('v')}, "
        "false, '', false, false, '{}', '{}', 1, now(), now() "
        f"FROM (SELECT pk, video_id, {listed} FROM new_videos) v"
    )


def _insert_statistics(run: MergeRun) -> None:
    ages = [f"{group}_as_of" for group in ages_of(run)]
    ages += ["listed_as_of"] if run.listing else []
    kept = ["fingerprint"] if fingerprints.are_kept(run) else []
    names = [*COUNTERS, *kept, *ages]
    values = [*COUNTERS, *kept, *("%(as_of)s" for _ in ages)]
    run.execute(
        f"INSERT INTO catalog_videostatistics (video_id, {', '.join(names)}) "
        f"SELECT pk, {', '.join(values)} FROM new_videos"
    )
