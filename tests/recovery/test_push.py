"""A push whose worker is killed, at every step, does what an undisturbed one does."""

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import pytest

from tests.conftest import is_deep
from tests.recovery.machine import PATIENCE, wait_until
from tests.recovery.youtube import units_in_ledger

pytestmark = pytest.mark.timeout(600)
PUSHED = 3
HELD_SECONDS = 4
TITLE = {"title", "localized"}
DONE = {"success", "already_there"}
ENDED = {"completed", "completed_with_errors", "failed", "cancelled"}
PLAN = "SELECT state, message, done_count FROM youtube_sync_pushplan WHERE id = %s"
READ = (
    "SELECT 1 FROM youtube_sync_quotaentry "
    "WHERE plan_id = %s AND call = 'videos.list' AND state = 'reserved'"
)
SYNCS = (
    "SELECT s.state, count(*) FROM youtube_sync_metadatasync s "
    "JOIN youtube_sync_planitem i ON i.id = s.item_id WHERE i.plan_id = %s GROUP BY 1"
)
# How often a worker took the plan: attempts of its job.
JOBS = (
    "SELECT max(attempts) FROM procrastinate_jobs WHERE task_name LIKE '%%.run_plan' "
    "AND (args ->> 'plan_pk')::int = %s"
)
names = count(1)


@dataclass(frozen=True)
class Step:
    """A moment of a push at which its worker dies.

    `moment` is that of a trigger that holds the worker back; a step without one is
    a call that hangs. `uncertain_count` are writes of which nobody knows.
    """

    name: str
    moment: str = ""
    condition: str = "true"
    is_stale: bool = False
    uncertain_count: int = 0
    extra_writes: int = 0

    def __str__(self):
        return self.name


SYNC = "UPDATE OF state ON youtube_sync_metadatasync", "NEW.state = 'success'"
STORE = "INSERT ON catalog_observation", "NEW.source = 'push_reply'"
ITEMS = "UPDATE OF state ON youtube_sync_planitem", "NEW.state = 'success'"
STEPS = (
    Step(
        "before the read",
        "INSERT ON youtube_sync_quotaentry",
        "NEW.plan_id IS NOT NULL AND NEW.call = 'videos.list'",
    ),
    Step("after the read", "INSERT ON youtube_sync_metadatasync"),
    Step(
        "before the reply, and reads are stale",
        is_stale=True,
        uncertain_count=1,
        extra_writes=1,
    ),
    Step("after the reply, before its record", *SYNC, uncertain_count=1),
    Step("after its record, and reads are stale", *STORE, is_stale=True),
)
DEEP_STEPS = (
    Step("during the read"),
    Step("before the reply", uncertain_count=1),
    Step(
        "after the reply, and reads are stale",
        *SYNC,
        is_stale=True,
        uncertain_count=1,
        extra_writes=1,
    ),
    Step("after its record, before the commit", *STORE),
    Step("before the items are written", *ITEMS),
)
ALL_STEPS = (*STEPS, *(DEEP_STEPS if is_deep() else ()))


@dataclass
class Story:
    """A plan whose worker was killed once, and YouTube before and after it."""

    step: Step
    plan: str
    wanted: dict
    before: dict
    units_before: int
    calls_before: int
    after: dict = field(default_factory=dict)
    units_spent: int = 0
    write_count: int = 0
    seconds_until_taken_up: float = 0

    @property
    def pk(self):
        return int(self.plan.split("/")[-3])


@pytest.fixture(scope="module")
def untouched(youtube_videos):
    """Videos that no push has touched yet."""
    return iter(youtube_videos)


@pytest.fixture(scope="module", params=ALL_STEPS, ids=str)
def story(request, machine, person, remote_sandbox, untouched):
    """Push new titles; kill the worker at one step and let another one go on."""
    step, sandbox = request.param, remote_sandbox
    wanted = {
        video.video_id: f"{video.title} (Live)"
        for video, _ in zip(untouched, range(PUSHED), strict=False)
    }
    for video_id, title in wanted.items():
        person.patch(f"/api/videos/{video_id}/", {"title": title})
    sandbox.post("settings", stale_read_seconds=60 if step.is_stale else 0)
    story = Story(
        step,
        person.plan_push_of_edits(),
        wanted,
        sandbox.videos(),
        sandbox.units_spent(),
        sandbox.call_count("videos.update"),
    )
    push_and_kill(machine, person, sandbox, story)
    wait_until(lambda: machine.rows(PLAN, story.pk)[0][0] in ENDED, timeout=90)
    sandbox.post("settings", stale_read_seconds=0)
    story.after = sandbox.videos()
    story.units_spent = sandbox.units_spent() - story.units_before
    story.write_count = sandbox.call_count("videos.update") - story.calls_before
    return story


