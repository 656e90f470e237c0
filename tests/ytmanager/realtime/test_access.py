from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.factories.catalog import UserFactory
from ytmanager.realtime import access
from ytmanager.realtime.access import load_access, watch_rights
from ytmanager.realtime.events import (
    EVERYONE,
    REQUIRED_PERMISSIONS,
    ROOM_PERMISSIONS,
    user_group,
)
from ytmanager.realtime.presence import may_enter

pytestmark = [pytest.mark.security, pytest.mark.django_db]


@pytest.fixture
def told(monkeypatch):
    """The groups that were told to look at their rights again."""
    watch_rights()
    groups = []
    monkeypatch.setattr(access, "announce_rights_changed", groups.append)
    return groups


@pytest.fixture
def permission():
    """The permission to view reports, whichever app defines it."""
    content_type, _ = ContentType.objects.get_or_create(
        app_label="reports", model="report"
    )
    found, _ = Permission.objects.get_or_create(
        content_type=content_type, codename="view_report"
    )
    return found


def session_key_of(user):
    client = Client()
    client.force_login(user)
    return client.session.session_key


def test_superuser_hears_every_type(person):
    granted = load_access(session_key_of(person))

    assert granted.user_pk == person.pk
    assert granted.event_types == set(REQUIRED_PERMISSIONS)


def test_person_hears_what_the_permissions_allow(permission):
    viewer = User.objects.create_user("viewer")
    viewer.user_permissions.add(permission)

    granted = load_access(session_key_of(viewer))

    assert granted.event_types == {"report.progress", "notification"}
    assert granted.allows("report.progress")
    assert not granted.allows("video.changed")


@pytest.mark.parametrize(("room", "needed"), ROOM_PERMISSIONS.items())
def test_person_enters_the_rooms_of_what_they_may_view(room, needed):
    viewer = UserFactory(permissions=[needed])

    granted = load_access(session_key_of(viewer))

    assert granted.rooms == {room}
    assert may_enter(granted, f"{room}.7")
    assert not may_enter(granted, "user.7")


@pytest.mark.parametrize("session_key", [None, "", "no-such-session-0123456789"])
def test_without_a_session_nobody_is_there(session_key):
    assert load_access(session_key) is None


def test_ended_session_is_nobody(person):
    session_key = session_key_of(person)

    Session.objects.all().delete()

    assert load_access(session_key) is None


def test_session_from_before_a_new_password_is_nobody(person):
    session_key = session_key_of(person)
    person.set_password("another-long-password")
    person.save()

    assert load_access(session_key) is None


def test_deactivated_person_is_nobody(person):
    session_key = session_key_of(person)
    person.is_active = False
    person.save()

    assert load_access(session_key) is None


def test_access_costs_at_most_four_queries(permission, django_assert_max_num_queries):
    viewer = User.objects.create_user("viewer")
    session_key = session_key_of(viewer)

    with django_assert_max_num_queries(4):
        load_access(session_key)


def test_access_gets_stale(person, monkeypatch):
    granted = load_access(session_key_of(person))
    later = granted.read_at + access.ACCESS_SECONDS + 1

    was_stale = granted.is_stale()
    monkeypatch.setattr(access.time, "monotonic", lambda: later)

    assert not was_stale
    assert granted.is_stale()


CHANGES = {
    "logout": lambda user, permission, group: user.client.logout(),
    "password": lambda user, permission, group: user.save(),
    "permission": lambda user, permission, group: user.user_permissions.add(permission),
    "joined group": lambda user, permission, group: user.groups.add(group),
    "left group": lambda user, permission, group: user.groups.set([]),
    "deleted": lambda user, permission, group: user.delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_for_one_person_is_told_to_that_person(
    change, person, permission, told, django_capture_on_commit_callbacks
):
    member, other = Group.objects.create(name="A"), Group.objects.create(name="B")
    person.groups.add(member)
    person.client = Client()
    person.client.force_login(person)
    group = user_group(person.pk)

    with django_capture_on_commit_callbacks(execute=True):
        CHANGES[change](person, permission, other)

    assert set(told) == {group}


@pytest.mark.parametrize(
    "change",
    [
        lambda group, permission, person: group.permissions.add(permission),
        lambda group, permission, person: group.user_set.add(person),
        lambda group, permission, person: group.delete(),
    ],
)
def test_change_of_a_group_is_told_to_everyone(
    change, person, permission, told, django_capture_on_commit_callbacks
):
    group = Group.objects.create(name="A")

    with django_capture_on_commit_callbacks(execute=True):
        change(group, permission, person)

    assert set(told) == {EVERYONE}


def test_clearing_old_sessions_tells_nobody(
    person, told, django_capture_on_commit_callbacks
):
    session_key_of(person)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        call_command("clearsessions")

    assert not Session.objects.exists()
    assert told == []


def test_signing_in_tells_nobody(person, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Client().force_login(person)

    assert told == []
