"""`manage.py restore_backup [NAME]`: bring a lost database back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ytmanager.backups import store
from ytmanager.backups.restoring import restore_backup
from ytmanager.exceptions import YouTubeCMSError


class Command(BaseCommand):
    """Restore a backup into the empty database of DATABASE_URL and compare it."""

    help = "Restore a backup into an empty database, or list what is in the store."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the file; default: the newest")
        parser.add_argument("--list", action="store_true", help="show the backups")

    def handle(self, *args: Any, name: str | None, **options: Any) -> None:
        try:
            if options["list"]:
                self._list()
                return
            manifest = restore_backup(name or store.newest_name())
        except YouTubeCMSError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"Restored {manifest.name}: {len(manifest.tables)} tables with "
            f"{manifest.row_count} rows, as they were at {manifest.taken_at}."
        )

    def _list(self) -> None:
        for name in store.names():
            manifest = store.read_manifest(name)
            self.stdout.write(f"{name}  {manifest.taken_at}  {manifest.size} bytes")
