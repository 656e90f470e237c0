"""Apply a plan: exactly its rows, skipping every value that moved since."""

from dataclasses import dataclass

from django.db import connection, transaction

from catalog import field_sql, fields
from catalog.changesets import schedules, shorts
from catalog.changesets.columns import value_of
from catalog.doors import Door, opened
from catalog.models import ChangeSet

BATCH = 5_000  # videos in one transaction: their locks are held for under a second
_ALL = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Keys of videos: after the one, up to and with the other."""

    after: int
    upto: int

    def params(self, change_set: ChangeSet) -> dict[str, int]:
        return {"change_set": change_set.pk, "after": self.after, "upto": self.upto}


def apply_planned(change_set: ChangeSet) -> None:
    """Write all planned changes of one change set; needs an atomic block.

    Locks the videos in key order, the order that merges use too. A field whose
    value is no longer the planned old one gets the outcome *moved*.
    """
    skipped = change_set.skipped_count
    applied, moved = _apply_videos(change_set, Batch(0, _ALL))
    applied_to_channels, moved_of_channels = _apply_channels(change_set)
    change_set.mark_applied(
        applied + applied_to_channels, skipped + moved + moved_of_channels
    )


def apply_next_batch(change_set: ChangeSet) -> bool:
    """Apply the next videos in key order; False when none was left.

    Moves the cursor in the same transaction: a worker that is killed goes on
    from there, and no row is applied twice. Needs an atomic block and a locked
    change set.
    """
    batch = _next_batch(change_set)
    if batch is None:
        applied, moved = _apply_channels(change_set)
    else:
        applied, moved = _apply_videos(change_set, batch)
        change_set.cursor = batch.upto
    change_set.applied_count += applied
    change_set.skipped_count += moved
    change_set.save(
        update_fields=["cursor", "applied_count", "skipped_count", "updated_at"]
    )
    return batch is not None


def _next_batch(change_set: ChangeSet) -> Batch | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(video_id) FROM (SELECT DISTINCT video_id FROM catalog_change "
            "WHERE change_set_id = %s AND video_id > %s AND outcome = 'planned' "
            "ORDER BY video_id LIMIT %s) next",
            [change_set.pk, change_set.cursor, BATCH],
        )
        upto = cursor.fetchone()[0]
    return None if upto is None else Batch(change_set.cursor, upto)


def _apply_videos(change_set: ChangeSet, batch: Batch) -> tuple[int, int]:
    """Returns how many changes were applied and how many had moved."""
    assert connection.in_atomic_block, "values and outcomes commit together"
    params = batch.params(change_set)
    with opened(Door.CHANGE_SET), connection.cursor() as cursor:
        cursor.execute(_LOCK, params)
        cursor.execute(_MARK_MOVED, params)
        moved = cursor.rowcount
        if moved:
            cursor.execute(schedules.MARK_MOVED, params)
            moved += cursor.rowcount
        if shorts.may_plan(change_set):
            cursor.execute(shorts.LOCK, params)
            cursor.execute(shorts.MARK_MOVED, params)
            moved += cursor.rowcount
            cursor.execute(shorts.WRITE, params)
        for statement in _APPLY:
            cursor.execute(statement, params)
        applied = cursor.rowcount
    return applied, moved


_PLANNED = (
    "change_set_id = %(change_set)s AND outcome = 'planned' "
    "AND video_id > %(after)s AND video_id <= %(upto)s"
)
_LOCK = (
    "SELECT count(*) FROM (SELECT id FROM catalog_video WHERE id IN "
    f"(SELECT video_id FROM catalog_change WHERE {_PLANNED}) "
    "ORDER BY id FOR UPDATE) locked"
)
_MARK_MOVED = (
    "UPDATE catalog_change c SET outcome = 'moved' FROM catalog_video v "
    f"WHERE v.id = c.video_id AND c.{_PLANNED.replace('AND ', 'AND c.')} "
    f"AND c.field <> '{shorts.SHORT}' "
    f"AND c.old IS DISTINCT FROM {value_of(fields.EDITABLE.values(), 'c.field')}"
)
_APPLY = (
    "DROP TABLE IF EXISTS pg_temp.edits",
    "CREATE TEMP TABLE edits ON COMMIT DROP AS SELECT video_id AS pk, "
    "jsonb_object_agg(field, new) AS new FROM catalog_change "
    f"WHERE {_PLANNED} AND field <> '{shorts.SHORT}' GROUP BY video_id",
    field_sql.write_wanted("edits").replace("%", "%%"),
    # Administered: who and when belong to the flag.
    "UPDATE catalog_video v SET administered_at = CASE WHEN v.is_administered "
    "THEN now() END, administered_by_id = CASE WHEN v.is_administered "
    "THEN s.actor_id END FROM edits e, catalog_changeset s "
    "WHERE v.id = e.pk AND e.new ? 'is_administered' AND s.id = %(change_set)s",
    # An edit to YouTube's value ends the conflict; another one is its new "ours".
    "UPDATE catalog_conflict c SET ours = e.new -> c.field, "
    "state = CASE WHEN e.new -> c.field IS DISTINCT FROM c.theirs THEN 'open' "
    "WHEN s.kind = 'conflict' THEN 'took_theirs' ELSE 'edited' END, "
    "closed_at = CASE WHEN e.new -> c.field = c.theirs THEN now() END, "
    "closed_by_id = CASE WHEN e.new -> c.field = c.theirs THEN s.actor_id END "
    "FROM edits e, catalog_changeset s WHERE c.video_id = e.pk AND c.state = 'open' "
    "AND e.new ? c.field AND s.id = %(change_set)s",
    "UPDATE catalog_change c SET outcome = 'applied', row_version = v.row_version, "
    "created_at = now() FROM catalog_video v WHERE v.id = c.video_id "
    f"AND c.{_PLANNED.replace('AND ', 'AND c.')}",
)


def _apply_channels(change_set: ChangeSet) -> tuple[int, int]:
    """All channels of a change set at once: an office has some hundreds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK_CHANNELS, [change_set.pk])
        if not cursor.fetchone()[0]:
            return 0, 0
        cursor.execute(_MARK_MOVED_CHANNELS, [change_set.pk])
        moved = cursor.rowcount
        cursor.execute(_WRITE_CHANNELS, [change_set.pk])
        cursor.execute(_MARK_APPLIED_CHANNELS, [change_set.pk])
        return cursor.rowcount, moved


