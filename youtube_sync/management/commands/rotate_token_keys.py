"""`manage.py rotate_token_keys`: encrypt stored secrets by the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from webhooks.services.endpoints import rotate_secret_keys
from youtube_sync.services.token_keys import rotate_token_keys


class Command(BaseCommand):
    """Run after a new key was put first in TOKEN_ENCRYPTION_KEYS."""

    help = "Encrypt the stored tokens and webhook secrets by the newest key."

    def handle(self, *args: Any, **options: Any) -> None:
        result = rotate_token_keys() + rotate_secret_keys()
        self.stdout.write(
            f"Encrypted anew: {result.rotated}. "
            f"Had the newest key already: {result.unchanged}."
        )
        if result.unreadable:
            names = ", ".join(result.unreadable)
            raise CommandError(
                f"No key opens the secrets of: {names}. Put the key that was in use "
                "back into TOKEN_ENCRYPTION_KEYS; or connect these accounts again, "
                "and give these webhooks a new secret."
            )
