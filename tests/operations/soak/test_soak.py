"""An office at work for minutes, then each part of the system killed beneath it."""

import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.operations.soak.figures import figures_of
from tests.operations.soak.gauges import median_memory
from tests.operations.soak.ledger import told
from tests.operations.soak.office_day import FAILED, MONITOR, UNITS, OfficeDay
from tests.operations.soak.people import PAGES
from tests.recovery.machine import wait_until

pytestmark = pytest.mark.timeout(3000)
PEOPLE, VIDEOS, ON_YOUTUBE = 30, 60_000, 1_500
SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
WARM_UP = SECONDS / 5  # caches fill, programs reach their size
PARTS = (
    "web",
    "worker imports",
    "worker youtube",
    "worker quick",
    "valkey",
    "postgres",
)
RECOVERY, CALM = 150.0, 15.0  # seconds
OPEN_JOBS = (
    "SELECT task_name FROM procrastinate_jobs WHERE status = 'doing' OR"
    " (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now()))"
)
PLANS = """
    SELECT id, state, message FROM youtube_sync_pushplan
    WHERE state <> 'draft' AND finished_at IS NULL
"""
# An item may be left to the next plan for one reason: its title was edited after
# the plan was made.
NOT_SENT = """
    SELECT plan.id, item.target_id, item.state, item.message
    FROM youtube_sync_planitem item
    JOIN youtube_sync_pushplan plan ON plan.id = item.plan_id
    WHERE plan.state <> 'draft' AND item.state NOT IN ('success', 'already_there')
    AND NOT (item.state = 'moved' AND EXISTS (
        SELECT FROM catalog_change edited
        JOIN catalog_video video ON video.id = edited.video_id
        WHERE video.video_id = item.target_id AND edited.field = 'title'
        AND edited.change_set_id IS NOT NULL AND edited.outcome = 'applied'
        AND edited.created_at > plan.created_at))
"""
REPORTS = "SELECT id, state, error_message FROM reports_report"
IMPORTED = {"completed", "completed_with_errors"}


@pytest.fixture(scope="module")
def day():
    """Ten minutes, then every kill, then the end of all that was begun.

    SOAK_FOLDER keeps logs and database, for a look at what went wrong.
    """
    kept = os.environ.get("SOAK_FOLDER", "")
    folder = Path(kept or tempfile.mkdtemp(prefix="ytm-soak-"))
    folder.mkdir(exist_ok=True)
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
            if not kept:
                shutil.rmtree(folder, ignore_errors=True)


def live_through(office):
    office.open().begin()
    office.started = time.monotonic()
    time.sleep(SECONDS)
    office.calm_until = time.monotonic()
    office.kills, office.back = {}, {}
    for part in PARTS:
        office.kills[part] = office.kill(part)
        office.back[part] = office.recoveries(office.kills[part], RECOVERY)
        time.sleep(CALM)
    office.end()
    wait_until(lambda: not office.rows(OPEN_JOBS), timeout=300)
    office.push_the_rest()
    office.gauges.ended.wait(15)  # a few looks at the evening


def calm_visits(day):
    """Those that were over before the first kill."""
    return [v for v in day.notebook.visits if v.end < day.calm_until]


def is_during_recovery(day, moment, parts=PARTS):
    """Whether one of the parts had been killed and was not quite back."""
    seconds = {part: max(day.back[part].values()) for part in parts}
    return any(
        day.kills[part].at <= moment <= day.kills[part].at + seconds[part] + 1
        for part in parts
    )


def unserved_seconds(day, part):
    """For how long after its kill, and before the next one, somebody was not served."""
    killed = day.kills[part].at
    later = [kill.at for kill in day.kills.values() if kill.at > killed]
    until = min([killed + RECOVERY, *later])
    ends = [v.end for v in day.notebook.visits if not v.is_served]
    return max([0.0, *(end - killed for end in ends if killed < end < until)])


