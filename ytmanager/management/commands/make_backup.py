"""`manage.py make_backup`: make a backup now, in this process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ytmanager.backups.making import make_backup
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.models import Backup


class Command(BaseCommand):
    """Dump the database into the backup store."""

    help = "Make a backup of the database and store it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = make_backup(cause=Backup.Cause.BY_HAND)
        except YouTubeCMSError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"Stored {backup.name}: {backup.size} bytes, {backup.row_count} rows."
        )
