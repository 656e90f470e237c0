"""What a person reads when the start is not possible: one line, exit code 1."""

import errno
import os
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from ytmanager.local import __main__ as program
from ytmanager.local import commands, paths
from ytmanager.local.console import LocalError, explain
from ytmanager.local.paths import MEGABYTE, local_folder, prepare_folder
from ytmanager.local.ports import find_free_port, require_free_port
from ytmanager.local.system import port_in

pytestmark = pytest.mark.unit

DiskUsage = namedtuple("DiskUsage", "total used free")


def run_local(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "ytmanager.local", *arguments],
        env=os.environ | variables,
        cwd=paths.PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_taken_port_gives_one_line(tmp_path, taken_port):
    done = run_local("run", LOCAL_DIR=str(tmp_path), PORT=str(taken_port))

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Port {taken_port} on 127.0.0.1 is taken. Choose another: PORT=8123 make run"
    ]


def test_folder_that_cannot_be_made_gives_one_line(tmp_path):
    (tmp_path / "file").touch()

    done = run_local("run", LOCAL_DIR=str(tmp_path / "file" / "local"))

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "cannot be created" in done.stderr


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ModuleNotFoundError("gone", name="channels"), "module channels is missing"),
        (ImportError("no pq wrapper\nAttempts made:"), "does not load: no pq wrapper"),
        (OSError(errno.ENOSPC, "No space left on device", "/data"), "disk is full"),
        (LocalError("The port is taken."), "The port is taken."),
        (KeyboardInterrupt(), "Interrupted."),
    ],
)
def test_expected_errors_become_one_line(monkeypatch, capsys, error, line):
    def fail(arguments):
        raise error

    monkeypatch.setattr(commands, "run_command", fail)

    assert program.main() == 1
    output = capsys.readouterr()
    assert line in output.err
    assert output.err.count("\n") == 1


def test_other_system_errors_keep_their_words():
    assert "Permission denied" in explain(OSError(errno.EACCES, "Permission denied"))


def test_nearly_full_disk_stops_the_start(tmp_path, monkeypatch):
    usage = DiskUsage(0, 0, 20 * MEGABYTE)
    monkeypatch.setattr(paths.shutil, "disk_usage", lambda folder: usage)

    with pytest.raises(LocalError, match="20 MB left, 500 MB are needed"):
        prepare_folder(tmp_path)


def test_existing_database_needs_less_room(tmp_path, monkeypatch):
    (tmp_path / "postgres").mkdir()
    usage = DiskUsage(0, 0, 200 * MEGABYTE)
    monkeypatch.setattr(paths.shutil, "disk_usage", lambda folder: usage)

    prepare_folder(tmp_path)

    assert tmp_path.is_dir()


def test_relative_local_folder_lies_in_the_project():
    assert local_folder({"LOCAL_DIR": "other"}) == paths.PROJECT / "other"
    assert local_folder({}) == paths.PROJECT / ".local"


def test_absolute_local_folder_is_taken_as_it_is():
    assert local_folder({"LOCAL_DIR": "/srv/ytm"}) == Path("/srv/ytm")


@pytest.mark.parametrize("text", ["eighty", "-1", "70000"])
def test_port_that_is_no_port_is_refused(text):
    with pytest.raises(LocalError, match="is not a port number"):
        port_in({"PORT": text})


def test_port_zero_asks_for_any_port():
    assert require_free_port("127.0.0.1", 0) > 0


def test_preferred_port_is_taken_when_it_is_free():
    free = find_free_port()

    assert find_free_port(free) == free


def test_other_port_is_found_when_the_preferred_one_is_taken(taken_port):
    assert find_free_port(taken_port) != taken_port


def test_exec_returns_the_exit_code_of_the_program():
    code = "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'] else 1)"

    done = run_local("exec", "--no-services", "--", sys.executable, "-c", code)

    assert done.returncode == 7
