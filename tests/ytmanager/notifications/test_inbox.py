"""Who is told what, what was read, and how long it is kept."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ytmanager.models import LiveEvent, Notification, NotificationRead
from ytmanager.notifications.notify import (
    KEPT_FOR,
    mark_all_read,
    mark_read,
    notify,
    purge,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/ytmanager/notification/"
UNREAD = f"{LIST}unread/"


def member(name, group="Viewer"):
    person = User.objects.create_user(name, f"{name}@office.test", is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


@pytest.fixture
def ada(db):
    return member("ada")


@pytest.fixture
def bob(db):
    return member("bob")


def browser_of(person):
    client = Client()
    client.force_login(person)
    return client


def tell(title="Two conflicts", kind="conflict", **more):
    return notify(kind=kind, level="warning", title=title, **more)


def unread_of(person):
    mine = Notification.objects.visible_to(person).unread_by(person)
    return list(mine.values_list("title", flat=True))


def test_notification_of_the_office_reaches_who_may_hear_of_its_kind(ada, bob):
    nobody = User.objects.create_user("eve", is_staff=True)

    tell()

    assert unread_of(ada) == unread_of(bob) == ["Two conflicts"]
    assert unread_of(nobody) == []


def test_notification_for_one_person_reaches_nobody_else(ada, bob):
    tell("Your import", kind="job", user_pk=ada.pk)

    assert unread_of(ada) == ["Your import"]
    assert unread_of(bob) == []


@pytest.mark.parametrize(
    ("user", "group"), [(False, "notice.conflict"), (True, "user.")]
)
def test_open_pages_of_the_same_people_are_told(ada, user, group):
    tell(user_pk=ada.pk if user else None, url="/admin/")

    event = LiveEvent.objects.get()
    assert event.groups[0].startswith(group)
    assert event.payload["notification"] == Notification.objects.get().pk
    assert event.payload["url"] == "/admin/"


def test_reading_is_each_persons_own(ada, bob):
    told = tell()

    mark_read(notifications=[told.pk], user=ada)
    mark_read(notifications=[told.pk], user=ada)

    assert unread_of(ada) == []
    assert unread_of(bob) == ["Two conflicts"]


def test_what_belongs_to_somebody_else_is_not_marked(ada, bob):
    told = tell(kind="job", user_pk=ada.pk)

    assert mark_read(notifications=[told.pk], user=bob) == 0
    assert not NotificationRead.objects.exists()


def test_everything_is_marked_at_once(ada):
    for number in range(3):
        tell(f"Number {number}")

    assert mark_all_read(user=ada) == 3
    assert unread_of(ada) == []


def test_new_person_does_not_begin_with_the_past(ada):
    tell()
    Notification.objects.update(created_at=timezone.now() - timedelta(days=1))

    assert unread_of(member("new")) == []


def test_old_notifications_are_purged(ada):
    told = tell("Old")
    mark_read(notifications=[told.pk], user=ada)
    Notification.objects.update(created_at=timezone.now() - KEPT_FOR * 2)
    tell("New")

    assert purge() == 1
    assert Notification.objects.get().title == "New"


def test_inbox_shows_and_filters(ada):
    told = tell("Seen")
    mark_read(notifications=[told.pk], user=ada)
    tell("Fresh", message="<b>Look</b>")
    tell("Not for Ada", kind="job", user_pk=member("bob").pk)
    browser = browser_of(ada)

    pages = {
        name: browser.get(LIST + query).content.decode()
        for name, query in {
            "all": "",
            "unread": "?read=no",
            "read": "?read=yes",
        }.items()
    }

    assert "Seen" in pages["all"]
    assert "&lt;b&gt;Look" in pages["all"]
    assert "Not for Ada" not in pages["all"]
    assert ("Fresh" in pages["unread"], "Seen" in pages["unread"]) == (True, False)
    assert ("Fresh" in pages["read"], "Seen" in pages["read"]) == (False, True)


def test_opening_marks_and_leads_to_the_page(ada):
    told = tell(url="/admin/catalog/conflict/")

    reply = browser_of(ada).get(
        reverse("admin:ytmanager_notification_open", args=[told.pk])
    )

    assert reply.headers["location"] == "/admin/catalog/conflict/"
    assert unread_of(ada) == []


@pytest.mark.security
def test_what_belongs_to_somebody_else_cannot_be_opened(ada, bob):
    told = tell(kind="job", user_pk=ada.pk)

    address = reverse("admin:ytmanager_notification_open", args=[told.pk])

    assert browser_of(bob).get(address).status_code == 404


def test_unread_ones_are_counted_for_the_menu(ada):
    tell()
    browser = browser_of(ada)
    before = browser.get(UNREAD).json()

    browser.post(reverse("admin:ytmanager_notification_read"))

    assert (before, browser.get(UNREAD).json()) == ({"unread": 1}, {"unread": 0})


def test_list_costs_the_same_for_many(ada, django_assert_max_num_queries):
    for number in range(40):
        tell(f"Number {number}")
    browser = browser_of(ada)

    with django_assert_max_num_queries(16):
        browser.get(LIST)


@pytest.mark.security
def test_outsiders_have_no_inbox(db):
    outsider = browser_of(User.objects.create_user("eve"))

    assert outsider.get(LIST).status_code == 302
    assert outsider.get(UNREAD).status_code == 302
