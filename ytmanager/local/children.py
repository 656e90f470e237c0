"""Child processes that write to a log file and never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ytmanager.local.console import LocalError

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 20 * 1024 * 1024

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(death_signal: int) -> None:
    """Ask the kernel to send this process a signal when its parent ends."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)


@dataclass
class Child:
    """One process: how to start it, how to tell that it is ready, how to end it.

    `user` is the numeric user and group to run as. A change of user clears the
    parent-death signal, which is why it is set after that, right before exec.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    folder: Path = Path("/")
    user: tuple[int, int] | None = None
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    patience: float = 15.0
    standard_input: str = field(default="", repr=False)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started_at: float = 0.0
    log_start: int = 0

    def start(self) -> None:
        """Start the process; must be called from the main thread.

        The kernel ties the parent-death signal to the thread that forked.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        rotate(self.log)
        with self.log.open("ab") as output:
            self.log_start = output.tell()
            self.process = self._spawn(output.fileno())
        self.started_at = time.monotonic()
        self._feed()

    def _spawn(self, output: int) -> subprocess.Popen[bytes]:
        uid, gid = self.user or (None, None)
        return subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE if self.standard_input else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=dict(self.environment),
            start_new_session=True,
            user=uid,
            group=gid,
            extra_groups=[] if self.user else None,
            preexec_fn=self._tie_to_parent(os.getpid()),
        )

    def _tie_to_parent(self, parent: int) -> Callable[[], None]:
        def tie() -> None:
            die_with_parent(self.death_signal)
            if os.getppid() != parent:
                os._exit(1)

        return tie

    def _feed(self) -> None:
        if self.process is None or self.process.stdin is None:
            return
        with suppress(BrokenPipeError), self.process.stdin as stdin:
            stdin.write(self.standard_input.encode())

    def is_running(self) -> bool:
        """Tell whether the process lives; reaps it when it does not."""
        return self.process is not None and self.process.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], timeout: float) -> None:
        """Wait for readiness; raise with the last log line when it never comes."""
        deadline = time.monotonic() + timeout
        while not is_ready():
            if not self.is_running():
                raise LocalError(f"{self.name} did not start: {self.last_words()}")
            if time.monotonic() > deadline:
                raise LocalError(
                    f"{self.name} was not ready after {timeout:.0f} s, see {self.log}"
                )
            time.sleep(0.05)

    def wait(self) -> int:
        """Wait for the end and return the exit code."""
        return self.process.wait() if self.process is not None else 0

    def signal_stop(self) -> None:
        """Ask the process to end."""
        if self.is_running() and self.process is not None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End the process: politely first, with everything it started if needed."""
        self.signal_stop()
        if self.process is None:
            return
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def exit_reason(self) -> str:
        """Say how the process ended."""
        code = self.process.returncode if self.process else None
        if code is not None and code < 0:
            return f"ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"

    def last_words(self) -> str:
        """Return the last line that the process logged, or how it ended."""
        lines = [line for line in self.log_since_start().splitlines() if line.strip()]
        return f"{lines[-1].strip() if lines else self.exit_reason()} (see {self.log})"

    def log_since_start(self) -> str:
        """Return what the process wrote since it was started, the last part of it."""
        with self.log.open("rb") as lines:
            size = lines.seek(0, os.SEEK_END)
            lines.seek(
                max(self.log_start if self.log_start <= size else 0, size - 8192)
            )
            return lines.read().decode(errors="replace")


def rotate(log: Path) -> None:
    """Keep a log bounded: copy it aside and empty it; writers append."""
    if not log.exists() or log.stat().st_size < LOG_LIMIT:
        return
    log.with_suffix(".log.1").write_bytes(log.read_bytes())
    os.truncate(log, 0)
