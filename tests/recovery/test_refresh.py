"""A refresh whose worker is killed in each of its steps reads what it would have."""

from collections import Counter
from dataclasses import dataclass

import pytest

from tests.conftest import is_deep
from tests.recovery.machine import wait_until
from tests.recovery.youtube import CATALOGUE, units_in_ledger

pytestmark = pytest.mark.timeout(600)
HELD_SECONDS = 4
READS = 4  # before the first kill
CURSOR = "UPDATE OF cursor ON youtube_sync_refreshrun"
# After the facts of a batch were merged, before they are committed.
KILLS = {
    "videos": "NEW.step = 'videos' AND OLD.cursor > 0 AND NEW.cursor > OLD.cursor",
    "uploads": "NEW.step = 'uploads' AND NEW.cursor > OLD.cursor",
}
RUN = (
    "SELECT state, message, read_count, total_count, gone_count, step "
    "FROM youtube_sync_refreshrun WHERE id = %s"
)
OURS = (
    "SELECT video_id FROM catalog_video v WHERE pending_fields <> '{}' OR EXISTS "
    "(SELECT FROM catalog_pushedvalue p WHERE p.video_id = v.id)"
)
ENDED = {"completed", "failed", "cancelled"}
CHANGES = (
    "SELECT v.video_id, c.field, count(*) FROM catalog_change c "
    "JOIN catalog_video v ON v.id = c.video_id "
    "JOIN youtube_sync_refreshread r ON r.observation_id = c.observation_id "
    "WHERE r.run_id = %s GROUP BY 1, 2"
)


@dataclass
class Story:
    """A refresh of the whole catalogue that was killed three times."""

    run: int
    edited: dict
    units_spent: int
    calls: list


@pytest.fixture(scope="module")
def story(machine, person, remote_sandbox, youtube_videos):
    """Edit titles in the Studio, refresh, kill; most kills are for the deep tier."""
    sandbox = remote_sandbox
    # What was edited here or just pushed is a conflict and not taken over.
    ours = {row[0] for row in machine.rows(OURS)}
    edited = {
        video.video_id: f"{video.title} (Studio)"
        for video in youtube_videos[-1::-60]
        if video.video_id not in ours
    }
    for video_id, title in edited.items():
        sandbox.post(f"videos/{video_id}", title=title)
    units, calls = sandbox.units_spent(), len(sandbox.get("requests")["requests"])
    run = refresh_with_kills(machine, person, sandbox)
    wait_until(lambda: machine.rows(RUN, run)[0][0] in ENDED, timeout=400)
    return Story(
        run,
        edited,
        sandbox.units_spent() - units,
        sandbox.get("requests")["requests"][calls:],
    )


def refresh_with_kills(machine, person, sandbox):
    """Ask for everything, and kill the worker that reads it again and again."""
    with machine.breakpoint("uploads", CURSOR, KILLS["uploads"]) as uploads:
        with machine.breakpoint("videos", CURSOR, KILLS["videos"]) as videos:
            if is_deep():
                hold_a_read(sandbox)
            [run] = person.post("/api/refresh-runs/", json={}).json()["data"]
            if is_deep():
                wait_until(lambda: is_reading(machine, run["pk"], READS), timeout=60)
                machine.kill_worker("youtube")
            kill_before_commit(machine, videos)
        if is_deep():
            kill_before_commit(machine, uploads)
    return run["pk"]


def hold_a_read(sandbox):
    """Let one read hang for longer than it takes to notice and to kill."""
    sandbox.post(
        "faults",
        kind="latency",
        operation="videos.list",
        skip=READS - 1,
        seconds=HELD_SECONDS,
    )


def is_reading(machine, run, count):
    """The ledger has paid for so many reads, and the last has not come back."""
    sql = (
        "SELECT count(*) = %s AND bool_or(state = 'reserved') "
        "FROM youtube_sync_quotaentry WHERE refresh_id = %s AND call = 'videos.list'"
    )
    return machine.value(sql, count, run)


def kill_before_commit(machine, held_back):
    wait_until(held_back, timeout=90)
    [orphan] = held_back()
    machine.kill_worker("youtube")
    wait_until(lambda: orphan not in held_back())


def test_refresh_is_completed(machine, story):
    [(state, message, read, total, gone, step)] = machine.rows(RUN, story.run)

    assert (state, step) == ("completed", "done")
    assert (read, gone) == (total, 0)


def test_every_edit_on_youtube_is_here(machine, story):
    sql = "SELECT video_id, title FROM catalog_video WHERE video_id = ANY (%s)"

    assert dict(machine.rows(sql, list(story.edited))) == story.edited


def test_no_change_is_logged_twice(machine, story):
    logged = machine.rows(CHANGES, story.run)
    titles = {video: times for video, field, times in logged if field == "title"}

    assert {video: titles.get(video) for video in story.edited} == dict.fromkeys(
        story.edited, 1
    )


def test_killed_batches_are_read_again_and_no_others(story):
    known = {video.video_id for video in CATALOGUE}
    reads = [
        call["query"] for call in story.calls if call["operation"] == "videos.list"
    ]
    asked = Counter(i for query in reads for i in query["id"].split(",") if i in known)

    assert set(asked) == known
    assert max(asked.values()) == 2
    # The second batch, and of the first one what was read before its kill.
    repeated = sum(times == 2 for times in asked.values())
    assert repeated == len(known) - 500 + (50 * READS if is_deep() else 0)


def test_ledger_is_what_youtube_counts(machine, story):
    spent, open_count = units_in_ledger(machine, "refresh_id", story.run)

    assert (spent, open_count) == (story.units_spent, 0)
