"""`/api/notifications/`: the inbox and its mails for other systems."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory
from ytmanager.models import Notification
from ytmanager.notifications.notify import notify

pytestmark = pytest.mark.django_db

INBOX = "/api/notifications/"


@pytest.fixture
def ada():
    person = UserFactory(email="ada@office.test")
    person.groups.add(Group.objects.get(name="Viewer"))
    return person


@pytest.fixture
def client(ada):
    made = APIClient()
    made.force_login(ada)
    return made


def tell(title="Two conflicts", kind="conflict", **more):
    return notify(kind=kind, level="warning", title=title, **more)


def titles(client, **parameters):
    rows = client.get(INBOX, parameters).json()["results"]
    return [row["title"] for row in rows]


def test_inbox_holds_ones_own_and_what_one_may_hear_of(client, ada):
    tell("The office's")
    tell("My own", kind="job", user_pk=ada.pk)
    tell("Somebody's", kind="job", user_pk=UserFactory().pk)
    tell("The administrators'", kind="system")

    assert titles(client) == ["My own", "The office's"]


def test_notification_of_others_is_not_there(client):
    other = tell("Somebody's", kind="job", user_pk=UserFactory().pk)

    replies = [
        client.get(f"{INBOX}{other.pk}/"),
        client.post(f"{INBOX}{other.pk}/read/"),
    ]

    assert [reply.status_code for reply in replies] == [404, 404]


def test_reading_marks_and_unread_takes_it_back(client):
    first, second = tell("First"), tell("Second")

    seen = client.post(f"{INBOX}{first.pk}/read/").json()["is_read"]
    waiting = titles(client, is_read="false")
    client.post(f"{INBOX}{first.pk}/unread/")

    assert (seen, waiting) == (True, ["Second"])
    assert titles(client, is_read="false") == [second.title, first.title]
    assert titles(client, is_read="true") == []


def test_showing_a_notification_leaves_it_unread(client):
    one = tell()

    assert client.get(f"{INBOX}{one.pk}/").json()["is_read"] is False
    assert titles(client, is_read="false") == [one.title]


def test_everything_is_marked_at_once(client):
    for number in range(3):
        tell(f"Number {number}")

    reply = client.post(f"{INBOX}read/")

    assert reply.json()["data"] == {"count": 3}
    assert titles(client, is_read="false") == []


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"kind": "quota"}, ["Spent"]),
        ({"level": "error"}, []),
        ({"search": "conf"}, ["Two conflicts"]),
    ],
)
def test_inbox_is_narrowed_down(client, parameters, found):
    tell()
    tell("Spent", kind="quota")

    assert titles(client, **parameters) == found


def test_list_costs_the_same_for_many(client):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(INBOX)
        return len(asked)

    tell()
    few = queries()
    for number in range(5):
        tell(f"More {number}")

    assert queries() == few <= 8


def test_mails_are_chosen_kind_by_kind(client, ada):
    chosen = [
        {"kind": "conflict", "pace": "daily"},
        {"kind": "job", "pace": "at_once"},
    ]
    client.put(f"{INBOX}mail/", {"choices": chosen})
    client.put(f"{INBOX}mail/", {"choices": [{"kind": "job", "pace": "off"}]})

    shown = client.get(f"{INBOX}mail/").json()
    paces = {row["kind"]: row["pace"] for row in shown["choices"]}
    assert shown["address"] == ada.email
    assert (paces["conflict"], paces["job"], paces["quota"]) == ("daily", "off", "off")
    assert dict(ada.mail_choices.values_list("kind", "pace")) == {"conflict": "daily"}


def test_mail_about_what_one_does_not_hear_of_is_refused(client, ada):
    choice = {"choices": [{"kind": "system", "pace": "daily"}]}

    reply = client.put(f"{INBOX}mail/", choice)

    assert reply.status_code == 400
    assert not ada.mail_choices.exists()


def test_nobody_has_no_inbox():
    assert APIClient().get(INBOX).status_code == 401
    assert not Notification.objects.exists()


def test_options_of_mail_choices_are_told(client):
    reply = client.options(f"{INBOX}mail/")

    assert reply.status_code == 200
    assert "PUT" in reply.headers["Allow"]
