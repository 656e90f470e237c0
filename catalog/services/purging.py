"""Remove what is left of plans that nobody applied; what happened stays for good."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import ChangeSet

BATCH = 20_000  # rows in one transaction: some hundred milliseconds


def purge_plans() -> int:
    """Remove the rows of plans that expired or were discarded long ago.

    Keeps the change set itself, which says who planned what; returns how many
    rows went. Safe to be killed: each batch stands by itself.
    """
    kept = timedelta(days=settings.PLANS_KEPT_DAYS)
    forgotten = ChangeSet.objects.given_up_before(timezone.now() - kept)
    return sum(map(_purge, forgotten.values_list("pk", flat=True)))


def _purge(pk: int) -> int:
    count = 0
    while removed := _remove(_CHANGES, pk) + _remove(_SELECTED, pk):
        count += removed
    return count


def _remove(statement: str, pk: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever plans it again meanwhile moves the state: then nothing goes.
        still_over = ChangeSet.objects.select_for_update().filter(
            pk=pk, state__in=ChangeSet.GIVEN_UP
        )
        if not still_over:
            return 0
        cursor.execute(statement, [pk, BATCH])
        removed: int = cursor.rowcount
        return removed


_CHANGES = (
    "DELETE FROM catalog_change WHERE id IN (SELECT id FROM catalog_change "
    "WHERE change_set_id = %s AND outcome <> 'applied' LIMIT %s)"
)
_SELECTED = (
    "DELETE FROM catalog_selectedvideo WHERE id IN (SELECT id "
    "FROM catalog_selectedvideo WHERE change_set_id = %s LIMIT %s)"
)
