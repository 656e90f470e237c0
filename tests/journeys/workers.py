"""Workers that wait or are slow, so that a page can be watched while they work."""

import os
import signal
import threading
from contextlib import contextmanager

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
