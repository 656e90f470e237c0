"""Session locks: one process at a time works on one thing, and a death frees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# PostgreSQL ends the statement of a killed process, and with it the lock, once it
# looks whether anybody still listens.
ORPHAN_CHECK = "2s"


@contextmanager
def session_lock(kind: int, pk: int) -> Iterator[bool]:
    """Try to hold a lock for the block; gives whether this process has it.

    Needs a direct connection to PostgreSQL, not a transaction pooler.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, pk])
        is_ours: bool = cursor.fetchone()[0]
    if not is_ours:
        yield False
        return
    _set_orphan_check(ORPHAN_CHECK)
    try:
        yield True
    finally:
        _set_orphan_check("0")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, pk])


def _set_orphan_check(interval: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('client_connection_check_interval', %s, false)",
            [interval],
        )


def end_with_this_process() -> None:
    """Let PostgreSQL roll this transaction back soon after the process dies.

    Otherwise a statement that waits or works keeps its row locks until it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('client_connection_check_interval', %s, true)",
            [ORPHAN_CHECK],
        )
