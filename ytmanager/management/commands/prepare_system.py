"""Bring a database to the point where people can log in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connection

from ytmanager.health import is_channel_layer_ready

PATIENCE_SECONDS = 10


class Command(BaseCommand):
    """Migrate, make sure of an administrator, load the sample if it is wanted.

    One process instead of three: importing the project takes longer than the work.
    """

    help = "Migrate, create the first administrator and load sample data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password-file", type=Path, required=True)
        parser.add_argument("--sample", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        require_database()
        require_redis()
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("ensure_admin", password_file=options["password_file"])
        if options["sample"]:
            call_command("load_sample")


def require_database() -> None:
    """Raise CommandError with the reason, in one line, if it cannot be used.

    The pool would only say that no connection came in time, and `migrate` skips
    the checks when another command calls it.
    """
    parameters = connection.get_connection_params() | {
        "connect_timeout": PATIENCE_SECONDS
    }
    parameters.pop("pool", None)
    try:
        psycopg.connect(**parameters).close()
    except psycopg.Error as exc:
        reason = " ".join(str(exc).split())
        raise CommandError(
            f"The database of DATABASE_URL cannot be reached: {reason}"
        ) from exc
    found = checks.run_checks(tags=[checks.Tags.database], databases=[DEFAULT_DB_ALIAS])
    if wrong := [message for message in found if message.is_serious()]:
        raise CommandError(" ".join(f"{each.msg} {each.hint or ''}" for each in wrong))


def require_redis() -> None:
    """Raise CommandError where live updates could not work from the first day.

    Later it may go away for a while: pages work without it.
    """
    if not is_channel_layer_ready():
        raise CommandError("The Redis or Valkey of REDIS_URL does not answer.")
