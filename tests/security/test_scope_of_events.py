"""What somebody with a scope hears, now and afterwards."""

import pytest
from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory
from tests.security.worlds import person_with
from ytmanager.models import Notification
from ytmanager.notifications.notify import notify
from ytmanager.realtime.events import (
    EVERYONE,
    REQUIRED_PERMISSIONS,
    Event,
    user_group,
)
from ytmanager.realtime.log import current_position, record
from ytmanager.realtime.subjects import HINT, NAMES, ROOMS, rooms_with_scope, told

pytestmark = [pytest.mark.security, pytest.mark.django_db]


def payloads(world):
    """What an event says, by what it is about."""
    return {
        "video_id": world["video"].video_id,
        "channel_id": world["channel"].channel_id,
        "asset_id": world["asset"].asset_id,
        "report": world["report"].pk,
        "plan": world["pushplan"].pk,
        "refresh": world["refreshrun"].pk,
        "change_set": world["changeset"].pk,
        "observation": world["observation"].pk,
    }


def test_every_subject_of_events_is_tried(ours):
    assert set(payloads(ours)) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_events_about_rows_of_others_are_not_heard(name, person, ours, theirs):
    events = [({name: payloads(world)[name]}, [EVERYONE]) for world in (ours, theirs)]

    assert told(person, events) == [events[0][0], None]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_of_rows_of_others_are_not_joined(room, person, ours, theirs):
    mine, other = (f"{room}.{payloads(world)[ROOMS[room]]}" for world in (ours, theirs))

    assert rooms_with_scope(person.pk, {EVERYONE, mine, other}) == {EVERYONE, mine}


def test_event_without_a_row_is_for_those_who_see_everything(person):
    about = {"state": "waiting"}
    events = [(about, [EVERYONE]), (about, [user_group(person.pk)])]

    assert told(person, events) == [None, about]
    assert told(UserFactory(), events) == [about, about]


def test_batch_without_a_row_says_only_that_lists_changed(person):
    assert told(person, [({"count": 3}, [EVERYONE])]) == [HINT]


@pytest.mark.parametrize("kind", ["content_owner", "channel", "label"])
def test_batch_of_others_is_told_as_a_hint_where_it_may_concern(kind, ours, theirs):
    scope = {
        "content_owner": ours["contentowner"],
        "channel": ours["channel"],
        "label": ours["video"].label,
    }
    person = person_with(**{kind: scope[kind]})
    events = [
        ({"observation": world["observation"].pk, "count": 500}, [EVERYONE])
        for world in (ours, theirs)
    ]

    whole = events[0][0] if kind == "content_owner" else HINT
    assert told(person, events) == [whole, None]


def test_hint_names_and_counts_nothing():
    assert HINT == {"is_hint": True}


def test_batch_of_reports_is_heard_by_its_rooms(person, ours, theirs):
    events = [
        ({"count": 2}, [EVERYONE, f"report.{world['report'].pk}"])
        for world in (ours, theirs)
    ]

    assert told(person, events) == [events[0][0], None]


def test_api_tells_only_events_of_the_scope(person, ours, theirs):
    client = APIClient()
    client.force_login(person)
    position = current_position()
    for world in (ours, theirs):
        for name, key in payloads(world).items():
            record(Event("video.changed", {name: key}), groups=[EVERYONE])

    found = client.get("/api/events/", {"since": position}).json()["results"]

    told = [row["payload"] for row in found if row["type"] == "video.changed"]
    assert told == [{name: key} for name, key in payloads(ours).items()]


def test_notices_of_the_office_are_for_those_who_see_everything(person):
    office = notify(kind="conflict", level="info", title="3 conflicts opened")
    own = notify(kind="job", level="info", title="Done", user_pk=person.pk)

    assert list(Notification.objects.visible_to(person)) == [own]
    assert office in Notification.objects.visible_to(person_with())


def test_types_of_events_have_subjects_or_are_personal():
    """A new type has to be thought of here."""
    about = {
        "video.changed": "video_id",
        "channel.changed": "channel_id",
        "report.progress": "report",
        "sync.status": "plan",
        "refresh.progress": "refresh",
        "bulk.progress": "change_set",
        "conflict.opened": "video_id",
    }

    assert set(REQUIRED_PERMISSIONS) == {*about, "notification"}
    assert set(about.values()) <= set(NAMES)
