"""A dead child is started again, with pauses that grow and forget."""

import sys

import pytest

from ytmanager.local.children import Child
from ytmanager.local.supervisor import LONGEST_PAUSE, STEADY_AFTER, Watch

pytestmark = pytest.mark.unit


@pytest.fixture
def watch(tmp_path):
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    watch = Watch(Child("worker", command, tmp_path / "worker.log"))
    watch.child.start()
    yield watch
    watch.child.stop()


def kill(watch):
    watch.child.process.kill()
    watch.child.process.wait()


def test_dead_child_is_announced_and_started_after_the_pause(watch, capsys):
    kill(watch)

    watch.tend(now=100.0)
    watch.tend(now=100.4)
    alive_too_early = watch.child.is_running()
    watch.tend(now=100.6)

    assert not alive_too_early
    assert watch.child.is_running()
    assert (
        "worker ended by SIGKILL; starting it again in 0.5 s" in capsys.readouterr().out
    )


def test_pauses_grow_up_to_a_limit(watch):
    pauses = []
    for round_number in range(9):
        kill(watch)
        now = 1000.0 * round_number
        watch.tend(now)
        pauses.append(watch.restart_at - now)
        watch.tend(now + LONGEST_PAUSE)
        watch.child.started_at = float("inf")

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_steady_child_is_forgiven(watch):
    watch.failures = 5

    watch.tend(watch.child.started_at + STEADY_AFTER + 1)

    assert watch.failures == 0


def test_child_that_cannot_be_started_is_tried_again(watch, capsys):
    kill(watch)
    watch.tend(now=100.0)
    watch.child.command = ["/nonexistent/program"]

    watch.tend(now=101.0)
    watch.tend(now=102.0)

    assert watch.restart_at == 103.0
    assert "worker did not start" in capsys.readouterr().out
