"""A bulk edit whose worker is killed twice ends with exactly the planned rows."""

from dataclasses import dataclass

import pytest

from tests.recovery.machine import wait_until

VIDEOS = 10_000
BEGIN = f"""
from django.contrib.auth.models import User
from django.db import transaction
from benchmarks.catalogue import make_catalogue
from catalog import tasks
from catalog.changesets import selection
from catalog.models import ChangeSet, Video
from catalog.services import change_sets
make_catalogue({VIDEOS})
videos = Video.objects.filter(channel__content_owner__content_owner_id="benchmark")
with transaction.atomic():
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=User.objects.get(username="admin"),
        plan_source={{"name": "values", "values": {{"label": "Killed", "notes": "x"}}}},
        has_preview=False,
    )
    selection.select_ticked(made, videos.values_list("pk", flat=True))
    change_sets.request_plan(made)
    tasks.enqueue(made)
"""
CURSOR = "UPDATE OF cursor ON catalog_changeset"
FIRST = ("first_batch", CURSOR, "OLD.cursor = 0 AND NEW.cursor > 0")
LATER = ("later_batch", CURSOR, "OLD.cursor > 0 AND NEW.cursor > OLD.cursor")
OURS = (
    "FROM catalog_video v JOIN catalog_channel c ON c.id = v.channel_id "
    "JOIN catalog_contentowner o ON o.id = c.content_owner_id "
    "WHERE o.content_owner_id = 'benchmark'"
)


@dataclass
class Story:
    """A bulk edit that was killed in its first and in its second batch."""

    change_set: int
    applied_at_kills: list


@pytest.fixture(scope="session")
def bulk_edit(recovering_system, machine):
    with machine.breakpoint(*LATER) as later:
        with machine.breakpoint(*FIRST) as first:
            recovering_system.manage("shell", "-c", BEGIN)
            applied = [kill_worker(machine, first)]
        applied.append(kill_worker(machine, later))
    pk = machine.value("SELECT max(id) FROM catalog_changeset WHERE kind = 'bulk'")
    wait_until(lambda: state_of(machine, pk) == "applied", timeout=90)
    return Story(pk, applied)


def kill_worker(machine, held_back):
    """Kill the worker in the middle of a batch; tells how much was committed."""
    wait_until(held_back, timeout=90)
    [orphan] = held_back()
    machine.kill_worker("quick")
    wait_until(lambda: orphan not in held_back())
    return machine.value(
        "SELECT applied_count FROM catalog_changeset ORDER BY id DESC LIMIT 1"
    )


def state_of(machine, pk):
    return machine.value("SELECT state FROM catalog_changeset WHERE id = %s", pk)


def test_batch_of_a_killed_worker_leaves_nothing_half_done(bulk_edit):
    first, second = bulk_edit.applied_at_kills

    assert first == 0
    assert 0 < second < 2 * VIDEOS


def test_killed_edit_is_applied_once(machine, bulk_edit):
    values = machine.rows(
        f"SELECT v.label, v.notes, v.row_version, count(*) {OURS} GROUP BY 1, 2, 3"
    )

    assert values == [("Killed", "x", 2, VIDEOS)]


def test_killed_edit_is_logged_once(machine, bulk_edit):
    logged = machine.rows(
        "SELECT field, outcome, count(*), count(DISTINCT video_id) "
        "FROM catalog_change WHERE change_set_id = %s GROUP BY 1, 2 ORDER BY 1",
        bulk_edit.change_set,
    )

    assert logged == [
        ("label", "applied", VIDEOS, VIDEOS),
        ("notes", "applied", VIDEOS, VIDEOS),
    ]


def test_killed_edit_adds_up(machine, bulk_edit):
    counts = machine.rows(
        "SELECT expected_count, applied_count, skipped_count, error "
        "FROM catalog_changeset WHERE id = %s",
        bulk_edit.change_set,
    )

    assert counts == [(2 * VIDEOS, 2 * VIDEOS, 0, "")]
