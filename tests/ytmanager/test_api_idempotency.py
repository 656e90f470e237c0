"""A request that is sent again is answered again, not done again."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Change, ChangeSet
from tests.api_clients import client_of
from tests.factories.catalog import UserFactory, VideoFactory
from ytmanager import tasks
from ytmanager.models import IdempotentRequest

RIGHTS = ("catalog.view_video", "catalog.change_video")


@pytest.fixture
def video(db):
    return VideoFactory(title="Old")


@pytest.fixture
def person(db):
    return UserFactory(permissions=RIGHTS)


@pytest.fixture
def client(person):
    client = APIClient()
    client.force_login(person)
    return client


def patch(client, video, key="key-1", **values):
    return client.patch(
        f"/api/videos/{video.video_id}/",
        values or {"title": "New"},
        headers={"Idempotency-Key": key},
        format="json",
    )


def test_second_request_gets_the_first_answer(client, video):
    first = patch(client, video)
    second = patch(client, video)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert (first.get("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    assert ChangeSet.objects.count() == 1


def test_answer_keeps_what_it_was_when_the_row_moves_on(client, video):
    first = patch(client, video)
    client.patch(f"/api/videos/{video.video_id}/", {"title": "Newer"})

    assert patch(client, video).json() == first.json()
    video.refresh_from_db()
    assert video.title == "Newer"


def test_same_key_with_another_request_is_refused(client, video):
    patch(client, video)

    reply = patch(client, video, title="Another")

    assert reply.status_code == 422
    assert reply.json()["error_type"] == "idempotency_key_reused"


def test_refused_request_may_be_corrected_under_its_key(client, video):
    refused = patch(client, video, title="x" * 101)
    corrected = patch(client, video, title="New")

    assert (refused.status_code, corrected.status_code) == (422, 200)
    assert Change.objects.count() == 1


def test_people_do_not_share_keys(client, video):
    patch(client, video)

    reply = patch(client_of(*RIGHTS), video)

    assert "Idempotency-Replayed" not in reply


@pytest.mark.parametrize("key", ["", " ", "ä", "x" * 201, "a\tb"])
def test_key_that_is_none_is_refused(client, video, key):
    reply = patch(client, video, key=key)

    assert (reply.status_code, list(reply.json()["details"])) == (
        400,
        ["Idempotency-Key"],
    )
    video.refresh_from_db()
    assert video.title == "Old"


def test_key_on_a_read_means_nothing(client, video):
    client.get("/api/videos/", headers={"Idempotency-Key": "key-1"})

    assert not IdempotentRequest.objects.exists()


def test_address_of_what_was_made_is_answered_again(db, video):
    maker = client_of(
        "catalog.view_video", "catalog.view_changeset", "catalog.bulk_edit_video"
    )
    body = {"video_ids": [video.video_id], "values": {"title": "New"}}
    headers = {"Idempotency-Key": "plan"}

    first, second = (
        maker.post("/api/change-sets/", body, headers=headers, format="json")
        for _ in range(2)
    )

    assert second["Location"] == first["Location"]
    assert (second.status_code, ChangeSet.objects.count()) == (201, 1)


@pytest.mark.django_db(transaction=True)
def test_second_request_waits_for_the_first(client, person, video, monkeypatch):
    from catalog.api import views

    started, may_go_on = threading.Event(), threading.Event()
    save, answers = views.update_video, []

    def slowly(**facts):
        started.set()
        may_go_on.wait(5)
        return save(**facts)

    def send():
        other = APIClient()
        other.force_login(person)
        answers.append(patch(other, video))
        connection.close()

    monkeypatch.setattr(views, "update_video", slowly)
    threads = [threading.Thread(target=send) for _ in range(2)]
    threads[0].start()
    started.wait(5)
    threads[1].start()
    may_go_on.set()
    for thread in threads:
        thread.join()

    assert sorted("Idempotency-Replayed" in answer for answer in answers) == [
        False,
        True,
    ]
    assert ChangeSet.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_bug_leaves_neither_key_nor_work(client, video, monkeypatch):
    from catalog.api import views

    save = views.update_video

    def breaks_afterwards(**facts):
        save(**facts)
        raise ZeroDivisionError

    monkeypatch.setattr(views, "update_video", breaks_afterwards)
    client.raise_request_exception = False
    broken = patch(client, video)
    monkeypatch.setattr(views, "update_video", save)
    second = patch(client, video)

    assert (broken.status_code, second.status_code) == (500, 200)
    assert ChangeSet.objects.count() == 1


def test_old_answers_are_forgotten(client, video):
    patch(client, video)
    old = timezone.now() - IdempotentRequest.KEPT
    IdempotentRequest.objects.update(created_at=old)
    patch(client, video, key="key-2")

    with transaction.atomic():
        tasks.purge_answers(0)

    assert [row.key for row in IdempotentRequest.objects.all()] == ["key-2"]
