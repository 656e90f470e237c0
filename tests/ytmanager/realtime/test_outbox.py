"""A connection's queue: in order, bounded, and given up when a send does not end."""

import asyncio

import pytest

from ytmanager.realtime import outbox
from ytmanager.realtime.outbox import Outbox

pytestmark = pytest.mark.unit


class Watched:
    """An outbox and what became of its work."""

    def __init__(self):
        self.done, self.overruns = [], 0
        self.outbox = Outbox(self.overrun)
        self.outbox.start()

    def overrun(self):
        self.overruns += 1

    def put(self, number, seconds=0.0):
        async def work():
            await asyncio.sleep(seconds)
            self.done.append(number)

        self.outbox.put(work)


@pytest.fixture
async def watched():
    made = Watched()
    yield made
    made.outbox.stop()


async def test_work_is_done_in_order(watched):
    for number, seconds in enumerate((0.02, 0.0, 0.01)):
        watched.put(number, seconds)
    await asyncio.sleep(0.1)

    assert watched.done == [0, 1, 2]


async def test_full_outbox_is_an_overrun_and_does_nothing_more(watched, monkeypatch):
    watched.put("stuck", 60)
    await asyncio.sleep(0)
    for number in range(outbox.MAX_WAITING + 1):
        watched.put(number)

    assert watched.overruns == 1
    assert not watched.outbox.is_running


async def test_send_that_does_not_end_is_an_overrun(watched, monkeypatch):
    monkeypatch.setattr(outbox, "STUCK_SECONDS", 0.05)
    watched.put("stuck", 60)
    await asyncio.sleep(0.1)

    watched.outbox.check()

    assert watched.overruns == 1


async def test_idle_outbox_is_no_overrun(watched, monkeypatch):
    monkeypatch.setattr(outbox, "STUCK_SECONDS", 0.0)
    watched.put(1)
    await asyncio.sleep(0.02)

    watched.outbox.check()

    assert watched.overruns == 0


@pytest.mark.parametrize("error", [ConnectionResetError, RuntimeError])
async def test_client_that_left_ends_the_work(watched, error):
    async def fail():
        raise error

    watched.outbox.put(fail)
    await asyncio.sleep(0.02)

    assert not watched.outbox.is_running
    assert watched.overruns == 0


async def test_work_that_stops_the_outbox_is_its_last(watched):
    task = watched.outbox._task

    async def stop():
        watched.outbox.stop()

    watched.outbox.put(stop)
    watched.put("after")
    await asyncio.wait([task], timeout=5)

    assert task.done()
    assert watched.done == []
