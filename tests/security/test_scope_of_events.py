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
from ytmanager.realtime.subjects import NAMES, ROOMS, hears, rooms_with_scope

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

    assert hears(person, events) == [True, False]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_of_rows_of_others_are_not_joined(room, person, ours, theirs):
    mine, other = (f"{room}.{payloads(world)[ROOMS[room]]}" for world in (ours, theirs))

    assert rooms_with_scope(person.pk, {EVERYONE, mine, other}) == {EVERYONE, mine}


def test_event_without_a_row_is_for_those_who_see_everything(person):
    events = [({"count": 3}, [EVERYONE]), ({"count": 3}, [user_group(person.pk)])]

    assert hears(person, events) == [False, True]
    assert hears(UserFactory(), events) == [True, True]


def test_batch_of_reports_is_heard_by_its_rooms(person, ours, theirs):
    events = [
        ({"count": 2}, [EVERYONE, f"report.{world['report'].pk}"])
        for world in (ours, theirs)
    ]

    assert hears(person, events) == [True, False]


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
