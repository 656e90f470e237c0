"""Administrators look after people and do not rise above themselves."""

import pytest
from django.contrib.auth.models import Group, User

from tests.factories.catalog import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a-new-Passw0rd-9"
JOINED = {
    "date_joined_0": "2026-01-01",
    "date_joined_1": "12:00:00",
    "scopes-TOTAL_FORMS": 0,
    "scopes-INITIAL_FORMS": 0,
}


@pytest.fixture
def administrator(client):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name="Administrator"))
    client.force_login(user)
    return user


def page_of(user, name="change"):
    return f"/admin/auth/user/{user.pk}/{name}/"


def new_password(client, user):
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    return client.post(page_of(user, "password"), data)


def test_administrator_sets_the_password_of_an_editor(client, administrator):
    editor = UserFactory()

    reply = new_password(client, editor)

    editor.refresh_from_db()
    assert reply.status_code == 302
    assert editor.check_password(PASSWORD)


def test_administrator_cannot_set_the_password_of_a_superuser(
    client, administrator, admin_user
):
    reply = new_password(client, admin_user)

    admin_user.refresh_from_db()
    assert reply.status_code == 403
    assert not admin_user.check_password(PASSWORD)


def test_administrator_cannot_make_a_superuser(client, administrator):
    data = JOINED | {"username": administrator.username, "is_active": "on"}
    groups = list(administrator.groups.values_list("pk", flat=True))

    reply = client.post(
        page_of(administrator), data | {"is_superuser": "on", "groups": groups}
    )

    administrator.refresh_from_db()
    assert reply.status_code == 302
    assert not administrator.is_superuser


def test_administrator_cannot_change_or_delete_a_superuser(
    client, administrator, admin_user
):
    changed = client.post(page_of(admin_user), {"username": "mine"})
    deleted = client.post(page_of(admin_user, "delete"), {"post": "yes"})
    client.post(
        "/admin/auth/user/",
        {"action": "delete_selected", "_selected_action": admin_user.pk, "post": "yes"},
    )

    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert User.objects.filter(username=admin_user.username).exists()


def test_superuser_makes_a_superuser(admin_client, admin_user):
    person = UserFactory()
    data = JOINED | {"username": person.username, "is_superuser": "on"}

    reply = admin_client.post(page_of(person), data)

    person.refresh_from_db()
    assert reply.status_code == 302
    assert person.is_superuser
