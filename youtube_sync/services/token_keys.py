"""Keys of the accounts' tokens."""

from __future__ import annotations

from youtube_sync.models import YouTubeAccount
from ytmanager.token_keys import Rotation, rotate_columns

COLUMNS = ("refresh_token", "access_token")


def rotate_token_keys() -> Rotation:
    """Encrypt the tokens of every account by the newest key."""
    return rotate_columns(YouTubeAccount, COLUMNS)


def is_readable(token: str) -> bool:
    """Whether a token came out of the database decrypted."""
    return not token.startswith("gAAAAA")
