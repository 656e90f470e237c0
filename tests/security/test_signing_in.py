"""Signing in: lock-out, hashing, a forgotten password, and the end of access."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory
from ytmanager import password_reset
from ytmanager.models import ApiToken

pytestmark = pytest.mark.django_db

PASSWORD, NEW = "correct-Horse-7", "another-Horse-8"
RESET = "/admin/password_reset/"


@pytest.fixture
def person():
    user = UserFactory(username="ada", email="ada@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(browser, password=PASSWORD):
    data = {"username": "ada", "password": password}
    return browser.post("/admin/login/", data)


def test_passwords_are_hashed_with_argon2(person):
    assert person.password.startswith("argon2$argon2id$")


def test_five_wrong_passwords_lock_the_right_one_out(person, client):
    assert sign_in(client).status_code == 302
    client.logout()
    for _ in range(5):
        sign_in(client, "wrong")

    reply = sign_in(client)

    assert reply.status_code == 429
    assert "for a quarter of an hour" in reply.content.decode()
    assert "_auth_user_id" not in client.session


def test_lock_out_is_of_one_address(person, client):
    for _ in range(5):
        sign_in(client, "wrong")

    elsewhere = Client(REMOTE_ADDR="192.0.2.7")

    assert sign_in(elsewhere).status_code == 302


@pytest.fixture
def with_mail(settings):
    settings.HAS_MAIL = True
    settings.SITE_URL = "https://office.example.com"


def link_in(message):
    return re.search(r"https://office\.example\.com(/\S+)", message.body)[1]


def test_forgotten_password_is_replaced_by_a_link_that_works_once(
    person, client, with_mail
):
    client.post(RESET, {"email": "ada@example.com"}, HTTP_HOST="localhost")
    (message,) = mail.outbox
    page = client.get(link_in(message), follow=True)
    address = page.redirect_chain[-1][0]
    client.post(address, {"new_password1": NEW, "new_password2": NEW})

    person.refresh_from_db()
    again = Client().get(link_in(message)).content.decode()
    assert person.check_password(NEW)
    assert "was used before" in again


def test_unknown_address_gets_the_same_answer_and_no_mail(person, client, with_mail):
    known = client.post(RESET, {"email": "ada@example.com"}, follow=True)
    mail.outbox.clear()

    unknown = client.post(RESET, {"email": "eve@example.com"}, follow=True)

    assert unknown.redirect_chain == known.redirect_chain
    assert mail.outbox == []


def test_deactivated_person_gets_no_link(person, client, with_mail):
    User.objects.filter(pk=person.pk).update(is_active=False)

    client.post(RESET, {"email": "ada@example.com"})

    assert mail.outbox == []


def test_nobody_gets_more_than_three_mails_an_hour(person, client, with_mail):
    replies = [client.post(RESET, {"email": person.email}) for _ in range(5)]

    assert {reply.status_code for reply in replies} == {302}
    assert len(mail.outbox) == 3


def test_system_without_mail_says_whom_to_ask(person, client, settings):
    settings.HAS_MAIL = False

    reply = client.post(RESET, {"email": "ada@example.com"})

    assert "An administrator can set a new password" in reply.content.decode()
    assert mail.outbox == []


def deactivate(admin_client, person):
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    no_scope = {"scopes-TOTAL_FORMS": 0, "scopes-INITIAL_FORMS": 0}
    data = {"username": person.username, "email": person.email, **joined, **no_scope}
    return admin_client.post(f"/admin/auth/user/{person.pk}/change/", data)


def test_deactivated_person_loses_sessions_and_tokens(person, client, admin_client):
    sign_in(client)
    _, secret = ApiToken.objects.create(user=person, name="nightly")
    api = APIClient(HTTP_AUTHORIZATION=f"Token {secret}")
    sessions = Session.objects.count()

    reply = deactivate(admin_client, person)

    assert reply.status_code == 302
    assert Session.objects.count() == sessions - 1
    assert not ApiToken.objects.filter(user=person).exists()
    assert client.get("/admin/").status_code == 302
    assert api.get("/api/videos/").status_code == 401


def test_access_does_not_come_back_with_the_person(person, client, admin_client):
    sign_in(client)
    deactivate(admin_client, person)

    User.objects.filter(pk=person.pk).update(is_active=True)

    assert client.get("/admin/").status_code == 302


def test_sessions_of_others_stay(person, client, admin_client):
    client.force_login(UserFactory())

    deactivate(admin_client, person)

    assert client.get("/admin/").status_code == 200


def test_link_is_sent_while_the_cache_is_away(person, client, with_mail, monkeypatch):
    def away(*args):
        raise RedisConnectionError

    monkeypatch.setattr(password_reset.cache, "add", away)

    client.post(RESET, {"email": person.email})

    assert len(mail.outbox) == 1


def test_page_of_a_lock_out_has_the_colours_of_the_site(person, client):
    for _ in range(5):
        reply = sign_in(client, "wrong")

    assert reply.status_code == 429
    assert "Too many attempts" in reply.content.decode()
    assert "--color-primary-600" in reply.content.decode()
