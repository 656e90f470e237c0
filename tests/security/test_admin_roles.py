"""Who may open which page, press what there, and hear of what: every role on each.

A page, an action, a type of event, a kind of notification or of room that is missing
from the tables of `tests/security/pages.py` fails the test, so that nobody adds one
without saying whom it is for. The API has a table of its own (`test_api_roles.py`).
"""

import re

import pytest
from asgiref.sync import async_to_sync
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory
from tests.security.pages import (
    ACTIONS,
    EVENTS,
    MODELS,
    NOTICES,
    PAGES,
    ROOMS,
    STANDARD,
)
from ytmanager import api_events
from ytmanager.models import ApiToken, Notification
from ytmanager.realtime.access import load_access
from ytmanager.realtime.consumers import EventsConsumer
from ytmanager.realtime.events import EVERYONE
from ytmanager.realtime.log import CatchUp
from ytmanager.realtime.presence import may_enter

pytestmark = [pytest.mark.security, pytest.mark.django_db]

LETTERS = "OVEPA"
GROUPS = dict(
    zip("VEPA", ("Viewer", "Editor", "Publisher", "Administrator"), strict=True)
)
# Who forgot the password is not signed in.
PUBLIC = {
    "admin_password_reset",
    "password_reset_complete",
    "password_reset_confirm",
    "password_reset_done",
}
QUERIES = {"autocomplete": "?app_label=catalog&model_name=video&field_name=channel"}
FIRST_WORD = re.compile(r"\^\(\?P<\w+>(\w+)[^)]*\)/\$")


def patterns(found, prefix=""):
    """Name and address of everything that answers, with made-up keys."""
    for one in found:
        route = prefix + FIRST_WORD.sub(r"\1/", str(one.pattern))
        if isinstance(one, URLPattern):
            yield one.name, "/" + re.sub(r"<(?:\w+:)?\w+>", "1", route)
        else:
            yield from patterns(one.url_patterns, route)


def addresses():
    """The pages of the admin by name; the one of signing in is for everybody."""
    return {
        name: address + QUERIES.get(name, "")
        for name, address in patterns(get_resolver().url_patterns)
        if address.startswith("/admin/") and name not in {None, "login"}
    }


def expected():
    """Both tables of pages as one: letters for GET and POST, by name."""
    standard = {
        f"{model}_{page}": letters
        for model, row in MODELS.items()
        for page, letters in zip(STANDARD, row.split(), strict=True)
    }
    return standard | PAGES


def may(letter, least):
    """What a table says for a role; None: there is no such method."""
    if least == ".":
        return None
    return least != "-" and LETTERS.index(letter) >= LETTERS.index(least)


def allowed(letter, table):
    return {name for name, least in table.items() if may(letter, least)}


def person(letter):
    user = UserFactory()
    if letter in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[letter]))
    return user


def browser_of(letter):
    """Somebody of this role who signed in; an error of a page is an answer."""
    client = Client(raise_request_exception=False)
    client.force_login(person(letter))
    return client


@pytest.fixture
def nothing_is_drawn(monkeypatch, report_store):
    """Pages are asked for, not drawn; histories are those of some row."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")

    def get_object(page, request, object_id, from_field=None):
        is_history = request.path.endswith("/history/")
        return page.model(pk=1) if is_history else None

    monkeypatch.setattr(admin.ModelAdmin, "get_object", get_object)


def is_let_in(client, method, address):
    """Whether somebody is let in, whatever is there; None: no such method."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        reply = getattr(client, method)(address)
        transaction.set_rollback(True)  # also of a sign-out
    client.cookies = cookies
    if reply.status_code == 405:
        return None
    to_login = reply.status_code == 302 and reply.url.startswith("/admin/login/")
    return not to_login and reply.status_code != 403


def told(client):
    """What the browser is let in to: GET and POST of each page."""
    return {
        name: tuple(is_let_in(client, method, address) for method in ("get", "post"))
        for name, address in addresses().items()
    }


# PAGES AND ACTIONS


def test_tables_name_every_page_and_no_other():
    assert set(expected()) == set(addresses())


