"""One import in a process of its own, as a worker runs it."""

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from benchmarks.statements import Timings, timed_statements
from reports.models import Report
from reports.services.dating import start_of_day
from reports.services.imports import run_import
from reports.services.requests import request_import
from reports.services.sources import add_stored_file


@dataclass(frozen=True, slots=True)
class ImportRun:
    """How one import ended, what it cost, and where the time went."""

    state: str
    message: str
    counts: dict[str, int]
    seconds: float
    idle_mb: float
    peak_mb: float
    timings: Timings = field(repr=False)


def import_file(key: str, day: date) -> ImportRun:
    """Import one file of the report store in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_import_file, key, day).result()


def _import_file(key: str, day: date) -> ImportRun:
    report = add_stored_file(key=key)
    report.as_of = start_of_day(day)
    report.save(update_fields=["as_of"])
    request_import(report=report, actor=None)
    idle_mb, started = _memory("VmRSS"), time.perf_counter()
    with timed_statements() as timings:
        run_import(report=report)
    seconds = time.perf_counter() - started
    return ImportRun(
        report.state,
        report.error_message,
        _counts(report),
        seconds,
        idle_mb,
        _memory("VmHWM"),
        timings,
    )


def _counts(report: Report) -> dict[str, int]:
    names = ("videos_new", "videos_changed", "videos_counters_only")
    return {name: getattr(report, name) for name in names}


def _memory(name: str) -> float:
    """Megabytes that the kernel notes for this process: VmRSS now, VmHWM at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [kilobytes] = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kilobytes) / 1024
