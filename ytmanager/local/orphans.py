"""A database server that outlived the process that started it."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from ytmanager.local.console import LocalError

FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN = signal.SIGINT, signal.SIGQUIT


def stop_server(data: Path, patience: float = 60.0) -> None:
    """End every PostgreSQL process that still works on this cluster.

    A server whose starter was killed shuts down by itself; this waits for it, or
    tells it to. The lock file of a dead server is dropped only when its number
    now belongs to a foreign process, which PostgreSQL could not know.
    """
    deadline = time.monotonic() + patience
    for step in (FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN):
        _tell(data, step)
        while find_processes(data) and time.monotonic() < deadline:
            time.sleep(0.1)
        deadline += patience / 2
    if left := find_processes(data):
        raise LocalError(f"Another PostgreSQL (process {left[0]}) works on {data}.")
    _drop_misleading_lock(data)


def _tell(data: Path, step: signal.Signals) -> None:
    """Signal the server; its own processes follow it."""
    processes = find_processes(data)
    server = server_pid(data)
    for pid in [server] if server in processes else processes:
        with suppress(ProcessLookupError):
            os.kill(pid, step)


def find_processes(data: Path) -> list[int]:
    """List the processes that work in this folder, as every PostgreSQL one does."""
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if _works_in(entry, data.resolve())
    ]


def _works_in(process: Path, folder: Path) -> bool:
    try:
        is_postgres = (process / "comm").read_text().strip() == "postgres"
        return is_postgres and (process / "cwd").readlink() == folder
    except OSError:
        return False


def server_pid(data: Path) -> int:
    """Read the number of the server from its lock file; 0 if there is none."""
    try:
        return int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def _drop_misleading_lock(data: Path) -> None:
    pid = server_pid(data)
    if pid and Path(f"/proc/{pid}").exists():
        (data / "postmaster.pid").unlink()
