"""Who says what a person sees, and what the audit keeps of it."""

import pytest
from django.contrib.auth.models import Group

from catalog.models import Scope
from tests.factories.catalog import ChannelFactory, ContentOwnerFactory, UserFactory
from ytmanager.models import AuditEntry

pytestmark = [pytest.mark.security, pytest.mark.django_db]

JOINED = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}


@pytest.fixture
def administrator(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Administrator"))
    client.force_login(user)
    return user


def page_of(person):
    return f"/admin/auth/user/{person.pk}/change/"


def sent(person, *rows):
    """The form of a person with these rows of scope, each a dict."""
    data = {**JOINED, "username": person.username, "is_active": "on"}
    data |= {"scopes-TOTAL_FORMS": len(rows), "scopes-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"scopes-{number}-{name}": value for name, value in row.items()}
    return data


def test_administrator_gives_a_person_a_scope(client, administrator):
    person, owner = UserFactory(), ContentOwnerFactory(name="Aurora")
    rows = {"content_owner": owner.pk}, {"label": " Analytical Records "}

    reply = client.post(page_of(person), sent(person, *rows))

    assert reply.status_code == 302
    assert [str(row) for row in person.scopes.all()] == [
        "content owner Aurora",
        "label Analytical Records",
    ]
    entry = AuditEntry.objects.filter(kind="rights").latest("pk")
    assert entry.user == administrator
    assert entry.what == (
        f"{person}: sees content owner Aurora, label Analytical Records"
    )


def test_row_names_exactly_one_thing(client, administrator):
    person, owner = UserFactory(), ContentOwnerFactory()
    row = {"label": "Analytical Records", "content_owner": owner.pk}

    reply = client.post(page_of(person), sent(person, row))

    assert reply.status_code == 200
    assert "in each row: one of them" in reply.content.decode()
    assert not person.scopes.exists()


def test_page_of_a_person_shows_the_scope(client, administrator):
    person = UserFactory()
    Scope.objects.create(user=person, channel=ChannelFactory(name="Aurora TV"))

    page = client.get(page_of(person)).content.decode()

    assert "Aurora TV" in page
    assert "sees only (no row: everything)" in page.lower()


def test_removed_scope_is_noted(client, administrator):
    person = UserFactory()
    row = Scope.objects.create(user=person, label="Analytical Records")
    data = sent(person, {"id": row.pk, "label": row.label, "DELETE": "on"})

    client.post(page_of(person), data | {"scopes-INITIAL_FORMS": 1})

    assert not person.scopes.exists()
    assert AuditEntry.objects.filter(what=f"{person}: sees everything").exists()


@pytest.mark.parametrize("name", ["change", "password", "delete"])
def test_who_sees_a_part_looks_after_nobody(client, administrator, name):
    Scope.objects.create(user=administrator, label="Analytical Records")
    for person in (administrator, UserFactory()):
        reply = client.post(f"/admin/auth/user/{person.pk}/{name}/", sent(person))

        assert reply.status_code == 403

    assert administrator.scopes.exists()
    assert client.get("/admin/auth/user/add/").status_code == 403


def test_editor_sets_no_scope(client):
    editor = UserFactory()
    editor.groups.add(Group.objects.get(name="Editor"))
    client.force_login(editor)

    reply = client.post(page_of(editor), sent(editor))

    assert reply.status_code == 403
