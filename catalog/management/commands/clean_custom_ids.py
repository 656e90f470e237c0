"""`manage.py clean_custom_ids`: count what could be cleaned, or clean it here."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.models import ChangeSet
from catalog.services import applying, change_sets, custom_ids
from catalog.services.custom_ids import Cause
from ytmanager.exceptions import YouTubeCMSError

EXIT_SKIPPED = 3
State = ChangeSet.State


class Command(BaseCommand):
    """Change nothing, unless --apply asks for it.

    0: done, or nothing to do. 1: a step failed; what was applied stays. 2: wrong
    arguments. 3: done, but values that moved meanwhile or are not valid stay.
    """

    help = "Set custom IDs that equal the video ID to the partner's of the channel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--apply", action="store_true", help="change the catalogue; else only count"
        )
        parser.add_argument(
            "--with-label",
            action="store_true",
            help="also set the label, from the office name of the channel",
        )
        parser.add_argument("--json", action="store_true", help="print the account")

    def handle(self, *args: Any, **options: Any) -> None:
        outlook = custom_ids.look_ahead()
        account = {"ready": outlook.ready_count, "skipped": outlook.skipped}
        if options["apply"] and outlook.ready_count:
            change_set = self._clean(with_label=options["with_label"])
            account |= results_of(change_set)
        self.tell(account, as_json=options["json"])
        if account.get("moved") or account.get("not_valid"):
            sys.exit(EXIT_SKIPPED)

    def _clean(self, *, with_label: bool) -> ChangeSet:
        """Plan and apply in this process; raises CommandError."""
        try:
            change_set = custom_ids.start_clean_up(
                cause=Cause.COMMAND, with_label=with_label
            )
            assert change_set is not None, "there are videos to clean"
            if change_set.state == State.PLANNING:
                change_sets.run_plan(change_set=change_set)
                change_set.refresh_from_db()
            if change_set.expected_count:
                change_sets.request_apply(change_set)
            while change_set.state == State.APPLYING:
                applying.run_apply(change_set=change_set)
                change_set.refresh_from_db()
        except YouTubeCMSError as error:
            raise CommandError(error.message) from error
        if change_set.state == State.FAILED:
            raise CommandError(f"{change_set} failed: {change_set.error}")
        return change_set

    def tell(self, account: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(account))
            return
        for name, count in account.items():
            if name == "skipped":
                for reason, videos in count.items():
                    self.stdout.write(f"{videos:>8,}  {reason}")
            else:
                self.stdout.write(f"{count:>8,}  {TEXTS[name]}")


TEXTS = {
    "ready": "videos whose custom ID can be cleaned",
    "change_set": "is the number of the change set",
    "applied": "values changed",
    "moved": "values skipped, because somebody changed them meanwhile",
    "not_valid": "values refused, because they are not valid",
}


def results_of(change_set: ChangeSet) -> dict[str, int]:
    """Counts of rows; the change set keeps each of them."""
    skipped = change_set.changes.filter(outcome="invalid", new__isnull=True).count()
    return {
        "change_set": change_set.pk,
        "applied": change_set.applied_count,
        "moved": change_set.skipped_count,
        "not_valid": change_set.invalid_count - skipped,
    }
