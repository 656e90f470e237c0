"""Bring a database to the point where people can log in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrate, make sure of an administrator, load the sample if it is wanted.

    One process instead of three: importing the project takes longer than the work.
    """

    help = "Migrate, create the first administrator and load sample data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password-file", type=Path, required=True)
        parser.add_argument("--sample", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("ensure_admin", password_file=options["password_file"])
        if options["sample"]:
            call_command("load_sample")
