"""Processes of a system that wait, are slow or die while a page is watched."""

import os
import signal
import threading
from contextlib import contextmanager

from tests.recovery.machine import children_of, command_of

WORKS, RESTS = 0.01, 0.09  # seconds


@contextmanager
def paused(worker):
    """Let a worker begin only when everything else is ready."""
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


@contextmanager
def slowed_down(worker):
    """Let a worker rest most of the time, as on a busy machine."""
    done = threading.Event()

    def slow_down():
        while not done.wait(WORKS):
            os.kill(worker, signal.SIGSTOP)
            done.wait(RESTS)
            os.kill(worker, signal.SIGCONT)

    thread = threading.Thread(target=slow_down)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def kill_web(system):
    """Kill the process that serves the pages; the supervisor starts it again."""
    [web] = [
        pid
        for pid in children_of(system.process.pid)
        if "\0uvicorn\0" in command_of(pid)
    ]
    os.kill(web, signal.SIGKILL)
