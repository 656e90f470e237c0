"""What the import of a large report tells open pages: events, and progress a second."""

import asyncio
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from channels.layers import get_channel_layer
from django.core.management import call_command

from benchmarks.figures import Figure, show
from reports.management.commands.make_sample_reports import at_least_one
from reports.models import Report
from reports.samples import write_samples
from reports.services.dating import start_of_day
from reports.services.imports import run_import
from reports.services.requests import request_import
from reports.services.sources import add_stored_file
from ytmanager.models import LiveEvent
from ytmanager.realtime.events import report_group
from ytmanager.realtime.publish import PROGRESS_INTERVAL, get_publisher
from ytmanager.storage import get_report_store

DAY = date(2026, 7, 1)
SHARE = 100  # the small import has this part of the rows
SILENCE = 1.0  # seconds without a message after which nothing more comes


@dataclass(frozen=True, slots=True)
class Told:
    """What an import told: logged events by type, and progress a second."""

    logged: Counter[str]
    progress: float


def main() -> None:
    """Read the arguments and print one line for each figure."""
    parser = ArgumentParser(prog="benchmarks.events", description=__doc__)
    parser.add_argument("--videos", type=at_least_one, default=1_000_000, metavar="N")
    videos = parser.parse_args().videos
    call_command("migrate", verbosity=0)
    few = told_by_import(max(1, videos // SHARE), seed=1)
    many = told_by_import(videos, seed=2)
    show(Figure("import_events", many.logged.total(), "events", few.logged.total()))
    show(Figure("import_progress", many.progress, "1/s", 1 / PROGRESS_INTERVAL))


def told_by_import(videos: int, *, seed: int) -> Told:
    """Import a sample report; raises RuntimeError unless all of it got in."""
    before = set(LiveEvent.objects.values_list("pk", flat=True))
    report = add_stored_file(key=sample(videos, seed))
    report.as_of = start_of_day(DAY)
    report.save(update_fields=["as_of"])
    request_import(report=report, actor=None)
    with listening(report_group(report.pk)) as heard:
        started = time.perf_counter()
        run_import(report=report)
        seconds = time.perf_counter() - started
    if report.state not in Report.IMPORTED or report.rows_imported != videos:
        raise RuntimeError(
            f"The import ended as {report.state}. {report.error_message}"
        )
    logged = LiveEvent.objects.exclude(pk__in=before).values_list("type", flat=True)
    progress = sum(message["event"]["sequence"] is None for message in heard)
    return Told(Counter(logged), progress / seconds)


@contextmanager
def listening(group: str) -> Iterator[list[dict[str, Any]]]:
    """What the channel layer hands to a group meanwhile, complete at the end."""
    heard: list[dict[str, Any]] = []
    joined, ended = threading.Event(), threading.Event()
    listener = threading.Thread(
        target=lambda: asyncio.run(_listen(group, heard, joined, ended))
    )
    listener.start()
    joined.wait()
    try:
        yield heard
        get_publisher().flush()
    finally:
        ended.set()
        listener.join()


async def _listen(
    group: str,
    heard: list[dict[str, Any]],
    joined: threading.Event,
    ended: threading.Event,
) -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group, channel)
    joined.set()
    while True:
        try:
            heard.append(await asyncio.wait_for(layer.receive(channel), SILENCE))
        except TimeoutError:
            if ended.is_set():
                return


def sample(videos: int, seed: int) -> str:
    """The key of a sample report in the store."""
    store = Path(get_report_store().path(""))
    folder = store / f"events_{seed}"
    files = write_samples(videos=videos, seed=seed, folder=folder, with_sandbox=False)
    files.asset_report.unlink()
    return files.video_report.relative_to(store).as_posix()


if __name__ == "__main__":
    main()
