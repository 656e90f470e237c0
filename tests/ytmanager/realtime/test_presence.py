"""Pages of one video see each other: who is there, and which fields they edit."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from tests.ytmanager.realtime.test_consumers import (
    connection,  # noqa: F401 - used by open_page
    in_thread,
    open_page,
    viewer,  # noqa: F401 - a fixture
)
from ytmanager.realtime import consumers, frames, hub
from ytmanager.realtime.access import watch_rights

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = "video.dQw4w9WgXcQ"


@pytest.fixture
def bob(db):
    return User.objects.create_superuser("bob", first_name="Bob", last_name="Byrne")


async def enter(page, fields=(), room=ROOM):
    await page.subscribe(room)
    await page.say(presence={"group": room, "fields": list(fields)})


async def presence(page):
    """The next message about somebody; positions between are skipped."""
    while (heard := await page.hear())["type"] != "presence":
        assert heard["type"] == "position"
    return heard["person"], heard["fields"], heard["is_here"]


async def test_both_pages_learn_of_each_other(person, bob):
    async with open_page(person) as first, open_page(bob) as second:
        await enter(first, ["title"])
        await enter(second)

        assert await presence(first) == ("Bob Byrne", [], True)
        assert await presence(second) == ("ada", ["title"], True)
        assert await first.hear_nothing()


async def test_room_learns_which_fields_are_edited(person, bob):
    async with open_page(person) as first, open_page(bob) as second:
        await enter(first)
        await enter(second)
        await presence(first)

        await second.say(presence={"group": ROOM, "fields": ["tags", "title"]})

        assert await presence(first) == ("Bob Byrne", ["tags", "title"], True)


async def test_room_learns_that_a_page_was_left(person, bob):
    async with open_page(person) as first:
        await enter(first)
        async with open_page(bob) as second:
            await enter(second, ["title"])
            await presence(first)

        assert await presence(first) == ("Bob Byrne", [], False)


async def test_page_is_in_one_room_at_a_time(person, bob):
    async with open_page(person) as first, open_page(bob) as second:
        await enter(first)
        await enter(second)
        await presence(first)

        other = "video.another0000"
        await second.say(subscribe=[other], presence={"group": other, "fields": []})

        assert await presence(first) == ("Bob Byrne", [], False)


async def test_presence_is_said_again_at_each_heartbeat(person, bob, monkeypatch):
    monkeypatch.setattr(hub, "HEARTBEAT_SECONDS", 0.3)
    async with open_page(person) as first, open_page(bob) as second:
        await enter(first)
        await enter(second)

        heard = [await presence(first) for _ in range(3)]

        assert heard == [("Bob Byrne", [], True)] * 3


@pytest.mark.security
async def test_who_may_not_see_videos_is_not_told_and_not_shown(
    person,
    viewer,  # noqa: F811
):
    async with open_page(person) as first, open_page(viewer) as outsider:
        await enter(first, ["title"])
        await enter(outsider)
        await first.say(presence={"group": ROOM, "fields": ["tags"]})

        assert await outsider.hear_nothing()
        assert await first.hear_nothing()


@pytest.mark.security
async def test_room_that_was_not_joined_is_not_entered(person, bob):
    async with open_page(person) as first, open_page(bob) as second:
        await enter(first)
        await second.say(presence={"group": ROOM, "fields": []})

        assert await first.hear_nothing()


@pytest.mark.security
@pytest.mark.parametrize(
    "presence",
    [
        "video.abc",
        {"group": ROOM},
        {"group": "user.1", "fields": []},
        {"group": ROOM, "fields": "title"},
        {"group": ROOM, "fields": ["<b>"]},
        {"group": ROOM, "fields": [1]},
        {"group": ROOM, "fields": ["title"] * (frames.MAX_FIELDS + 1)},
        {"group": ROOM, "fields": [], "person": "Somebody else"},
    ],
)
async def test_malformed_presence_closes_the_connection(person, presence):
    async with open_page(person) as page:
        await page.say(presence=presence)

        assert await page.close_code() == consumers.MALFORMED


def sign_out(user):
    for session in Session.objects.all():
        if session.get_decoded()["_auth_user_id"] == str(user.pk):
            session.delete()


async def test_presence_of_a_person_who_signed_out_ends(person, bob):
    watch_rights()
    async with open_page(person) as first, open_page(bob) as second:
        await enter(first)
        await enter(second)
        await presence(first)

        await in_thread(sign_out)(bob)

        assert await presence(first) == ("Bob Byrne", [], False)
