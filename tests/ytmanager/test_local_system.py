"""The whole system: it starts, mends itself, stops, and leaves nothing running."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.running_system import RunningSystem

pytestmark = pytest.mark.integration

# `make test-services` runs on Redis.
CACHE = Path(os.environ.get("REDIS_PROGRAM") or "valkey-server").name
PROGRAMS = ("postgres", CACHE, "sandbox", "uvicorn", "manage.py work")


@pytest.fixture(scope="module")
def shared_system():
    folder = Path(tempfile.mkdtemp(prefix="ytm-system-"))
    folder.chmod(0o711)
    running = RunningSystem(folder, "--no-sample")
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def system(shared_system):
    """A running system; started again when an earlier test ended it."""
    return shared_system if shared_system.is_running else shared_system.start()


def children_of(pid):
    listing = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
    )
    lines = [line.split(None, 1) for line in listing.stdout.splitlines()]
    return {int(pid): command for pid, command in lines if "ps -ww" not in command}


def child_with(system, text):
    children = children_of(system.process.pid)
    return next((pid for pid, command in children.items() if text in command), None)


def wait_until(condition, timeout=40):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def login_page_status(system):
    with urllib.request.urlopen(f"{system.url}/admin/login/", timeout=10) as reply:
        return reply.status


def is_gone(pid):
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_system_serves_the_login_page(system):
    assert login_page_status(system) == 200


def test_first_start_shows_the_password(system):
    assert system.password in "\n".join(system.lines())


def test_system_runs_every_program(system):
    commands = "\n".join(children_of(system.process.pid).values())

    assert [name for name in PROGRAMS if name not in commands] == []
    for queue in ("imports", "youtube", "quick", "deliveries"):
        assert f"work {queue}" in commands


def test_second_start_is_quick_and_keeps_the_password(system):
    password = system.password
    system.stop()
    started = time.monotonic()

    system.start()

    assert system.password == password
    # The promise is 8 s on an idle machine; here the test services run beside it.
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "program", ["uvicorn", "work imports", "youtube_sync.sandbox", CACHE]
)
def test_killed_program_is_started_again(system, program):
    victim = child_with(system, program)

    os.kill(victim, signal.SIGKILL)

    wait_until(lambda: child_with(system, program) not in {None, victim})


def test_database_comes_back_after_a_kill(system):
    os.kill(child_with(system, "bin/postgres"), signal.SIGKILL)

    def answers():
        try:
            psycopg.connect(system.environment["DATABASE_URL"]).close()
        except psycopg.OperationalError:
            return False
        return True

    wait_until(answers)
    wait_until(lambda: login_page_status(system) == 200)


def test_command_joins_the_running_system(system):
    code = "from django.contrib.auth.models import User; print(User.objects.get())"

    assert "admin" in system.manage("shell", "-v", "0", "-c", code)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_signal_ends_everything_in_order(system, number):
    children = children_of(system.process.pid)

    system.process.send_signal(number)

    assert system.process.wait(60) == 0
    assert system.lines()[-1] == "Stopped."
    assert [command for pid, command in children.items() if not is_gone(pid)] == []
    assert not (system.folder / "environment").exists()


def test_nothing_outlives_a_killed_system(system):
    children = children_of(system.process.pid)

    system.process.kill()
    system.process.wait()

    assert len(children) == 8
    wait_until(lambda: all(map(is_gone, children)))


def test_second_system_of_the_same_folder_is_refused(system):
    second = RunningSystem(system.folder, "--no-sample")
    second.output = system.folder / "second.log"

    with pytest.raises(AssertionError, match="already runs from"):
        second.start()
