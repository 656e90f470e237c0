"""The two ways in: pushable columns change only while one of them is open.

A statement trigger on `catalog_video` refuses every other UPDATE. A door stays
open until the end of the transaction.
"""

from enum import StrEnum

from django.db import connection


class Door(StrEnum):
    """Who may move wanted values."""

    OBSERVATION = "observation"
    CHANGE_SET = "change_set"


def open_door(door: Door) -> None:
    """Let this transaction write pushable columns; needs an atomic block."""
    connection.validate_no_broken_transaction()
    assert connection.in_atomic_block, "a door opens for one transaction only"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('ytmanager.door', %s, true)", [door])
