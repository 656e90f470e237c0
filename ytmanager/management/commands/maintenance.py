"""`manage.py maintenance on|off|status`: close the system of this machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ytmanager import maintenance


class Command(BaseCommand):
    """Switch maintenance mode; works without a database."""

    help = "Close the system for maintenance, or open it again."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mode", choices=("on", "off", "status"))
        parser.add_argument("message", nargs="?", default="", help="shown to people")

    def handle(self, *args: Any, mode: str, message: str, **options: Any) -> None:
        if mode == "on":
            maintenance.start(message)
        elif mode == "off":
            maintenance.end()
        is_open = maintenance.message() is None
        self.stdout.write("The system is open." if is_open else "The system is closed.")