def push_and_kill(machine, person, sandbox, story):
    with held_at(machine, sandbox, story) as is_held:
        person.post(story.plan.replace("/change/", "/confirm/"))
        wait_until(is_held, timeout=60)
        orphan = is_held()
        machine.kill_worker("youtube")
        killed_at = time.monotonic()
        if story.step.moment:
            wait_until(lambda: is_held() != orphan)
    wait_until(lambda: has_moved(machine, story.pk), timeout=2 * PATIENCE)
    story.seconds_until_taken_up = time.monotonic() - killed_at


@contextmanager
def held_at(machine, sandbox, story):
    """Hold the worker back at the step; gives what tells that it is there."""
    step = story.step
    if step.moment:
        name = f"push_{next(names)}"
        with machine.breakpoint(name, step.moment, step.condition) as held:
            yield held
    elif "read" in step.name.split(",")[0]:
        hold(sandbox, "latency", "videos.list")
        yield lambda: machine.value(READ, story.pk)
    else:
        hold(sandbox, "late_reply", "videos.update")
        yield lambda: sandbox.call_count("videos.update") > story.calls_before


def hold(sandbox, kind, operation):
    """Let one call hang for longer than it takes to notice and to kill."""
    sandbox.post("faults", kind=kind, operation=operation, seconds=HELD_SECONDS)


def has_moved(machine, plan):
    """Whether a new worker has asked YouTube again, or has ended the plan."""
    return machine.rows(PLAN, plan)[0][0] in ENDED or machine.value(JOBS, plan) > 1


def without_title(resource):
    """Everything that a push of a title has to leave alone."""
    parts = {name: part for name, part in resource.items() if name != "etag"}
    snippet = {k: v for k, v in parts["snippet"].items() if k not in TITLE}
    return parts | {"snippet": snippet}


def test_push_is_taken_up_in_time(recovering_system, story):
    # Each kill within a minute lets the next worker start later.
    pause = recovering_system.last_pause("worker-youtube")

    assert story.seconds_until_taken_up < PATIENCE + pause


def test_plan_is_completed(machine, story):
    assert machine.rows(PLAN, story.pk) == [("completed", "", PUSHED)]


def test_every_video_has_the_wanted_title(story):
    titles = {key: story.after[key]["snippet"]["title"] for key in story.wanted}

    assert titles == story.wanted


def test_nothing_else_of_any_video_changed(story):
    before = {key: without_title(story.before[key]) for key in story.before}

    assert {key: without_title(story.after[key]) for key in story.after} == before


def test_only_a_lost_reply_and_a_stale_read_cost_another_write(story):
    assert story.write_count == PUSHED + story.step.extra_writes


def test_every_item_ended_well(machine, story):
    sql = (
        "SELECT state, count(*) FROM youtube_sync_planitem "
        "WHERE plan_id = %s GROUP BY 1"
    )

    counts = dict(machine.rows(sql, story.pk))

    assert set(counts) <= DONE
    assert sum(counts.values()) == PUSHED


def test_lost_replies_are_recorded_as_uncertain(machine, story):
    counts = dict(machine.rows(SYNCS, story.pk))

    assert counts.get("uncertain", 0) == story.step.uncertain_count
    assert "pending" not in counts


def test_no_edit_is_left_pending(machine, story):
    sql = (
        "SELECT count(*) FROM catalog_video "
        "WHERE video_id = ANY (%s) AND pending_fields <> '{}'"
    )

    assert machine.value(sql, list(story.wanted)) == 0


def test_ledger_is_what_youtube_counts(machine, story):
    spent, open_count = units_in_ledger(machine, "plan_id", story.pk)

    assert story.units_spent >= 50 * PUSHED
    assert open_count == 0
    assert spent == story.units_spent


def test_page_shows_the_completed_plan(person, story):
    page = person.text(story.plan)

    assert f"Push plan {story.pk} Completed" in page
    assert f"Done {PUSHED} Not sent 0" in page
