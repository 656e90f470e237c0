"""`/api/me/` and `/api/people/`."""

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from catalog.models import Scope
from tests.api_clients import client_of
from tests.factories.catalog import ChannelFactory, ContentOwnerFactory, UserFactory
from ytmanager.models import ApiToken

pytestmark = pytest.mark.django_db

ME, PEOPLE = "/api/me/", "/api/people/"


@pytest.fixture
def ada():
    person = UserFactory(username="ada", first_name="Ada", last_name="Lovelace")
    person.groups.add(Group.objects.get(name="Viewer"))
    return person


def browser_of(person):
    client = APIClient()
    client.force_login(person)
    return client


def test_session_is_told_who_it_is(ada, settings):
    settings.API_READS, settings.API_WRITES = 600, 120

    shown = browser_of(ada).get(ME).json()

    assert (shown["username"], shown["name"]) == ("ada", "Ada Lovelace")
    assert (shown["groups"], shown["scope"]) == (["Viewer"], [])
    assert "catalog.view_video" in shown["permissions"]
    assert "catalog.change_video" not in shown["permissions"]
    assert shown["token"] is None
    assert shown["limits"] == {"reads_a_minute": 600, "writes_a_minute": 120}


def test_token_is_told_what_it_is(ada):
    made, plain = ApiToken.objects.create(ada, name="Warehouse", access="read")
    client = APIClient(headers={"authorization": f"Token {plain}"})

    token = client.get(ME).json()["token"]

    assert (token["name"], token["access"]) == ("Warehouse", "read")
    assert plain not in str(token)


def test_scope_is_told(ada):
    owner, channel = ContentOwnerFactory(), ChannelFactory()
    Scope.objects.create(user=ada, content_owner=owner)
    Scope.objects.create(user=ada, channel=channel)
    Scope.objects.create(user=ada, label="Blue")

    assert browser_of(ada).get(ME).json()["scope"] == [
        {"content_owner": owner.name, "channel_id": None, "label": ""},
        {"content_owner": None, "channel_id": channel.channel_id, "label": ""},
        {"content_owner": None, "channel_id": None, "label": "Blue"},
    ]


def test_administrator_finds_people(ada):
    client = client_of("auth.view_user", username="root")

    found = client.get(PEOPLE, {"group": "Viewer"}).json()["results"]
    shown = client.get(f"{PEOPLE}{ada.pk}/").json()

    assert [row["username"] for row in found] == ["ada"]
    assert shown == found[0]
    assert "password" not in shown


def test_administrator_with_a_scope_finds_nobody_else(ada):
    person = UserFactory(permissions=["auth.view_user"], username="part")
    Scope.objects.create(user=person, label="Blue")
    client = browser_of(person)

    found = client.get(PEOPLE).json()["results"]

    assert [row["username"] for row in found] == ["part"]
    assert client.get(f"{PEOPLE}{ada.pk}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_people_are_looked_after_in_the_admin_alone(ada, method):
    client = client_of(is_superuser=True)

    reply = getattr(client, method)(f"{PEOPLE}{ada.pk}/", {"is_superuser": True})

    ada.refresh_from_db()
    assert reply.status_code == 405
    assert not ada.is_superuser
