"""Rotation of the keys that encrypt stored tokens.

The newest key of TOKEN_ENCRYPTION_KEYS encrypts, the others still decrypt. Once
every token is encrypted by the newest, the older keys can be taken away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db import connection, transaction

from youtube_sync.models import YouTubeAccount

logger = structlog.get_logger(__name__)

COLUMNS = ("refresh_token", "access_token")
_READ = (
    f"SELECT {', '.join(COLUMNS)} FROM youtube_sync_youtubeaccount "
    "WHERE id = %s FOR UPDATE"
)
_WRITE = (
    "UPDATE youtube_sync_youtubeaccount SET "
    f"{', '.join(f'{c} = %s' for c in COLUMNS)} WHERE id = %s"
)


@dataclass(slots=True)
class Rotation:
    """Accounts by what became of their tokens; `unreadable` holds their names."""

    rotated: int = 0
    unchanged: int = 0
    unreadable: list[str] = field(default_factory=list)


class _Keys:
    """The keys in use, the newest first."""

    def __init__(self) -> None:
        column: Any = YouTubeAccount._meta.get_field("refresh_token")
        keys: list[bytes] = column.keys
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


def rotate_token_keys() -> Rotation:
    """Encrypt every stored token by the newest key, account by account.

    Tokens that no key opens are left as they are, for the day their key is back.
    """
    keys, result = _Keys(), Rotation()
    for pk, name in YouTubeAccount.objects.order_by("pk").values_list("pk", "name"):
        try:
            was_old = _rotate(pk, keys)
        except InvalidToken:
            result.unreadable.append(name)
        else:
            result.rotated += was_old
            result.unchanged += not was_old
    logger.info(
        "token_keys_rotated",
        rotated_count=result.rotated,
        unchanged_count=result.unchanged,
        unreadable_count=len(result.unreadable),
    )
    return result


@transaction.atomic
def _rotate(pk: int, keys: _Keys) -> bool:
    """The model would give a text that no key opens back as it is: read the column.

    The lock keeps a token that is refreshed meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ, [pk])
        stored = list(cursor.fetchone())
        renewed = [keys.renew(value) for value in stored]
        if renewed == stored:
            return False
        cursor.execute(_WRITE, [*renewed, pk])
    return True


def is_readable(token: str) -> bool:
    """Whether a token came out of the database decrypted."""
    return not token.startswith("gAAAAA")
