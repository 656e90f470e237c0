"""Imports of a video report: the first, the nightly, and the identical one."""

import shutil
import sys
from argparse import ArgumentParser
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks.figures import Figure, best_seconds, show
from benchmarks.floors import copy_file, drop_copy, hash_file
from benchmarks.statements import show_slowest
from benchmarks.worker import ImportRun, import_file
from reports.management.commands.make_sample_reports import at_least_one
from reports.models import Report
from reports.samples import write_samples
from ytmanager.storage import get_report_store

FIRST_DAY, NEXT_DAY, DAY_AFTER = (date(2026, 7, day) for day in (1, 2, 3))
SEED = 1


@dataclass(slots=True)
class Bench:
    """The measured imports of one catalogue."""

    videos: int
    explain: bool = False
    runs: list[ImportRun] = field(default_factory=list)

    def measure(self) -> None:
        """Three imports in the order in which they happen, then the memory."""
        first, nightly = self._make_report(nights=0), self._make_report(nights=1)
        self._measure_merge("import_first", first, FIRST_DAY, {"videos_new"})
        vacuum()
        moved = {"videos_changed", "videos_counters_only"}
        self._measure_merge("import_nightly", nightly, NEXT_DAY, moved)
        self._measure_identical(nightly)
        idle = min(run.idle_mb for run in self.runs)
        peak = max(run.peak_mb - run.idle_mb for run in self.runs)
        show(Figure("import_memory_mb", peak, "MB", idle))

    def _make_report(self, *, nights: int) -> Path:
        """A sample report in a folder of the store, the same videos every night."""
        folder = store_folder() / f"night{nights}"
        files = write_samples(
            videos=self.videos,
            seed=SEED,
            folder=folder,
            nights=nights,
            with_sandbox=False,
        )
        files.asset_report.unlink()
        return files.video_report

    def _measure_merge(
        self, name: str, path: Path, day: date, counted: set[str]
    ) -> None:
        floor = best_seconds(lambda: copy_file(path))
        drop_copy()
        run = self._import(name, path, day)
        found = sum(run.counts[count] for count in counted)
        if run.state not in Report.IMPORTED or found != self.videos:
            wanted = f"{' + '.join(sorted(counted))} = {self.videos}"
            fail(name, run, f"expected {wanted}, found {run.counts}")
        show(Figure(name, run.seconds, "s", floor))

    def _measure_identical(self, path: Path) -> None:
        """The content that was imported last, under another key."""
        copy = store_folder() / "again" / path.name
        copy.parent.mkdir()
        shutil.copyfile(path, copy)
        floor = best_seconds(lambda: hash_file(copy))
        run = self._import("import_identical", copy, DAY_AFTER)
        if run.state != Report.State.DUPLICATE:
            fail("import_identical", run, "expected a duplicate")
        show(Figure("import_identical", run.seconds, "s", floor))

    def _import(self, name: str, path: Path, day: date) -> ImportRun:
        key = path.relative_to(store_folder()).as_posix()
        run = import_file(key, day)
        self.runs.append(run)
        if self.explain:
            show_slowest(name, run.seconds, run.timings)
        return run


def store_folder() -> Path:
    return Path(get_report_store().path(""))


def vacuum() -> None:
    """What autovacuum does in the day between two reports."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def fail(name: str, run: ImportRun, expected: str) -> None:
    """End the benchmark: a figure of half an import would be a lie."""
    sys.exit(f"{name} ended as {run.state}: {expected}. {run.message}".strip())


def require_empty_database() -> None:
    """Never measure inside a catalogue that people use."""
    if connection.introspection.table_names():
        sys.exit("The benchmark needs an empty database: start it with `make bench`.")


def main() -> None:
    parser = ArgumentParser(prog="benchmarks.imports", description=__doc__)
    parser.add_argument("--videos", type=at_least_one, default=100_000, metavar="N")
    parser.add_argument(
        "--explain", action="store_true", help="list the slowest statements"
    )
    options = parser.parse_args()
    require_empty_database()
    call_command("migrate", verbosity=0)
    Bench(options.videos, options.explain).measure()


if __name__ == "__main__":
    main()
