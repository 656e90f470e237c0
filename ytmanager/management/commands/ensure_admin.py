"""Make the first administrator."""

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Create a superuser with a generated password where there is none yet."""

    help = "Create the superuser `admin` unless a superuser exists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--password-file", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        people = get_user_model()
        if people.objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write("An administrator exists.")
            return
        password = secrets.token_urlsafe(12)
        keep_password(options["password_file"], password)
        people.objects.create_superuser(options["username"], password=password)
        self.stdout.write(f"Created the administrator {options['username']}.")


def keep_password(path: Path, password: str) -> None:
    """Write the password where only this user may read it, before it is needed."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as output:
        output.write(f"{password}\n")