_OF_CHANNELS = "change_set_id = %s AND channel_id IS NOT NULL AND outcome = 'planned'"
_LOCK_CHANNELS = (
    "SELECT count(*) FROM (SELECT id FROM catalog_channel WHERE id IN "
    f"(SELECT channel_id FROM catalog_change WHERE {_OF_CHANNELS}) "
    "ORDER BY id FOR UPDATE) locked"
)
_MARK_MOVED_CHANNELS = (
    "UPDATE catalog_change c SET outcome = 'moved' FROM catalog_channel v "
    "WHERE v.id = c.channel_id AND c.change_set_id = %s AND c.outcome = 'planned' "
    f"AND c.old IS DISTINCT FROM {value_of(fields.OF_CHANNEL.values(), 'c.field')}"
)
_CHANNEL_COLUMNS = ", ".join(
    f"{name} = {field_sql.new_value(field, 'e.new', f'v.{name}')}"
    for name, field in fields.OF_CHANNEL.items()
)
_WRITE_CHANNELS = (
    f"UPDATE catalog_channel v SET {_CHANNEL_COLUMNS}, updated_at = now(), "
    "row_version = v.row_version + 1 "
    "FROM (SELECT channel_id AS pk, jsonb_object_agg(field, new) AS new "
    f"FROM catalog_change WHERE {_OF_CHANNELS} GROUP BY channel_id) e "
    "WHERE v.id = e.pk"
)
_MARK_APPLIED_CHANNELS = (
    "UPDATE catalog_change c SET outcome = 'applied', created_at = now(), "
    "row_version = v.row_version FROM catalog_channel v WHERE v.id = c.channel_id "
    "AND c.change_set_id = %s AND c.outcome = 'planned'"
)
