"""What the system holds while people work: memory, connections, age of queues."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psycopg
import requests

from tests.recovery.machine import children_of, command_of

EVERY = 5.0  # seconds
CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the system."""

    at: float
    memory_mb: dict[str, float]
    connections: int
    queue_seconds: float


class Gauges(Thread):
    """Looks at the system every few seconds; silent while a part is away."""

    def __init__(self, *, system, web, extra, token):
        super().__init__(name="gauges")
        self.system, self.web, self.extra, self.token = system, web, extra, token
        self.samples, self.ended = [], Event()

    def run(self):
        while not self.ended.wait(EVERY):
            try:
                self.samples.append(self.look())
            except (psycopg.Error, requests.RequestException, KeyError):
                continue  # a part is away, which people's requests tell

    def look(self):
        url = self.system.environment["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as own:
            connections = own.execute(CONNECTIONS).fetchone()[0] - 1
        reply = requests.get(
            f"{self.web}/readyz",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=10,
        )
        oldest = max(queue["oldest_seconds"] for queue in reply.json()["queues"])
        return Sample(time.monotonic(), self.memory(), connections, oldest)

    def memory(self):
        """Megabytes of each program of the product."""
        pids = [*children_of(self.system.process.pid), *self.extra()]
        named = {name_of(command_of(pid)): pid for pid in pids}
        return {
            f"{name} {pid}": resident_mb(pid) for name, pid in named.items() if name
        }

    def between(self, first, last):
        return [sample for sample in self.samples if first <= sample.at < last]

    def stop(self):
        self.ended.set()
        self.join()


def name_of(command):
    """`web …` or `worker <queue>`; empty for services."""
    words = command.split("\0")
    if "work" in words:
        return f"worker {words[words.index('work') + 1]}"
    if "ytmanager.asgi:application" in words:
        return f"web {words[words.index('--port') + 1]}"
    return ""


def resident_mb(pid):
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * 4096 / 2**20


def median_memory(samples):
    """The sum over all programs, as it mostly was."""
    return statistics.median(sum(each.memory_mb.values()) for each in samples)
