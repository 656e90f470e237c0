"""`manage.py make_sample_reports --videos N --seed S --out DIR`."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.samples import days, write_samples


def at_least_one(text: str) -> int:
    """Read a number of videos; argparse tells what is wrong with it."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


class Command(BaseCommand):
    """Write matching sample reports of every kind and print what they hold."""

    help = "Write matching sample reports (and sandbox.json) into a folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--videos", type=at_least_one, default=500, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--owner", default="Aurora_Music")
        parser.add_argument(
            "--nights",
            type=int,
            default=0,
            help="let every counter grow as by so many days",
        )
        parser.add_argument(
            "--days-ago",
            type=int,
            default=0,
            choices=range(days.HISTORY + 1),
            help="what the reports said so many days earlier",
        )
        parser.add_argument(
            "--no-sandbox", action="store_true", help="leave sandbox.json out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = write_samples(
                videos=options["videos"],
                seed=options["seed"],
                folder=options["out"],
                owner=options["owner"],
                nights=options["nights"],
                days_ago=options["days_ago"],
                with_sandbox=not options["no_sandbox"],
                with_claims=True,
            )
        except OSError as exc:
            raise CommandError(f"The samples cannot be written: {exc}") from exc
        paths = {
            name: str(path)
            for name in (
                "video_report",
                "asset_report",
                "claim_report",
                "conflict_report",
                "shorts_report",
                "sandbox",
            )
            if (path := getattr(files, name))
        }
        self.stdout.write(
            json.dumps({"files": paths, "counts": files.counts}, indent=2)
        )