def test_everybody_is_served_while_nothing_is_killed(day):
    bad = [v for v in calm_visits(day) if not v.is_good]
    refused = [e for e in day.notebook.ledger.edits if e.is_refused]
    losses = [at for page in day.listeners.listeners for at in page.losses]

    assert not bad
    assert not refused
    assert not [at for at in losses if at < day.calm_until]
    assert len(calm_visits(day)) > PEOPLE * SECONDS / 10


def test_killed_parts_are_met_with_honest_answers(day):
    """Told in words to come back; or a connection cut, while a web process was gone."""
    met = [v for v in day.notebook.visits if not v.is_good and not v.is_invitation]

    odd = [v for v in met if v.status or not is_during_recovery(day, v.end, ["web"])]
    assert not odd
    invited = [v for v in day.notebook.visits if v.is_invitation]
    assert not [v for v in invited if not is_during_recovery(day, v.end)]


def test_errors_are_logged_for_what_was_killed_alone(day):
    logged = day.logged_errors()

    unexpected = [
        error
        for error in logged
        if not (error.is_outage and is_during_recovery(day, error.at - day.epoch))
    ]
    assert not unexpected


def test_the_system_recovers_by_itself(day):
    worst = {part: max(seconds.values()) for part, seconds in day.back.items()}

    assert not {part for part, seconds in worst.items() if seconds > RECOVERY}, day.back


def test_nothing_acknowledged_is_lost(day):
    ledger = day.notebook.ledger

    losses = ledger.find_losses(day.rows)

    assert len(ledger.videos()) > PEOPLE
    assert not losses, told(losses)


def test_all_that_was_edited_reaches_youtube(day):
    fates = day.notebook.ledger.fates(day.rows)
    wanted = {video_id: fate.value for video_id, (_, fate) in fates.items()}

    shown = day.titles_on_youtube()

    different = {v: (wanted[v], shown[v]) for v in wanted if wanted[v] != shown[v]}
    assert not different, told([fates[v] for v in different])


def test_open_pages_hear_of_every_acknowledged_edit(day):
    edited = Counter(edit.video_id for edit in day.notebook.ledger.acknowledged)

    def deaf():
        pages = enumerate(day.listeners.listeners)
        return {
            n: edited - each.counts() for n, each in pages if edited - each.counts()
        }

    wait_until(lambda: not deaf(), timeout=60)
    assert sum(listener.gaps for listener in day.listeners.listeners) == 0


def test_imports_and_pushes_all_end_well(day):
    """Whatever a kill let fail was done again without a person."""
    wait_until(lambda: not day.rows(FAILED), timeout=90)
    known = {plan for (plan,) in day.rows("SELECT id FROM youtube_sync_pushplan")}

    assert set(day.notebook.plans) <= known
    assert not day.rows(PLANS)
    assert not day.rows(NOT_SENT)
    assert not [r for r in day.rows(REPORTS) if r[1] not in IMPORTED]
    assert len(day.nights) > len(PARTS)


def test_memory_connections_and_queues_do_not_grow(day):
    early = day.gauges.between(day.started + WARM_UP, day.started + 2 * WARM_UP)
    late = day.gauges.between(day.calm_until - WARM_UP, day.calm_until)
    calm = day.gauges.between(day.started, day.calm_until)
    evening = day.gauges.samples[-1]

    assert median_memory(late) < 1.15 * median_memory(early)
    most = max(s.connections for s in early) + 3
    assert max(s.connections for s in late) <= most
    assert evening.connections <= most
    assert max(s.queue_seconds for s in calm) < 60
    assert evening.queue_seconds < 60


def test_figures_are_told(day, capsys):
    told_figures = figures_of(day, calm_visits(day), WARM_UP)
    told_figures["kills"] = {
        part: {
            "somebody is not served for": round(unserved_seconds(day, part), 1),
            "jobs begun": len(day.kills[part].begun_jobs),
            **day.back[part],
        }
        for part in PARTS
    }

    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(told_figures, indent=2)}\n")

    assert told_figures["visits"].keys() >= {*PAGES, "save form", "save by API"}
