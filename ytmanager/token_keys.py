"""Rotation of the keys that encrypt stored tokens and secrets.

The newest key of TOKEN_ENCRYPTION_KEYS encrypts, the others still decrypt. Once
every column is encrypted by the newest, the older keys can be taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db import connection, transaction
from django.db.models import Model

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Rotation:
    """Rows by what became of their tokens; `unreadable` holds their names."""

    rotated: int = 0
    unchanged: int = 0
    unreadable: list[str] = field(default_factory=list)

    def __add__(self, other: Rotation) -> Rotation:
        return Rotation(
            self.rotated + other.rotated,
            self.unchanged + other.unchanged,
            self.unreadable + other.unreadable,
        )


class _Keys:
    """The keys in use, the newest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._all = MultiFernet([Fernet(key) for key in keys])
        self._newest = Fernet(keys[0])

    def renew(self, stored: str | None) -> str | None:
        """The text encrypted by the newest key; raises InvalidToken."""
        if stored is None or self._is_newest(stored):
            return stored
        return self._all.rotate(stored.encode()).decode()

    def _is_newest(self, stored: str) -> bool:
        try:
            self._newest.decrypt(stored.encode())
        except InvalidToken:
            return False
        return True


def rotate_columns(model: type[Model], columns: Sequence[str]) -> Rotation:
    """Encrypt the columns of every row by the newest key, row by row.

    Texts that no key opens are left as they are, for the day their key is back.
    """
    first: Any = model._meta.get_field(columns[0])
    keys, result = _Keys(first.keys), Rotation()
    rows = model._default_manager.order_by("pk").values_list("pk", "name")
    for pk, name in rows:
        try:
            was_old = _rotate(model._meta.db_table, columns, pk, keys)
        except InvalidToken:
            result.unreadable.append(name)
        else:
            result.rotated += was_old
            result.unchanged += not was_old
    logger.info(
        "token_keys_rotated",
        table=model._meta.db_table,
        rotated_count=result.rotated,
        unchanged_count=result.unchanged,
        unreadable_count=len(result.unreadable),
    )
    return result


@transaction.atomic
def _rotate(table: str, columns: Sequence[str], pk: int, keys: _Keys) -> bool:
    """The model would give a text that no key opens back as it is: read the column.

    The lock keeps a token that is refreshed meanwhile.
    """
    settings = ", ".join(f"{column} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE id = %s FOR UPDATE", [pk]
        )
        stored = list(cursor.fetchone())
        renewed = [keys.renew(value) for value in stored]
        if renewed == stored:
            return False
        cursor.execute(f"UPDATE {table} SET {settings} WHERE id = %s", [*renewed, pk])
    return True
