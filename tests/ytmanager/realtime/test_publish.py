import asyncio
import os
import threading
import time

import pytest
from channels.layers import get_channel_layer
from structlog.testing import capture_logs

from ytmanager.realtime import publish

EVENT = {"type": "report.progress", "sequence": 1, "payload": {}, "at": ""}


def progress(rows, group="report.7"):
    payload = {"report": 7, "state": "reading", "rows_read": rows}
    publish.publish_progress(group, "report.progress", payload)


def rows_read(messages):
    return [message["event"]["payload"]["rows_read"] for message in messages]


class Listener:
    """A channel that joined a group, as a consumer's would."""

    async def join(self, group):
        self.layer = get_channel_layer()
        self.channel = await self.layer.new_channel()
        await self.layer.group_add(group, self.channel)
        await asyncio.sleep(0.1)  # until Redis has read it
        return self

    async def hear(self, is_enough):
        """What arrives until it is enough, and shortly after; hears once only."""
        messages = []
        try:
            while True:
                async with asyncio.timeout(0.3 if is_enough(messages) else 10):
                    messages.append(await self.layer.receive(self.channel))
        except TimeoutError:
            return messages


def count(number):
    return lambda messages: len(messages) >= number


def last(rows):
    return lambda messages: bool(messages) and rows_read(messages)[-1] == rows


async def listener(group="report.7"):
    return await Listener().join(group)


async def test_announcement_reaches_the_group_in_order():
    ear = await listener()

    for sequence in range(20):
        publish.announce({**EVENT, "sequence": sequence}, ["report.7", "everyone"])

    heard = [message["event"]["sequence"] for message in await ear.hear(count(20))]
    assert heard == list(range(20))


async def test_many_announcements_use_one_thread():
    for sequence in range(100):
        publish.announce({**EVENT, "sequence": sequence}, ["report.7"])

    names = [thread.name for thread in threading.enumerate()]
    assert names.count("live-event-publisher") == 1


async def test_progress_is_thinned_and_ends_with_the_last_message():
    ear = await listener()
    started_at = time.monotonic()

    for rows in range(100):
        progress(rows)
        await asyncio.sleep(0.005)
    seconds = time.monotonic() - started_at

    heard = rows_read(await ear.hear(last(99)))
    assert heard[0] == 0
    assert heard[-1] == 99
    assert len(heard) <= seconds / publish.PROGRESS_INTERVAL + 2


async def test_progress_of_one_report_does_not_thin_another():
    first, second = await listener("report.7"), await listener("report.8")

    progress(1, "report.7")
    progress(2, "report.8")

    assert rows_read(await first.hear(count(1))) == [1]
    assert rows_read(await second.hear(count(1))) == [2]


async def test_logged_event_overtakes_held_progress():
    """A page that shows "completed" must not go back to 99 %."""
    ear = await listener()

    progress(1)
    progress(2)
    publish.announce({**EVENT, "payload": {"rows_read": 3}}, ["report.7"])

    assert rows_read(await ear.hear(last(3))) == [1, 3]


async def test_flush_sends_held_progress_at_once():
    ear = await listener()
    progress(1)
    progress(2)

    is_flushed = await asyncio.to_thread(publish.get_publisher().flush, 10)

    assert is_flushed
    assert rows_read(await ear.hear(count(2))) == [1, 2]


async def test_closing_sends_what_waits_and_the_next_message_starts_again():
    ear = await listener()
    progress(1)
    progress(2)

    await asyncio.to_thread(publish.close_publisher)
    progress(3)

    assert rows_read(await ear.hear(count(3))) == [1, 2, 3]


def test_progress_for_no_real_group_is_refused():
    with pytest.raises(ValueError, match="Not a group"):
        progress(1, "nowhere")


def test_broken_message_does_not_stop_the_sender(monkeypatch):
    with capture_logs() as lines:
        publish.announce({**EVENT, "payload": object()}, ["report.7"])
        publish.announce(EVENT, ["report.7"])
        is_flushed = publish.get_publisher().flush(10)

    assert is_flushed
    assert [line["event"] for line in lines] == ["live_event_not_sent"]


def test_publisher_warns_once_while_redis_is_down_and_recovers(monkeypatch):
    layer = UnreachableLayer()
    monkeypatch.setattr(publish, "get_channel_layer", lambda: layer)

    with capture_logs() as lines:
        for _ in range(5):
            publish.announce(EVENT, ["report.7"])
        publish.get_publisher().flush(10)
        layer.refusal_count = 0
        publish.announce(EVENT, ["report.7"])
        publish.get_publisher().flush(10)

    events = [line["event"] for line in lines]
    assert events == ["live_events_unavailable", "live_events_available"]
    assert layer.sent_count == 1


class UnreachableLayer:
    """A channel layer whose Redis refuses so many connections."""

    refusal_count, sent_count = 1_000_000, 0

    async def group_send(self, group, message):
        if self.refusal_count:
            self.refusal_count -= 1
            raise ConnectionRefusedError
        self.sent_count += 1


def test_connection_that_died_idle_is_tried_again(monkeypatch):
    layer = UnreachableLayer()
    layer.refusal_count = 1
    monkeypatch.setattr(publish, "get_channel_layer", lambda: layer)

    with capture_logs() as lines:
        publish.announce(EVENT, ["report.7"])
        publish.get_publisher().flush(10)

    assert lines == []
    assert layer.sent_count == 1


def test_full_queue_drops_instead_of_blocking(monkeypatch):
    monkeypatch.setattr(publish, "QUEUE_SIZE", 5)
    monkeypatch.setattr(publish, "SEND_TIMEOUT", 0.05)
    monkeypatch.setattr(publish, "get_channel_layer", lambda: SilentLayer())
    started_at = time.monotonic()

    with capture_logs() as lines:
        for _ in range(500):
            publish.announce(EVENT, ["report.7"])
        publish.get_publisher().flush(10)

    assert time.monotonic() - started_at < 10
    assert "live_events_unavailable" in [line["event"] for line in lines]


class SilentLayer:
    """A channel layer whose Redis accepts and never answers."""

    async def group_send(self, group, message):
        await asyncio.sleep(3600)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
async def test_forked_process_publishes_too():
    ear = await listener()
    progress(1)
    await asyncio.to_thread(publish.get_publisher().flush, 10)

    child = os.fork()
    if child == 0:
        progress(2)
        os._exit(0 if publish.get_publisher().flush(5) else 1)
    _, status = await asyncio.to_thread(os.waitpid, child, 0)

    assert status == 0
    assert rows_read(await ear.hear(count(2))) == [1, 2]
