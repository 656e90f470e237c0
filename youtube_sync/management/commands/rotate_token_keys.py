"""`manage.py rotate_token_keys`: encrypt stored tokens by the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from youtube_sync.services.token_keys import rotate_token_keys


class Command(BaseCommand):
    """Run after a new key was put first in TOKEN_ENCRYPTION_KEYS."""

    help = "Encrypt the stored YouTube tokens by the newest key."

    def handle(self, *args: Any, **options: Any) -> None:
        result = rotate_token_keys()
        self.stdout.write(
            f"{result.rotated} accounts encrypted anew, "
            f"{result.unchanged} had the newest key already."
        )
        if result.unreadable:
            names = ", ".join(result.unreadable)
            raise CommandError(
                f"No key opens the tokens of: {names}. Put the key that was in use "
                "back into TOKEN_ENCRYPTION_KEYS, or connect these accounts again."
            )
