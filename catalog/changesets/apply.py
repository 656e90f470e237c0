"""Apply a plan: exactly its rows, skipping every value that moved since."""

from django.db import connection

from catalog import field_sql, fields
from catalog.doors import Door, opened
from catalog.models import ChangeSet


def apply_planned(change_set: ChangeSet) -> None:
    """Write the planned changes of one change set; needs an atomic block.

    Locks the videos in key order, the order that merges use too. A field whose
    value is no longer the planned old one gets the outcome *moved*.
    """
    with opened(Door.CHANGE_SET), connection.cursor() as cursor:
        cursor.execute(_LOCK, [change_set.pk])
        cursor.execute(_MARK_MOVED, [change_set.pk])
        skipped = cursor.rowcount
        for statement in _APPLY:
            cursor.execute(statement, {"change_set": change_set.pk})
        applied = cursor.rowcount
    change_set.mark_applied(applied, skipped)


_PLANNED = "change_set_id = {} AND outcome = 'planned'"
_LOCK = (
    "SELECT count(*) FROM (SELECT id FROM catalog_video WHERE id IN "
    f"(SELECT video_id FROM catalog_change WHERE {_PLANNED.format('%s')}) "
    "ORDER BY id FOR UPDATE) locked"
)
_CURRENT = " ".join(f"WHEN '{n}' THEN to_jsonb(v.{n})" for n in fields.EDITABLE)
_MARK_MOVED = (
    "UPDATE catalog_change c SET outcome = 'moved' FROM catalog_video v "
    f"WHERE v.id = c.video_id AND c.{_PLANNED.format('%s')} "
    f"AND c.old IS DISTINCT FROM CASE c.field {_CURRENT} END"
)
_APPLY = (
    "DROP TABLE IF EXISTS pg_temp.edits",
    "CREATE TEMP TABLE edits ON COMMIT DROP AS SELECT video_id AS pk, "
    "jsonb_object_agg(field, new) AS new FROM catalog_change "
    f"WHERE {_PLANNED.format('%(change_set)s')} GROUP BY video_id",
    field_sql.write_wanted("edits").replace("%", "%%"),
    # Administered: who and when belong to the flag.
    "UPDATE catalog_video v SET administered_at = CASE WHEN v.is_administered "
    "THEN now() END, administered_by_id = CASE WHEN v.is_administered "
    "THEN s.actor_id END FROM edits e, catalog_changeset s "
    "WHERE v.id = e.pk AND e.new ? 'is_administered' AND s.id = %(change_set)s",
    # An edit to YouTube's value ends the conflict; another one is its new "ours".
    "UPDATE catalog_conflict c SET ours = e.new -> c.field, "
    "state = CASE WHEN e.new -> c.field = c.theirs THEN 'edited' ELSE 'open' END, "
    "closed_at = CASE WHEN e.new -> c.field = c.theirs THEN now() END, "
    "closed_by_id = CASE WHEN e.new -> c.field = c.theirs THEN s.actor_id END "
    "FROM edits e, catalog_changeset s WHERE c.video_id = e.pk AND c.state = 'open' "
    "AND e.new ? c.field AND s.id = %(change_set)s",
    "UPDATE catalog_change c SET outcome = 'applied', row_version = v.row_version, "
    "created_at = now() FROM catalog_video v WHERE v.id = c.video_id "
    f"AND c.{_PLANNED.format('%(change_set)s')}",
)
