"""An office at work for minutes, then each part of the system killed beneath it."""

import json
import math
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.operations.soak.gauges import median_memory
from tests.operations.soak.office_day import MONITOR, UNITS, OfficeDay
from tests.operations.soak.people import PAGES
from tests.recovery.machine import wait_until

pytestmark = pytest.mark.timeout(3000)
PEOPLE, VIDEOS, ON_YOUTUBE = 30, 60_000, 1_500
SECONDS = 600.0
WARM_UP = 120.0  # caches fill, programs reach their size
PARTS = (
    "web",
    "worker imports",
    "worker youtube",
    "worker quick",
    "valkey",
    "postgres",
)
RECOVERY, CALM = 90.0, 20.0  # seconds
OPEN_JOBS = (
    "SELECT task_name FROM procrastinate_jobs WHERE status = 'doing' OR"
    " (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now()))"
)
# An import that lost the database leaves its job as failed and gets a new one.
FAILED_JOBS = """
    SELECT task_name, args FROM procrastinate_jobs
    WHERE status = 'failed' AND task_name <> 'reports.tasks.run_import'
"""
# Somebody edits on while a plan waits: such an item is left to the next plan.
NOT_SENT = """
    SELECT plan_id, target_id, state, message FROM youtube_sync_planitem
    WHERE state NOT IN ('success', 'already_there', 'moved')
"""
REPORTS = "SELECT id, state, error_message FROM reports_report"
TITLES = "SELECT video_id, title FROM catalog_video WHERE video_id = ANY(%s)"


@pytest.fixture(scope="module")
def day():
    """Ten minutes, then every kill, then the end of all that was begun."""
    folder = Path(tempfile.mkdtemp(prefix="ytm-soak-"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONITOR_TOKEN", MONITOR)
        patch.setenv("YOUTUBE_DAILY_QUOTA", str(UNITS))
        patch.delenv("PGOPTIONS", raising=False)
        office = OfficeDay(folder, people=PEOPLE, videos=VIDEOS, on_youtube=ON_YOUTUBE)
        try:
            live_through(office)
            yield office
        finally:
            office.close()
            shutil.rmtree(folder, ignore_errors=True)


def live_through(office):
    office.open().begin()
    office.started = time.monotonic()
    time.sleep(SECONDS)
    office.calm_until = time.monotonic()
    office.calm_log = told_errors(office)
    office.kills = {part: kill_and_wait(office, part) for part in PARTS}
    office.end()
    wait_until(lambda: not office.rows(OPEN_JOBS), timeout=300)
    office.push_the_rest()


def kill_and_wait(office, part):
    """Kill one part at work and go on once all was served again; when it was."""
    office.wait_for_work(part)
    killed = time.monotonic()
    office.kill(part)
    wait_until(lambda: office.is_served(killed + 1), timeout=RECOVERY)
    time.sleep(CALM)
    return killed


def told_errors(office):
    """What the programs of the product logged as errors."""
    logs = [*office.system.folder.glob("logs/*.log"), office.second_web.log]
    kept = [log for log in logs if log.name.startswith(("web", "worker"))]
    lines = [line for log in kept for line in log.read_text().splitlines()]
    return [line for line in lines if '"level": "error"' in line or "Traceback" in line]


def calm_visits(office):
    """Those that were over before the first kill."""
    visits, until = office.notebook.visits, office.calm_until
    return [v for v in visits if v.at + v.seconds < until]


def unserved_seconds(office, part):
    """For how long after its kill, and before the next one, somebody was not served."""
    killed = office.kills[part]
    later = [at for at in office.kills.values() if at > killed]
    until = min([killed + RECOVERY, *later])
    unserved = [v for v in office.notebook.visits if not v.is_served]
    ends = [v.at + v.seconds for v in unserved]
    return max([0.0, *(end - killed for end in ends if killed < end < until)])


def test_everybody_is_served_while_nothing_is_killed(day):
    unserved = [v for v in calm_visits(day) if not v.is_served or not v.is_honest]

    assert not unserved
    assert not day.calm_log


def test_killed_parts_are_met_with_honest_answers(day):
    dishonest = [v for v in day.notebook.visits if not v.is_honest]

    assert not dishonest


def test_nothing_acknowledged_is_lost(day):
    kept = dict(day.rows(TITLES, list(day.notebook.titles)))

    lost = {v: t for v, t in kept.items() if t not in day.notebook.titles[v]}
    assert len(kept) == len(day.notebook.titles) > 0
    assert not lost


def test_all_that_was_edited_reaches_youtube(day):
    wanted = dict(day.rows(TITLES, list(day.notebook.titles)))

    assert day.titles_on_youtube() == wanted


def test_open_pages_hear_of_every_acknowledged_edit(day):
    edited = Counter(day.notebook.edits)

    def deaf():
        heard = [listener.heard for listener in day.listeners.listeners]
        return [n for n, each in enumerate(heard) if edited - each]

    wait_until(lambda: not deaf(), timeout=60)
    assert sum(listener.gaps for listener in day.listeners.listeners) == 0


def test_imports_and_pushes_all_end_well(day):
    assert not day.rows(FAILED_JOBS)
    assert not day.rows(NOT_SENT)
    assert {state for _, state, _ in day.rows(REPORTS)} <= {
        "completed",
        "completed_with_errors",
    }
    assert len(day.nights) > len(PARTS)


def test_memory_connections_and_queues_do_not_grow(day):
    early = day.gauges.between(day.started + WARM_UP, day.started + 2 * WARM_UP)
    late = day.gauges.between(day.calm_until - WARM_UP, day.calm_until)
    calm = day.gauges.between(day.started, day.calm_until)

    assert median_memory(late) < 1.15 * median_memory(early)
    assert max(s.connections for s in late) <= max(s.connections for s in early) + 3
    assert max(s.queue_seconds for s in calm) < 60


def test_figures_are_told(day, capsys):
    kinds = {v.kind for v in calm_visits(day)}
    figures = {kind: seconds_of(day, kind) for kind in sorted(kinds)}
    figures["all"] = seconds_of(day)
    told = {"visits": figures, "system": system_figures(day)}
    told["unserved_seconds"] = {
        part: round(unserved_seconds(day, part), 1) for part in day.kills
    }

    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(told, indent=2)}\n")

    assert kinds >= {*PAGES, "save form", "save by API", "confirm push"}
    assert max(told["unserved_seconds"].values()) < RECOVERY


def seconds_of(day, kind=""):
    """How many visits, and the seconds of their median and 95th percentile."""
    met = [v for v in calm_visits(day) if kind in {"", v.kind}]
    seconds = sorted(v.seconds for v in met)
    return {
        "count": len(seconds),
        "p50": round(statistics.median(seconds), 3),
        "p95": round(seconds[math.ceil(0.95 * len(seconds)) - 1], 3),
    }


def system_figures(day):
    calm = day.gauges.between(day.started + WARM_UP, day.calm_until)
    third = len(calm) // 3
    return {
        "memory_mb": [
            round(median_memory(calm[:third])),
            round(median_memory(calm[-third:])),
        ],
        "connections": [calm[0].connections, calm[-1].connections],
        "connections_max": max(s.connections for s in calm),
        "queue_seconds_max": round(max(s.queue_seconds for s in calm), 1),
        "nights": len(day.nights),
        "plans": len(day.notebook.plans),
        "edits": len(day.notebook.edits),
        "visits_in_all": len(day.notebook.visits),
        "not_served": Counter(v.status for v in day.notebook.visits if not v.is_served),
    }
