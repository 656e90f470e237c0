"""API tokens: shown once, never kept, no more than their owner, gone at once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory, VideoFactory
from ytmanager.models import ApiToken

pytestmark = pytest.mark.django_db

ADD = "/admin/ytmanager/apitoken/add/"
LIST = "/admin/ytmanager/apitoken/"


@pytest.fixture
def owner():
    return UserFactory(permissions=["catalog.view_video", "catalog.change_video"])


def make_token(owner, access="write", **facts):
    return ApiToken.objects.create(
        user=owner, expiry=timedelta(days=30), name="Warehouse", access=access, **facts
    )


def client_with(plain_text):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {plain_text}")
    return client


def test_page_shows_a_new_token_once_and_it_works(client, owner):
    client.force_login(owner)
    form = {"name": "Warehouse", "access": "read", "days": "30"}

    page = client.post(ADD, form)

    plain_text = re.search(r'value="(ytm_\w+)"', page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert client_with(plain_text).get("/api/videos/").status_code == 200
    assert plain_text not in client.get(LIST).content.decode()
    token = ApiToken.objects.get()
    assert (token.user, token.access) == (owner, "read")
    assert timedelta(days=29) < token.expiry - timezone.now() < timedelta(days=31)


def test_database_holds_no_token(owner):
    token, plain_text = make_token(owner)

    kept = {str(value) for value in ApiToken.objects.values_list().get()}

    assert plain_text not in kept
    assert plain_text.startswith(token.token_key)
    assert len(token.token_key) < len(plain_text) / 2


def test_read_only_token_changes_nothing(owner):
    video = VideoFactory(title="Before")
    _, plain_text = make_token(owner, access="read")
    client = client_with(plain_text)

    reply = client.patch(f"/api/videos/{video.video_id}/", {"title": "After"})

    video.refresh_from_db()
    assert (reply.status_code, video.title) == (403, "Before")
    assert "only read" in reply.json()["message"]


def test_token_may_not_do_more_than_its_owner(owner):
    _, plain_text = make_token(owner)

    assert client_with(plain_text).get("/api/reports/").status_code == 403


def test_read_and_write_token_edits(owner):
    video = VideoFactory(title="Before")
    _, plain_text = make_token(owner)

    reply = client_with(plain_text).patch(
        f"/api/videos/{video.video_id}/", {"title": "After"}
    )

    video.refresh_from_db()
    assert (reply.status_code, video.title) == (200, "After")


def test_token_ends_with_its_time(owner):
    _, plain_text = make_token(owner)

    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        reply = client_with(plain_text).get("/api/videos/")

    assert reply.status_code == 401


def test_token_of_a_deactivated_person_is_refused(owner):
    _, plain_text = make_token(owner)
    owner.is_active = False
    owner.save()

    assert client_with(plain_text).get("/api/videos/").status_code == 401


def test_last_use_is_written_once_a_minute(owner, django_assert_num_queries):
    token, plain_text = make_token(owner)
    client = client_with(plain_text)

    client.get("/api/videos/")
    token.refresh_from_db()
    first = token.last_used_at
    client.get("/api/videos/")
    token.refresh_from_db()

    assert timezone.now() - first < timedelta(seconds=10)
    assert token.last_used_at == first


def test_people_see_and_revoke_their_own_tokens_only(client, owner):
    mine, _ = make_token(owner)
    other, _ = ApiToken.objects.create(user=UserFactory(), name="Secret system")
    client.force_login(owner)

    page = client.get(LIST).content.decode()
    chosen = {"action": "revoke_selected", "_selected_action": [mine.pk, other.pk]}
    client.post(LIST, chosen)

    assert "Warehouse" in page
    assert "Secret system" not in page
    assert list(ApiToken.objects.all()) == [other]


def test_administrator_revokes_anybodys_token(client, owner):
    make_token(owner)
    rights = ["ytmanager.view_apitoken", "ytmanager.delete_apitoken"]
    client.force_login(UserFactory(permissions=rights))
    token = ApiToken.objects.get()

    client.post(LIST, {"action": "revoke_selected", "_selected_action": [token.pk]})

    assert not ApiToken.objects.exists()
