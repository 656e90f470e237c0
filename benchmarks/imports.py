"""Imports of a video report: first, nightly, identical; their memory and growth."""

import shutil
import sys
import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks import alternatives, by_hand
from benchmarks.editor import editing
from benchmarks.figures import Figure, best_seconds, seconds, show
from benchmarks.floors import copy_file, drop_copy, hash_file
from benchmarks.statements import show_slowest
from benchmarks.worker import ImportRun, import_file
from reports.management.commands.make_sample_reports import at_least_one
from reports.models import Report
from reports.samples import write_samples
from ytmanager.storage import get_report_store

FIRST_DAY = date(2026, 7, 1)
MOVED = {"videos_changed", "videos_counters_only"}
SEED, OTHER_SEED = 1, 2
LARGE = 5_000_000
QUIET_SECONDS = 5.0


@dataclass(slots=True)
class Bench:
    """The measured imports of one catalogue."""

    options: Namespace
    runs: list[ImportRun] = field(default_factory=list)
    nights: int = 0

    def measure(self) -> None:
        """Imports in the order in which they happen, then what they took."""
        self._measure_by_hand()
        first = self._make_report(nights=0)
        self._measure_merge("import_first", first, FIRST_DAY, {"videos_new"})
        vacuum()
        size = database_size()
        nightly = self._measure_nightly()
        self._measure_identical(nightly)
        self._measure_alternatives(nightly)
        self._measure_waits()
        self._measure_growth(size)
        if self.options.large:
            self._measure_large()
        self._show_memory("import_memory_mb", self.runs)

    def _measure_by_hand(self) -> None:
        """The first two files by SQL without rules, in a catalogue of their own."""
        ways = (by_hand.import_first_by_hand, by_hand.import_nightly_by_hand)
        for nights, way in enumerate(ways):
            path = self._make_report(nights=nights)
            floor = best_seconds(partial(copy_file, path))
            took = seconds(partial(way, path))
            show(Figure(way.__name__, took, "s", floor))
            vacuum()
        by_hand.forget_all()

    def _measure_nightly(self) -> Path:
        path, day = self._next_night()
        self._measure_merge("import_nightly", path, day, MOVED)
        return path

    def _next_night(self) -> tuple[Path, date]:
        self.nights += 1
        path = self._make_report(nights=self.nights)
        return path, FIRST_DAY + timedelta(days=self.nights)

    def _measure_alternatives(self, path: Path) -> None:
        """Rows a second beside those of the nightly import."""
        ours = self.options.videos / self.runs[1].seconds
        for name, by in (
            ("import_one_by_one", alternatives.one_by_one),
            ("import_by_import_export", alternatives.by_import_export),
        ):
            speed = alternatives.rows_a_second(path, self.options.sample, by)
            show(Figure(name, speed, "rows/s", ours))

    def _measure_waits(self) -> None:
        """The longest save of a person during a nightly import, and in quiet."""
        path, day = self._next_night()
        with editing() as quiet:
            time.sleep(QUIET_SECONDS)
        with editing() as waits:
            run = self._import("import_while_editing", path, day)
        if run.state not in Report.IMPORTED or waits.refused:
            fail("import_while_editing", run, f"{waits.refused} saves were refused")
        show(Figure("import_edit_wait", waits.longest, "s", quiet.longest))

    def _measure_growth(self, before: float) -> None:
        """The database after ten nights, beside what it was after the first import."""
        while self.nights < self.options.nights:
            path, day = self._next_night()
            run = self._import("import_nights", path, day)
            if run.state not in Report.IMPORTED:
                fail("import_nights", run, "expected an import")
            path.unlink()
            vacuum()
        vacuum()
        show(Figure("import_growth_mb", database_size() - before, "MB", before))

    def _measure_large(self) -> None:
        path = self._make_report(nights=0, videos=LARGE, seed=OTHER_SEED)
        self._measure_merge(
            "import_large", path, FIRST_DAY, {"videos_new"}, videos=LARGE
        )
        self._show_memory("import_large_memory_mb", self.runs[-1:])

    def _show_memory(self, name: str, runs: list[ImportRun]) -> None:
        idle = min(run.idle_mb for run in runs)
        peak = max(run.peak_mb - run.idle_mb for run in runs)
        show(Figure(name, peak, "MB", idle))

    def _make_report(self, *, nights: int, videos: int = 0, seed: int = SEED) -> Path:
        """A sample report in a folder of the store, the same videos every night."""
        files = write_samples(
            videos=videos or self.options.videos,
            seed=seed,
            folder=store_folder() / f"seed{seed}_night{nights}",
            nights=nights,
            with_sandbox=False,
        )
        files.asset_report.unlink()
        return files.video_report

    def _measure_merge(
        self, name: str, path: Path, day: date, counted: set[str], videos: int = 0
    ) -> None:
        expected = videos or self.options.videos
        floor = best_seconds(lambda: copy_file(path))
        drop_copy()
        run = self._import(name, path, day)
        found = sum(run.counts[count] for count in counted)
        if run.state not in Report.IMPORTED or found != expected:
            wanted = f"{' + '.join(sorted(counted))} = {expected}"
            fail(name, run, f"expected {wanted}, found {run.counts}")
        show(Figure(name, run.seconds, "s", floor))

    def _measure_identical(self, path: Path) -> None:
        """The content that was imported last, under another key."""
        copy = store_folder() / "again" / path.name
        copy.parent.mkdir()
        shutil.copyfile(path, copy)
        floor = best_seconds(lambda: hash_file(copy))
        run = self._import("import_identical", copy, FIRST_DAY + timedelta(days=30))
        if run.state != Report.State.DUPLICATE:
            fail("import_identical", run, "expected a duplicate")
        show(Figure("import_identical", run.seconds, "s", floor))

    def _import(self, name: str, path: Path, day: date) -> ImportRun:
        key = path.relative_to(store_folder()).as_posix()
        run = import_file(key, day)
        self.runs.append(run)
        if self.options.explain:
            show_slowest(name, run.seconds, run.timings)
        return run


def store_folder() -> Path:
    return Path(get_report_store().path(""))


def vacuum() -> None:
    """What autovacuum does in the day between two reports."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def database_size() -> float:
    """Megabytes on disk, without what a checkpoint would give back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576.0")
        return float(cursor.fetchone()[0])


def fail(name: str, run: ImportRun, expected: str) -> None:
    """End the benchmark: a figure of half an import would be a lie."""
    sys.exit(f"{name} ended as {run.state}: {expected}. {run.message}".strip())


def require_empty_database() -> None:
    """Never measure inside a catalogue that people use."""
    if connection.introspection.table_names():
        sys.exit("The benchmark needs an empty database: start it with `make bench`.")


def read_options() -> Namespace:
    parser = ArgumentParser(prog="benchmarks.imports", description=__doc__)
    add = parser.add_argument
    add("--videos", type=at_least_one, default=1_000_000, metavar="N")
    add("--sample", type=at_least_one, default=1_000, metavar="N", help="of others")
    add("--nights", type=at_least_one, default=10, metavar="N", help="to grow over")
    add("--large", action="store_true", help="also a file of 5,000,000 videos")
    add("--explain", action="store_true", help="list the slowest statements")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    require_empty_database()
    call_command("migrate", verbosity=0)
    Bench(options).measure()


if __name__ == "__main__":
    main()
