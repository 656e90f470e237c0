import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from ytmanager.models import LiveEvent
from ytmanager.realtime import consumers, frames, hub, log, publish
from ytmanager.realtime.access import watch_rights
from ytmanager.realtime.events import Event, user_group
from ytmanager.realtime.publish import publish_progress
from ytmanager.routing import websocket_urlpatterns

pytestmark = pytest.mark.django_db(transaction=True)
in_thread = consumers.in_thread
application = AuthMiddlewareStack(URLRouter(websocket_urlpatterns))


def progress(rows=1, report=7):
    payload = {"report": report, "state": "reading", "rows_read": rows}
    return Event("report.progress", payload)


@in_thread
def record(event, groups=("report.7",)):
    return log.record(event, groups=groups)


@in_thread
def lose(event, groups=("report.7",)):
    """Log an event whose announcement got lost."""
    return LiveEvent.objects.create(
        type=event.type, payload=event.payload, groups=list(groups)
    )


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def headers_of(client):
    return [(b"cookie", f"sessionid={client.session.session_key}".encode())]


@pytest.fixture
def viewer(db):
    """Somebody who may view reports and nothing else."""
    content_type, _ = ContentType.objects.get_or_create(
        app_label="reports", model="report"
    )
    permission, _ = Permission.objects.get_or_create(
        content_type=content_type, codename="view_report"
    )
    user = User.objects.create_user("viewer")
    user.user_permissions.add(permission)
    return user


class Socket(WebsocketCommunicator):
    """A client that lets threads return their connections to the pool.

    Channels' own keeps them, for tests that share one connection.
    """

    send_input = ApplicationCommunicator.send_input
    receive_output = ApplicationCommunicator.receive_output


class Page:
    """A browser page with a live connection."""

    def __init__(self, socket):
        self.socket = socket

    async def say(self, **frame):
        await self.socket.send_json_to(frame)

    async def hear(self):
        return await self.socket.receive_json_from(timeout=15)

    async def hear_nothing(self):
        return await self.socket.receive_nothing(timeout=0.3)

    async def close_code(self):
        message = await self.socket.receive_output(timeout=15)
        assert message["type"] == "websocket.close"
        return message["code"]

    async def subscribe(self, *groups, **more):
        await self.say(subscribe=list(groups), **more)
        assert (await self.hear())["type"] == "subscribed"
        await asyncio.sleep(0.1)  # until Redis has read it


@asynccontextmanager
async def connection(headers=()):
    socket = Socket(application, "/ws/events/", headers=list(headers))
    is_connected, _ = await socket.connect(timeout=15)
    assert is_connected
    try:
        yield Page(socket)
    finally:
        await socket.disconnect()


@asynccontextmanager
async def open_page(user=None, *, client=None):
    """A page whose connection was admitted; `position` is what hello said."""
    client = client or await in_thread(signed_in)(user)
    async with connection(await in_thread(headers_of)(client)) as page:
        hello = await page.hear()
        assert hello["type"] == "hello"
        page.position = hello["position"]
        yield page


async def test_anonymous_connection_is_closed():
    async with connection() as page:
        assert await page.close_code() == consumers.SIGNED_OUT


async def test_subscriber_hears_a_recorded_event(person):
    async with open_page(person) as page:
        await page.subscribe("report.7")

        row = await record(progress(3))

        heard = await page.hear()
        assert heard == {**row.as_message(), "groups": ["report.7"]}


async def test_everyone_hears_notifications_without_asking(person):
    notice = Event("notification", {"level": "info", "title": "Import finished"})
    async with open_page(person) as page:
        await record(notice, ["everyone"])

        assert (await page.hear())["payload"]["title"] == "Import finished"


async def test_notification_for_one_person_reaches_only_that_person(person, viewer):
    notice = Event("notification", {"level": "info", "title": "Yours"})
    async with open_page(person) as page, open_page(viewer) as other:
        await record(notice, [user_group(person.pk)])

        assert (await page.hear())["payload"]["title"] == "Yours"
        assert await other.hear_nothing()


