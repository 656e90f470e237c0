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
from django.contrib.auth.models import User
from django.core.files import File
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.models import ContentOwner, Video
from catalog.observations.channels import observe_channels
from catalog.services import daily_figures
from catalog.services.videos import update_video
from reports.kinds.shorts_ads_report import SHORTS_ADS_REPORT
from reports.models import Report
from reports.samples import days, write_samples
from reports.samples.files import SampleFiles
from reports.samples.growth import channel_history, figures_history
from reports.samples.videos import SampleCatalogue
from ytmanager.storage import get_report_store

LOOPBACK = "127.0.0.1"


# Kind of file and how many days old its data is, in the order of import.
PLAN = (
    ("asset_report", 0),
    ("video_report", 2),
    ("conflict_report", 1),
    ("claim_report", 1),
    ("video_report", 1),
    ("conflict_report", 0),
    ("claim_report", 0),
    ("video_report", 0),
    ("shorts_report", 0),
)
EARLIER = "earlier-day-{}/"
EDITOR, REASON = "sample-editor", "Sample data"


class Command(BaseCommand):
    """Write sample reports of three days into the report store and import them.

    The channels come first, with a history: once a report has spoken, older facts
    are ignored. Somebody edits between the days, so that there are conflicts. The
    Shorts report comes last: without it an interrupted load starts over, and
    importing the same file twice changes nothing.
    """

    help = "Load sample reports into an empty catalogue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--videos", type=int, default=500, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, *args: Any, **options: Any) -> None:
        if Video.objects.exists() and not is_half_loaded():
            self.stdout.write("The catalogue is not empty; no sample was loaded.")
            return
        sizes: dict[str, Any] = {k: options[k] for k in ("videos", "seed")}
        with tempfile.TemporaryDirectory() as folder:
            files = write_days(Path(folder), sizes)
            seed_sandbox(Path(folder) / "0" / "sandbox.json")
            remember_channels(Path(folder) / "0" / "sandbox.json", sizes)
            for kind, days_ago in PLAN:
                if (kind, days_ago) == ("video_report", 0):
                    edit_videos(SampleCatalogue(**sizes))
                import_day(getattr(files[days_ago], kind), kind, days_ago)
        remember_figures()
        self.stdout.write(f"Loaded {Video.objects.count()} sample videos.")


def is_half_loaded() -> bool:
    """Whether the sample was begun; the Shorts report is its end."""
    earlier = Report.objects.filter(key__startswith=EARLIER.split("{")[0])
    ends = Report.objects.imported().filter(kind=SHORTS_ADS_REPORT.name)
    return earlier.exists() and not ends.exists()


def write_days(folder: Path, sizes: dict[str, Any]) -> list[SampleFiles]:
    """Write the reports of today and of the days before, today's first."""
    return [
        write_samples(
            folder=folder / str(days_ago),
            days_ago=days_ago,
            with_sandbox=not days_ago,
            with_claims=True,
            **sizes,
        )
        for days_ago in range(days.HISTORY + 1)
    ]


def import_day(path: Path, kind: str, days_ago: int) -> None:
    """Keep a file in the report store and import it with the date of its data."""
    key = keep_report(path, EARLIER.format(days_ago) if days_ago else "")
    age = timedelta(hours=settings.REPORT_LAG_HOURS, days=days_ago)
    # The name of a Shorts report tells its month.
    told = {} if kind == "shorts_report" else {"as_of": (timezone.now() - age).date()}
    call_command("import_report", key, **told)


def edit_videos(catalogue: SampleCatalogue) -> None:
    """Edit some videos: of those that YouTube retitles next, it comes to conflicts."""
    editor, _ = User.objects.get_or_create(username=EDITOR, is_active=False)
    retitled = [n for n in range(catalogue.count) if days.happened("retitled", n)][:3]
    titles = {n: f"{catalogue.video(n).title} (Remastered)" for n in retitled}
    edits = {n: {"title": title} for n, title in titles.items()}
    edits |= {8: {"label": "Aurora Classics"}, 12: {"license": "creativeCommon"}}
    known = {catalogue.video_id(number): values for number, values in edits.items()}
    for video in Video.objects.filter(video_id__in=known):
        values = known[video.video_id]
        update_video(video=video, values=values, actor=editor, reason=REASON)


def remember_channels(path: Path, sizes: dict[str, Any]) -> None:
    """Invent the last weeks of the sample's channels, so that trends show."""
    seed = json.loads(path.read_text("utf-8"))
    owner, _ = ContentOwner.objects.get_or_create(
        name=seed["content_owners"][0]["name"], defaults={"sample": sizes}
    )
    now = timezone.now()
    for days_ago, facts in channel_history(seed):
        as_of = now - timedelta(days=days_ago)
        observe_channels(content_owner=owner, as_of=as_of, facts=facts)


def remember_figures() -> None:
    """Invent the last weeks of the start page's figures, so that trends show."""
    today = timezone.now().date()
    counts = daily_figures.record_figures(today)
    for days_ago, earlier in figures_history(counts):
        daily_figures.keep_figures(today - timedelta(days=days_ago), earlier)


def keep_report(path: Path, folder: str) -> str:
    """Put a report into the store unless it is there; return its key."""
    store, key = get_report_store(), f"{folder}{path.name}"
    if not store.exists(key):
        with path.open("rb") as content:
            store.save(key, File(content))
    return key


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
