"""A complete system as `make run` starts it, for tests that need all of it."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from ytmanager.local.paths import PROJECT

# What leads a system somewhere; without these it starts everything by itself.
LEADING = (
    "DATABASE_URL", "REDIS_URL", "S3_BUCKET", "REPORT_FOLDER", "YOUTUBE_API_BASE",
    "SECRET_KEY", "TOKEN_ENCRYPTION_KEYS", "SITE_URL",
)  # fmt: skip


class RunningSystem:
    """`python -m ytmanager.local run` in a folder of its own, on a free port."""

    def __init__(self, folder, *options):
        self.folder = Path(folder)
        self.options = options
        self.output = self.folder / "console.log"
        self.process = None

    def start(self, timeout=240):
        """Start the system and wait until it says that it is ready."""
        blank = dict.fromkeys(LEADING, "")
        given = os.environ | blank | {f"{name}_FILE": "" for name in LEADING}
        given |= {"APP_ENV": "development", "LOG_LEVEL": "INFO"}
        given |= {"LOCAL_DIR": str(self.folder), "PORT": "0"}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ytmanager.local", "run", *self.options],
                env=given,
                cwd=PROJECT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.wait_for_line("Ready:", timeout)
        return self

    def wait_for_line(self, beginning, timeout):
        """Wait until the console shows a line; fail with all it shows instead."""
        deadline = time.monotonic() + timeout
        while not any(line.startswith(beginning) for line in self.lines()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(
                    "\n".join(["The system is not up:", *self.lines()])
                )
            time.sleep(0.1)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def lines(self):
        return self.output.read_text().splitlines()

    def last_pause(self, name):
        """Seconds that a part of the system last waited before it was started again."""
        told = re.compile(rf"{name} .*starting it again in ([\d.]+) s")
        pauses = [
            float(found[1]) for line in self.lines() if (found := told.search(line))
        ]
        return pauses[-1] if pauses else 0.0

    @property
    def environment(self):
        """The variables that lead to the services of this system."""
        lines = (self.folder / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def url(self):
        return self.environment["SITE_URL"]

    @property
    def password(self):
        return (self.folder / "admin-password").read_text().strip()

    def manage(self, *arguments):
        """Run a management command beside the system and return what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=os.environ | self.environment | {"LOG_LEVEL": "WARNING"},
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def stop(self):
        """Stop the system as Ctrl-C does and return its exit code."""
        if self.process is None:
            return None
        if self.is_running:
            self.process.terminate()
        return self.process.wait(60)
