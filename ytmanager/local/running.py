"""Which system runs from a local folder, and the variables that lead to it."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import environ

from ytmanager.local.console import LocalError
from ytmanager.local.paths import PROJECT, is_given, local_folder
from ytmanager.local.secret_values import write_private


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; raise when another one holds it.

    The kernel lets go of the lock when its holder ends, in whatever way.
    """
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            lock.seek(0)
            raise LocalError(
                f"YT Manager already runs from {folder} (process {lock.read()}). "
                "Stop it first, or start with another LOCAL_DIR."
            ) from exc
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_running(folder: Path) -> bool:
    """Tell whether a system runs from this folder now."""
    try:
        with (folder / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def publish_environment(folder: Path, variables: Mapping[str, str]) -> None:
    """Keep the variables for commands that join the running system."""
    lines = [f"{name}={value}\n" for name, value in sorted(variables.items())]
    write_private(folder / "environment", "".join(lines))


def read_environment(folder: Path) -> dict[str, str]:
    """Return the variables of the running system; none when nothing runs."""
    path = folder / "environment"
    if not is_running(folder) or not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def join_running_system() -> None:
    """Let a command reach the system that `make run` serves.

    It says nothing when a database is named, so a configured machine is left alone.
    """
    environ.Env.read_env(PROJECT / ".env")
    if not is_given(os.environ, "DATABASE_URL"):
        for name, value in read_environment(local_folder(os.environ)).items():
            os.environ.setdefault(name, value)
