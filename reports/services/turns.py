"""One import per content owner at a time; the others wait without a worker.

A file whose owner is busy goes back to waiting and names the one it waits for.
Whoever ends an import picks the next file among those that waited for it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from zlib import crc32

from django.db import transaction

from reports.exceptions import OwnerBusyError
from reports.models import Report
from reports.services.progress import record_state
from ytmanager.locks import session_lock

OWNERS = 0x59544F  # first key of the advisory locks: "YTO"
NEW_OWNERS = 0x59544E  # "YTN": owners that have a name only, until a merge ends


class Turn:
    """The content owner of one import, held from the moment it is known."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._owner_pk = stack, 0

    def take(self, report: Report, *, new_owner: str = "") -> None:
        """Hold the report's content owner, or a new one by its name.

        Raises OwnerBusyError.
        """
        owner_pk = _owner_pk(report)
        if new_owner:
            self._hold(NEW_OWNERS, key_of_name(new_owner), report)
        elif owner_pk is not None and owner_pk != self._owner_pk:
            self._hold(OWNERS, owner_pk, report)
            self._owner_pk = owner_pk

    def _hold(self, kind: int, key: int, report: Report) -> None:
        if not self._stack.enter_context(session_lock(kind, key)):
            raise OwnerBusyError(report=report.pk)


def key_of_name(name: str) -> int:
    """Thirty-one bits for a name: two names with the same ones only wait in vain."""
    return crc32(name.lower().encode()) >> 1


@contextmanager
def turn_of(report: Report) -> Iterator[Turn]:
    """Hold the owner for the block, now or as soon as `take` is called again."""
    with ExitStack() as stack:
        turn = Turn(stack)
        turn.take(report)
        yield turn


def wait_for_owner(report: Report) -> None:
    """Put the report back behind the one that is imported now.

    That one's row is locked, so that it either sees the report among those that
    wait for it when it ends, or has ended already and is not waited for.
    """
    with transaction.atomic():
        running = Report.objects.running_for(_owner_pk(report)).exclude(pk=report.pk)
        Report.objects.move(
            report,
            Report.UNFINISHED,
            Report.State.WAITING,
            waits_for=running.select_for_update(of=("self",)).first(),
            started_at=None,
        )
        record_state(report)


def next_after(report: Report) -> Report | None:
    """Choose who goes on after this one; the rest waits for the chosen one.

    The caller enqueues the chosen one in the same transaction.
    """
    with transaction.atomic():
        followers = Report.objects.waiting_for(report)
        chosen = followers.in_turn().select_for_update(of=("self",)).first()
        if chosen is not None:
            followers.exclude(pk=chosen.pk).update(waits_for=chosen)
            chosen.waits_for = None
            chosen.save(update_fields=["waits_for", "updated_at"])
    return chosen


def _owner_pk(report: Report) -> int | None:
    of_source = report.source.content_owner_id if report.source else None
    return report.content_owner_id or of_source
