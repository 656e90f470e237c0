"""The audit: sign-ins, changes of rights, tokens, exports; for administrators."""

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory, VideoFactory
from tests.factories.reports import ReportFactory
from ytmanager.models import ApiToken, AuditEntry

pytestmark = pytest.mark.django_db

PASSWORD = "correct-Horse-7"
JOINED = {
    "date_joined_0": "2026-01-01",
    "date_joined_1": "12:00:00",
    "scopes-TOTAL_FORMS": 0,
    "scopes-INITIAL_FORMS": 0,
}


@pytest.fixture
def person():
    user = UserFactory(username="ada")
    user.set_password(PASSWORD)
    user.save()
    return user


def lines(kind):
    rows = AuditEntry.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("username", "what"))


def sign_in(client, name, password):
    return client.post("/admin/login/", {"username": name, "password": password})


def test_sign_in_is_noted_with_its_address(person, client):
    sign_in(client, "ada", PASSWORD)

    entry = AuditEntry.objects.get(kind="signed_in")
    assert (entry.user, entry.address) == (person, "127.0.0.1")


def test_refused_sign_in_is_noted_without_what_was_typed(person, client):
    sign_in(client, "ada", "wrong")
    sign_in(client, "my-secret-password", "oops")

    assert lines("refused") == [
        ("ada", ""),
        ("", "Nobody has the name that was entered."),
    ]


def test_groups_given_and_taken_are_noted_with_who_did_it(person, admin_client):
    page = f"/admin/auth/user/{person.pk}/change/"
    data = {"username": "ada", "is_active": "on", "is_staff": "on", **JOINED}
    editors = Group.objects.get(name="Editor").pk

    admin_client.post(page, data | {"groups": [editors]})
    admin_client.post(page, data)

    assert lines("rights") == [
        ("admin", "ada: given Editor"),
        ("admin", "ada: taken Editor"),
    ]


def test_deactivation_is_noted(person, admin_client):
    page = f"/admin/auth/user/{person.pk}/change/"

    admin_client.post(page, {"username": "ada", "is_staff": "on", **JOINED})

    assert lines("rights") == [("admin", "ada: active no")]


def test_permissions_of_a_group_are_noted(admin_client):
    group = Group.objects.create(name="Guests")

    permission = Group.objects.get(name="Viewer").permissions.first()
    admin_client.post(
        f"/admin/auth/group/{group.pk}/change/",
        {"name": "Guests", "permissions": [permission.pk]},
    )

    assert lines("rights") == [("admin", f"Guests: given {permission}")]


def test_first_use_of_a_token_each_day_is_noted(person):
    _, secret = ApiToken.objects.create(user=person, name="nightly")
    api = APIClient(HTTP_AUTHORIZATION=f"Token {secret}")

    api.get("/api/videos/")
    api.get("/api/videos/")

    assert lines("token") == [("ada", "nightly: first use of the day")]


def test_token_made_and_revoked_is_noted(admin_client):
    data = {"name": "nightly", "access": "read", "days": "30"}
    admin_client.post("/admin/ytmanager/apitoken/add/", data)
    token = ApiToken.objects.get()

    admin_client.post(
        "/admin/ytmanager/apitoken/",
        {"action": "revoke_selected", "_selected_action": [token.pk]},
    )

    assert lines("token") == [
        ("admin", "nightly: made, read only"),
        ("admin", "nightly of admin: revoked"),
    ]


def test_export_is_noted_with_its_file(admin_client):
    report = ReportFactory(imported=True)

    admin_client.get(f"/admin/reports/report/{report.pk}/changes/csv/")

    (line,) = lines("export")
    assert line[0] == "admin"
    assert f"changes_{report.pk}.csv" in line[1]


def test_page_that_is_no_file_is_not_noted(admin_client):
    VideoFactory()

    admin_client.get("/admin/catalog/video/")

    assert lines("export") == []


def test_entry_stays_when_the_person_goes(person, client):
    sign_in(client, "ada", PASSWORD)

    person.delete()

    assert lines("signed_in") == [("ada", "")]


def test_audit_is_read_by_administrators_and_changed_by_nobody(client):
    administrator = UserFactory(is_staff=True)
    administrator.groups.add(Group.objects.get(name="Administrator"))
    client.force_login(administrator)
    entry = AuditEntry.objects.first()

    assert client.get("/admin/ytmanager/auditentry/").status_code == 200
    assert client.get("/admin/ytmanager/auditentry/add/").status_code == 403
    deleted = client.post(f"/admin/ytmanager/auditentry/{entry.pk}/delete/")
    assert deleted.status_code == 403


@pytest.mark.parametrize("group", ["Viewer", "Editor", "Publisher"])
def test_audit_is_closed_to_others(client, group):
    other = UserFactory(is_staff=True)
    other.groups.add(Group.objects.get(name=group))
    client.force_login(other)

    assert client.get("/admin/ytmanager/auditentry/").status_code == 403
