"""The two ways in: pushable columns change only while one of them is open.

A statement trigger on `catalog_video` refuses every other UPDATE.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import connection


class Door(StrEnum):
    """Who may move wanted values."""

    OBSERVATION = "observation"
    CHANGE_SET = "change_set"


@contextmanager
def opened(door: Door) -> Iterator[None]:
    """Let the block write pushable columns; needs an atomic block around it.

    An error rolls the transaction back and with it the open door.
    """
    assert connection.in_atomic_block, "a door opens within a transaction only"
    _set_door(door)
    yield
    _set_door("")


def _set_door(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('ytmanager.door', %s, true)", [name])
