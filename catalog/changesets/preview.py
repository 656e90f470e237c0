"""What a plan would do, and how far its selection moved since."""

from dataclasses import dataclass

from django.db import connection

from catalog.changesets.columns import current_value
from catalog.changesets.selection import selected_videos
from catalog.changesets.sources import source_of
from catalog.models import ChangeSet


@dataclass(frozen=True, slots=True)
class Drift:
    """Videos that match only now and would change, and planned ones that left."""

    only_now_count: int
    no_more_count: int


def drift(change_set: ChangeSet) -> Drift | None:
    """Compare a plan with what its selection finds now; None without a selection.

    Reads every selected video: some seconds for hundreds of thousands. Raises
    SelectionError and PlanFailedError.
    """
    if not change_set.selection:
        return None
    source = source_of(change_set)
    selection, selected = selected_videos(change_set).keys_sql()
    only_now = (
        f"WITH wanted AS ({source.sql}) SELECT count(DISTINCT w.pk) FROM wanted w "
        "JOIN catalog_video v ON v.id = w.pk "
        f"WHERE {current_value(source)} IS DISTINCT FROM nullif(w.new, 'null'::jsonb) "
        "AND NOT EXISTS (SELECT FROM catalog_change c WHERE c.change_set_id = %s "
        "AND c.video_id = w.pk)"
    )
    no_more = (
        "SELECT count(DISTINCT video_id) FROM catalog_change WHERE change_set_id = %s "
        f"AND outcome = 'planned' AND video_id NOT IN ({selection})"
    )
    with connection.cursor() as cursor:
        cursor.execute(only_now, [*source.params, change_set.pk])
        only_now_count = cursor.fetchone()[0]
        cursor.execute(no_more, [change_set.pk, *selected])
        return Drift(only_now_count, cursor.fetchone()[0])