async def test_transient_progress_is_heard(person):
    async with open_page(person) as page:
        await page.subscribe("report.7")

        publish_progress("report.7", "report.progress", progress(9).payload)

        heard = await page.hear()
        assert heard["payload"]["rows_read"] == 9
        assert heard["sequence"] is None


async def test_event_names_groups_that_the_page_is_about_to_join(person):
    async with open_page(person) as page:
        await record(progress(), ["everyone", "report.7", "user.999"])

        # A page tells by them which of its parts the event is about.
        assert (await page.hear())["groups"] == ["everyone", "report.7"]


async def test_event_of_several_joined_groups_is_heard_once(person):
    async with open_page(person) as page:
        await page.subscribe("report.7")

        await record(progress(), ["everyone", "report.7"])

        assert (await page.hear())["groups"] == ["everyone", "report.7"]
        assert await page.hear_nothing()


async def test_unsubscribed_group_is_silent(person):
    async with open_page(person) as page:
        await page.subscribe("report.7", "report.8")
        await page.say(unsubscribe=["report.7"])
        assert (await page.hear())["groups"] == ["report.8"]

        await record(progress())

        assert await page.hear_nothing()


@pytest.mark.security
async def test_event_without_permission_is_not_heard(viewer):
    changed = Event("video.changed", {"video_id": "abc"})
    async with open_page(viewer) as page:
        await page.subscribe("report.7", "video.abc")

        await record(changed, ["video.abc", "everyone"])
        await record(progress(5))

        assert (await page.hear())["payload"]["rows_read"] == 5


@pytest.mark.security
async def test_catching_up_leaves_out_what_is_not_permitted(viewer):
    changed = Event("video.changed", {"video_id": "abc"})
    async with open_page(viewer) as page:
        await lose(changed, ["video.abc", "everyone"])

        await page.subscribe("video.abc", since=page.position)

        assert await page.hear_nothing()


@pytest.mark.security
async def test_withdrawn_permission_silences_at_once(viewer):
    watch_rights()
    async with open_page(viewer) as page:
        await page.subscribe("report.7")

        await in_thread(viewer.user_permissions.clear)()
        await in_thread(publish.get_publisher().flush)()
        await record(progress())

        assert await page.hear_nothing()


@pytest.mark.security
async def test_sign_out_closes_the_connection(person):
    watch_rights()
    client = await in_thread(signed_in)(person)
    async with open_page(client=client) as page:
        await in_thread(client.logout)()

        assert await page.close_code() == consumers.SIGNED_OUT


@pytest.mark.security
async def test_stale_access_is_read_again_before_an_event(person, monkeypatch):
    async with open_page(person) as page:
        await page.subscribe("report.7")
        await in_thread(Session.objects.all().delete)()
        monkeypatch.setattr("ytmanager.realtime.access.ACCESS_SECONDS", -1)

        await record(progress())

        assert await page.close_code() == consumers.SIGNED_OUT


async def test_page_catches_up_from_its_position(person):
    async with open_page(person) as first:
        position = first.position
    row = await record(progress(4))

    async with open_page(person) as page:
        await page.subscribe("report.7", since=position)

        assert (await page.hear())["sequence"] == row.sequence


async def test_each_event_that_is_caught_up_is_told_as_it_was(person):
    async with open_page(person) as first:
        position = first.position
    rows = [await record(progress(count)) for count in (4, 5)]

    async with open_page(person) as page:
        await page.subscribe("report.7", since=position)

        heard = [await page.hear() for _ in rows]
    assert [event["sequence"] for event in heard] == [row.sequence for row in rows]
    assert [event["payload"]["rows_read"] for event in heard] == [4, 5]


async def test_catching_up_does_not_repeat_what_was_heard(person):
    async with open_page(person) as page:
        await page.subscribe("report.7")
        await record(progress(1))
        assert (await page.hear())["payload"]["rows_read"] == 1
        await lose(progress(2))

        await page.say(since=page.position)

        assert (await page.hear())["payload"]["rows_read"] == 2
        assert await page.hear_nothing()


