"""Fill an empty catalogue with sample reports, and the sandbox with the same videos."""

import json
import tempfile
import urllib.request
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files import File
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.models import ContentOwner, Video
from catalog.observations.channels import observe_channels
from reports.samples.growth import channel_history
from ytmanager.storage import get_report_store

LOOPBACK = "127.0.0.1"


class Command(BaseCommand):
    """Write sample reports into the report store and import them.

    The channels come first, with a history: once a report has spoken, older facts
    are ignored. The video report comes last but for the Shorts report, which speaks
    of known videos only: as long as there is no video, an interrupted load starts
    over, and importing the same file twice changes nothing.
    """

    help = "Load sample reports into an empty catalogue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--videos", type=int, default=500, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, *args: Any, **options: Any) -> None:
        if Video.objects.exists():
            self.stdout.write("The catalogue is not empty; no sample was loaded.")
            return
        with tempfile.TemporaryDirectory() as folder:
            sizes = {"videos": options["videos"], "seed": options["seed"]}
            call_command("make_sample_reports", out=Path(folder), **sizes)
            seed_sandbox(Path(folder) / "sandbox.json")
            remember_channels(Path(folder) / "sandbox.json")
            # "asset", "claim", "video", "youtube_shorts": the order of the alphabet
            keys = [keep_report(path) for path in sorted(Path(folder).glob("*.csv"))]
            for key in keys:
                call_command("import_report", key)
        self.stdout.write(f"Loaded {Video.objects.count()} sample videos.")


def remember_channels(path: Path) -> None:
    """Invent the last weeks of the sample's channels, so that trends show."""
    seed = json.loads(path.read_text("utf-8"))
    owner, _ = ContentOwner.objects.get_or_create(
        name=seed["content_owners"][0]["name"]
    )
    now = timezone.now()
    for days_ago, facts in channel_history(seed):
        as_of = now - timedelta(days=days_ago)
        observe_channels(content_owner=owner, as_of=as_of, facts=facts)


def keep_report(path: Path) -> str:
    """Put a report into the store unless it is there; return its key."""
    store = get_report_store()
    if not store.exists(path.name):
        with path.open("rb") as content:
            store.save(path.name, File(content))
    return path.name


def seed_sandbox(path: Path) -> None:
    """Load the sandbox, where the APIs are a sandbox; Google's are left alone."""
    if urlsplit(settings.YOUTUBE_API_BASE).hostname != LOOPBACK:
        return
    request = urllib.request.Request(
        f"{settings.YOUTUBE_API_BASE}/sandbox/seed",
        data=path.read_bytes(),
        headers={"Content-Type": "application/json"},
    )
    try:
        urllib.request.urlopen(request, timeout=60).close()
    except OSError as exc:
        raise CommandError(f"The sandbox was not loaded: {exc}") from exc
