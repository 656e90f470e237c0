"""One event to many open pages, beside a bare broadcast by the same server."""

import asyncio
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client as Browser

from benchmarks.figures import Figure, show
from benchmarks.live_clients import Crowd
from benchmarks.live_stuck import stuck_pages
from reports.management.commands.make_sample_reports import at_least_one
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

PROJECT = Path(__file__).parents[1]
ROUNDS = 15
STUCK = 20  # pages that do not read, beside the others
HELLO = b'"hello"'


def main() -> None:
    """Read the arguments and print one line for each figure."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=at_least_one, default=1000)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    cookie = sign_in()
    with server() as (port, process):
        floor = asyncio.run(measure_bare(options.clients, port, process))
    with server() as (port, process):
        value = asyncio.run(measure_product(options.clients, port, process, cookie))
    show(Figure("live_fanout", value.ms, "ms", floor.ms))
    show(Figure("live_memory_per_client", value.kb, "kB", floor.kb))
    show(Figure("live_beside_stuck", value.beside_stuck_ms, "ms", value.ms))


def sign_in() -> str:
    """The cookie of a person who may hear everything."""
    browser = Browser()
    browser.force_login(User.objects.create_superuser("benchmark"))
    return f"sessionid={browser.session.session_key}"


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """One process of the server; gives its port and its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "benchmarks.live_server:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    with subprocess.Popen(command, cwd=PROJECT) as child:
        try:
            _wait_for(port)
            yield port, child.pid
        finally:
            child.terminate()


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The server did not start.")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds until the last client has an event; memory for one client.

    Once more in milliseconds beside pages that do not read: none of a bare server.
    """

    ms: float
    kb: float
    beside_stuck_ms: float = 0


async def measure_product(clients: int, port: int, process: int, cookie: str) -> Cost:
    """Open pages of a signed-in person and log events."""
    idle, crowd = memory_kb(process), Crowd()
    crowd.expect(HELLO, clients)
    await crowd.open(clients, port=port, path="/ws/events/", cookie=cookie)
    await crowd.heard()
    seconds = await rounds(crowd, tell_product)
    kb = (memory_kb(process) - idle) / clients
    stuck = stuck_pages(STUCK, port=port, cookie=cookie)
    await asyncio.to_thread(stuck.__enter__)
    beside = await rounds(crowd, tell_product)
    await asyncio.to_thread(stuck.__exit__, None, None, None)
    crowd.close()
    return Cost(seconds * 1000, kb, beside * 1000)


async def measure_bare(clients: int, port: int, process: int) -> Cost:
    """Open bare connections and send to each of them."""
    idle, crowd = memory_kb(process), Crowd()
    await crowd.open(clients, port=port, path="/bare/")
    seconds = await rounds(crowd, partial(tell_bare, port))
    crowd.close()
    return Cost(seconds * 1000, (memory_kb(process) - idle) / clients)


async def rounds(crowd: Crowd, tell: Callable[[str], None]) -> float:
    """Seconds from an event until the last client has it: the median."""
    seconds = []
    for number in range(ROUNDS):
        text = f"round {number:03} of {id(crowd)}"
        crowd.expect(text.encode())
        started = time.perf_counter()
        telling = asyncio.create_task(asyncio.to_thread(tell, text))
        await crowd.heard()
        seconds.append(time.perf_counter() - started)
        await telling
    return statistics.median(seconds)


def tell_product(text: str) -> None:
    """Log an event, as a service does; it is announced after the commit."""
    payload = {"level": "info", "title": text}
    record(Event("notification", payload), groups=[EVERYONE])


def tell_bare(port: int, text: str) -> None:
    body = f'{{"type": "notification", "title": "{text}"}}'.encode()
    request = urllib.request.Request(  # noqa: S310 - an address of this machine
        f"http://127.0.0.1:{port}/bare/", data=body, method="POST"
    )
    urllib.request.urlopen(request).close()  # noqa: S310


def memory_kb(process: int) -> int:
    """What a process holds, as the kernel counts it."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0])


if __name__ == "__main__":
    main()
