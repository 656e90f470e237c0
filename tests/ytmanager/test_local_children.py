"""Child processes: readiness, the end, and never outliving the parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ytmanager.local.children import LOG_LIMIT, Child, rotate
from ytmanager.local.console import LocalError

pytestmark = pytest.mark.unit

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""

PARENT = """
import sys, time
from pathlib import Path
from ytmanager.local.children import Child
child = Child("nap", [sys.executable, "-c", "import time; time.sleep(60)"],
              Path(sys.argv[1]))
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def python_child(tmp_path):
    children = []

    def start(code, **options):
        command = [sys.executable, "-c", code]
        child = Child("probe", command, tmp_path / "probe.log", **options)
        children.append(child)
        child.start()
        return child

    yield start
    for child in children:
        child.patience = 0
        child.stop()


def wait_for_end(pid):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().split()[2]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_child_dies_when_its_parent_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "nap.log")]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert wait_for_end(pid)


def test_stop_kills_a_child_that_ignores_the_signal(python_child):
    child = python_child(STUBBORN, patience=0.2)
    child.wait_until(lambda: "ready" in child.log_since_start(), timeout=10)

    child.stop()

    assert child.process.returncode == -signal.SIGKILL


def test_wait_until_names_the_last_line_of_a_dead_child(python_child):
    child = python_child("raise SystemExit('no more paper')")

    with pytest.raises(LocalError, match="no more paper"):
        child.wait_until(lambda: False, timeout=10)


def test_wait_until_gives_up_on_a_child_that_is_never_ready(python_child):
    child = python_child("import time; time.sleep(60)")

    with pytest.raises(LocalError, match="was not ready"):
        child.wait_until(lambda: False, timeout=0.1)


def test_last_words_leave_out_earlier_runs(python_child, tmp_path):
    (tmp_path / "probe.log").write_text("an old complaint\n")

    child = python_child("raise SystemExit(3)")
    child.wait()

    assert child.last_words().startswith("ended with exit code 3")


def test_standard_input_reaches_the_child(python_child):
    code = "import sys; print(sys.stdin.read())"

    child = python_child(code, standard_input="told in private")
    child.wait()

    assert "told in private" in child.log_since_start()


def test_exit_reason_names_the_signal(python_child):
    child = python_child("import time; time.sleep(60)")

    os.kill(child.process.pid, signal.SIGKILL)
    child.wait()

    assert child.exit_reason() == "ended by SIGKILL"


def test_child_repr_hides_its_environment(tmp_path):
    child = Child("probe", ["true"], tmp_path / "log", {"SECRET_KEY": "hush"})

    assert "hush" not in repr(child)


def test_rotate_keeps_one_old_part_of_a_long_log(tmp_path):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * LOG_LIMIT)

    rotate(log)

    assert log.stat().st_size == 0
    assert (tmp_path / "web.log.1").stat().st_size == LOG_LIMIT


def test_rotate_leaves_a_short_log_alone(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("short")

    rotate(log)

    assert log.read_text() == "short"