async def test_heartbeat_delivers_what_the_channel_layer_lost(person, monkeypatch):
    monkeypatch.setattr(hub, "HEARTBEAT_SECONDS", 0.2)
    async with open_page(person) as page:
        await page.subscribe("report.7")

        await lose(progress(6))

        heard = [await page.hear() for _ in range(4)]
        rows = [message["payload"]["rows_read"] for message in heard if "at" in message]
        assert rows == [6]
        positions = [message["position"] for message in heard if "at" not in message]
        assert positions == sorted(positions)
        assert positions[-1] > page.position


async def test_gap_is_told_when_the_log_no_longer_reaches_back(person, monkeypatch):
    monkeypatch.setattr(log, "CATCH_UP_LIMIT", 1)
    async with open_page(person) as page:
        await lose(progress(1))
        await lose(progress(2))

        await page.subscribe("report.7", since=page.position)

        heard = await page.hear()
        assert heard["gap"] is True
        assert heard["position"] > page.position


async def test_ping_is_answered(person):
    async with open_page(person) as page:
        await page.say(ping=1)

        assert await page.hear() == {"type": "pong", "position": page.position}


@pytest.mark.security
@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"unknown": 1}',
        '{"subscribe": ["user.1"]}',
        json.dumps({"ping": "x" * frames.MAX_FRAME_BYTES}),
    ],
)
async def test_malformed_frame_closes_the_connection(person, text):
    async with open_page(person) as page:
        await page.socket.send_to(text_data=text)

        assert await page.close_code() == consumers.MALFORMED


@pytest.mark.security
async def test_binary_frame_closes_the_connection(person):
    async with open_page(person) as page:
        await page.socket.send_to(bytes_data=b"\x00")

        assert await page.close_code() == consumers.MALFORMED


@pytest.mark.security
async def test_too_many_groups_close_the_connection(person):
    groups = [f"report.{number}" for number in range(1, frames.MAX_GROUPS + 1)]
    async with open_page(person) as page:
        await page.say(subscribe=groups)  # two groups are joined already

        assert await page.close_code() == consumers.MALFORMED


@pytest.mark.security
async def test_flood_of_frames_closes_the_connection(person, monkeypatch):
    monkeypatch.setattr(frames, "MAX_FRAMES", 2)
    async with open_page(person) as page:
        for _ in range(3):
            await page.say(ping=1)

        assert [(await page.hear())["type"] for _ in range(2)] == ["pong", "pong"]
        assert await page.close_code() == consumers.MALFORMED


async def test_lost_database_asks_the_page_to_come_back(person, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError

    async with open_page(person) as page:
        monkeypatch.setattr(consumers, "events_since", fail)

        await page.say(since=page.position)

        assert await page.close_code() == consumers.TRY_LATER


async def test_lost_channel_layer_asks_the_page_to_come_back(person, monkeypatch):
    async def fail(*args, **kwargs):
        raise RedisConnectionError

    monkeypatch.setattr(consumers.EventsConsumer, "_join", fail)
    client = await in_thread(signed_in)(person)
    async with connection(await in_thread(headers_of)(client)) as page:
        assert await page.close_code() == consumers.TRY_LATER


async def test_connection_survives_the_loss_of_its_redis_connections(person, settings):
    async with open_page(person) as page:
        await page.subscribe("report.7")

        await in_thread(cut_redis_connections)(settings.REDIS_URL)
        await asyncio.sleep(2.5)  # the channel layer looks again after a second
        await record(progress(8))

        assert (await page.hear())["payload"]["rows_read"] == 8


def cut_redis_connections(url):
    with Redis.from_url(url) as redis:
        for kind in ("pubsub", "normal"):
            redis.client_kill_filter(_type=kind, skipme=True)


async def test_closed_page_leaves_nothing_behind(person):
    async with open_page(person) as page:
        await page.subscribe("report.7")

    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]
    assert not [name for name in names if "for_ever" in name and "Hub" in name]
    assert "Outbox._work_for_ever" not in names
