"""Where a local system keeps its things."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from ytmanager.local.console import LocalError

PROJECT = Path(__file__).resolve().parent.parent.parent
MEGABYTE = 1024 * 1024
ROOM_TO_CREATE, ROOM_TO_START = 500 * MEGABYTE, 100 * MEGABYTE


def is_given(environment: Mapping[str, str], name: str) -> bool:
    """Tell whether a variable is set, directly or as the name of a file."""
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def local_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of the local system, `.local` beside `manage.py`."""
    return PROJECT / Path(environment.get("LOCAL_DIR") or ".local").expanduser()


def prepare_folder(folder: Path) -> None:
    """Create the folder; raise when it cannot be or when the disk is nearly full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise LocalError(f"{folder} cannot be created: {exc.strerror}.") from exc
    if not os.access(folder, os.W_OK):
        raise LocalError(f"{folder} cannot be written to; choose another LOCAL_DIR.")
    require_room(folder)


def require_room(folder: Path) -> None:
    """Raise when a start would run into a full disk half-way."""
    exists = (folder / "postgres").exists()
    needed = ROOM_TO_START if exists else ROOM_TO_CREATE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise LocalError(
            f"The disk is full: {folder} has {free // MEGABYTE} MB left, "
            f"{needed // MEGABYTE} MB are needed. Free some space and start again."
        )
