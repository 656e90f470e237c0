"""Keep children alive: start a dead one again, with growing pauses."""

import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from ytmanager.local.children import Child
from ytmanager.local.console import explain, say

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0


class StopRequested(BaseException):
    """A person or the system asked for the end; not an error."""


def raise_on_stop_signals() -> None:
    """Turn the first stop signal into `StopRequested`; ignore the rest."""
    for number in STOP_SIGNALS:
        signal.signal(number, _request_stop)


def _request_stop(number: int, frame: FrameType | None) -> NoReturn:
    for each in STOP_SIGNALS:
        signal.signal(each, lambda number, frame: None)
    raise StopRequested


@dataclass
class Watch:
    """One child and when it may start again."""

    child: Child
    failures: int = 0
    restart_at: float | None = None

    def tend(self, now: float) -> None:
        """Notice an end, start again when the pause is over."""
        if self.child.is_running():
            if now - self.child.started_at > STEADY_AFTER:
                self.failures = 0
        elif self.restart_at is None:
            self._schedule(now)
        elif now >= self.restart_at:
            self._restart()

    def _schedule(self, now: float) -> None:
        pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**self.failures)
        self.failures += 1
        self.restart_at = now + pause
        reason = self.child.exit_reason()
        say(f"{self.child.name} {reason}; starting it again in {pause:g} s")

    def _restart(self) -> None:
        self.restart_at = None
        try:
            self.child.start()
        except OSError as error:
            say(f"{self.child.name} did not start: {explain(error)}")
            return
        say(f"{self.child.name} was started again, log: {self.child.log}")


def watch_forever(children: Sequence[Child], pause: float = 0.25) -> NoReturn:
    """Tend the children until a stop signal raises `StopRequested`."""
    watches = [Watch(child) for child in children]
    while True:
        for watch in watches:
            watch.tend(time.monotonic())
        time.sleep(pause)


def stop_together(children: Sequence[Child]) -> None:
    """Ask all children to end at once, then wait for each of them."""
    for child in children:
        with suppress(ProcessLookupError):
            child.signal_stop()
    for child in children:
        child.stop()
