"""`manage.py verify_backup [NAME]`: the restore drill."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ytmanager.backups import store
from ytmanager.backups.restoring import verify_backup
from ytmanager.exceptions import YouTubeCMSError


class Command(BaseCommand):
    """Restore a backup into a scratch database and compare all that came back."""

    help = "Restore a backup into a scratch database and compare every table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the file; default: the newest")

    def handle(self, *args: Any, name: str | None, **options: Any) -> None:
        try:
            manifest = verify_backup(name or store.newest_name())
        except YouTubeCMSError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{manifest.name} can be restored: {len(manifest.tables)} tables with "
            f"{manifest.row_count} rows are as they were at {manifest.taken_at}."
        )