@pytest.mark.parametrize("letter", LETTERS)
def test_role_is_let_in_to_its_pages(letter, nothing_is_drawn):
    let_in = told(browser_of(letter))

    assert let_in == {
        name: tuple(may(letter, least) for least in letters)
        for name, letters in expected().items()
    }


@pytest.mark.parametrize("access", [None, "read", "write"])
def test_pages_are_for_people_who_signed_in_and_tokens_open_none(
    access, nothing_is_drawn
):
    client = Client(raise_request_exception=False)
    if access is not None:
        _, token = ApiToken.objects.create(person("A"), access=access)
        client = Client(headers={"authorization": f"Token {token}"})

    let_in = {name for name, methods in told(client).items() if True in methods}

    # The button of signing out does nothing for who is not signed in.
    assert let_in - {"logout"} == PUBLIC


@pytest.mark.parametrize("letter", LETTERS)
def test_role_may_do_its_actions(letter):
    request = RequestFactory().get("/")
    request.user = person(letter)

    offered = {
        model._meta.label_lower: set(page.get_actions(request))
        for model, page in admin.site._registry.items()
    }

    wanted = {name: allowed(letter, table) for name, table in ACTIONS.items()}
    assert {name: found for name, found in offered.items() if found} == {
        name: found for name, found in wanted.items() if found
    }


# EVENTS, NOTIFICATIONS, ROOMS


def access_of(letter):
    return load_access(browser_of(letter).session.session_key)


def heard_by(access):
    """The types of which a page of this person gets an event."""
    heard = set()
    for number, event_type in enumerate(EVENTS):
        page, sent = EventsConsumer(), []

        async def send(text_data, sent=sent):
            sent.append(text_data)

        page._access, page._joined, page.send = access, {EVERYONE}, send
        event = {"type": event_type, "sequence": number, "payload": {}}
        async_to_sync(page._deliver)(event, [EVERYONE], {})
        heard |= {event_type} if sent else set()
    return heard


def test_tables_name_every_type_kind_and_room():
    assert set(EVENTS) == set(api_events.REQUIRED_PERMISSIONS)
    assert set(NOTICES) == {str(kind) for kind in Notification.Kind.values}
    assert set(ROOMS) == {
        kind
        for kind in re.findall(r"[a-z]+", api_events.SUBSCRIBABLE.pattern)
        if f"{kind}.1" != f"{EVERYONE}.1" and api_events.is_subscribable(f"{kind}.1")
    }


@pytest.mark.parametrize("letter", LETTERS)
def test_role_hears_its_events(letter):
    access = access_of(letter)

    assert heard_by(access) == allowed(letter, EVENTS)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("access", [None, "read", "write"])
def test_role_reads_its_events_by_the_api(letter, access, monkeypatch):
    asked = []

    def events_since(position, *, groups, types):
        asked.extend(types)
        return CatchUp([], position, position, has_gap=False)

    monkeypatch.setattr(api_events, "events_since", events_since)
    client, user = APIClient(), person(letter)
    if access is None:
        client.force_login(user)
    else:
        _, token = ApiToken.objects.create(user, access=access)
        client = APIClient(headers={"authorization": f"Token {token}"})

    reply = client.get("/api/events/?since=1")

    assert reply.status_code == 200
    assert set(asked) == allowed(letter, EVENTS)


@pytest.mark.parametrize("letter", LETTERS)
def test_role_is_notified_of_its_kinds(letter):
    user = person(letter)
    for kind in NOTICES:
        own = user if kind == "job" else None
        Notification.objects.create(kind=kind, level="info", title=kind, user=own)

    shown = Notification.objects.visible_to(user).values_list("kind", flat=True)

    assert set(shown) == allowed(letter, NOTICES)
    joined = {g.removeprefix("notice.") for g in access_of(letter).groups}
    assert joined & set(NOTICES) == allowed(letter, NOTICES) - {"job"}


@pytest.mark.parametrize("letter", LETTERS)
def test_role_sees_who_is_on_its_pages(letter):
    access = access_of(letter)

    entered = {room for room in ROOMS if may_enter(access, f"{room}.1")}

    assert entered == allowed(letter, ROOMS)
