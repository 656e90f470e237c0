"""`/api/release-lists/`, `/api/releases/`: the distributor's own list comes in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import tasks
from catalog.models import Release, ReleaseList, ReleaseMatch
from tests.api_clients import client_of
from tests.catalog.releases.conftest import (  # noqa: F401 - fixtures
    list_of,
    owner,
    release,
    video,
)
from tests.factories.catalog import UserFactory

pytestmark = pytest.mark.django_db
LISTS = "/api/release-lists/"
RELEASES = "/api/releases/"
SEE = ("catalog.view_releaselist", "catalog.view_release")


@pytest.fixture
def viewer(db):
    return client_of(*SEE)


@pytest.fixture
def loader(report_store, db):
    return client_of(*SEE, "catalog.add_releaselist", username="loader")


def address(release_list, rest=""):
    return f"{LISTS}{release_list.pk}/{rest}"


def send(client, content, name):
    file = SimpleUploadedFile("ours.csv", content.encode())
    body = {"file": file, "content_owner": name}
    return client.post(LISTS, body, format="multipart")


@pytest.fixture
def release_list(loader, owner):  # noqa: F811
    """A list whose columns were not confirmed yet."""
    send(loader, list_of(release(), release(isrc="GBAYE6800002", upc="1")), owner.name)
    return ReleaseList.objects.get()


def confirm(client, release_list, columns=None):
    body = {"columns": columns or release_list.columns}
    return client.post(address(release_list, "columns/"), body, format="json")


def test_upload_suggests_columns(loader, owner):  # noqa: F811
    reply = send(loader, list_of(release()), owner.name)

    shown = reply.json()
    assert (reply.status_code, shown["state"]) == (201, "mapping")
    assert shown["columns"][:2] == ["isrc", "upc"]
    assert (shown["content_owner"], shown["actor"]) == (owner.name, "loader")


def test_confirmed_list_is_loaded_and_matched(
    loader,
    release_list,
    video,  # noqa: F811
):
    video(title="Ada Lovelace - Night Engine")

    reply = confirm(loader, release_list)
    tasks.load_release_list(release_list_pk=release_list.pk)

    shown = loader.get(address(release_list)).json()
    assert (reply.status_code, shown["state"]) == (202, "matched")
    assert shown["counts"]["row_count"] == 2
    assert [found["column"] for found in shown["findings"]] == ["UPC"]
    assert ReleaseMatch.objects.exists()


def test_list_is_matched_again(loader, release_list):
    confirm(loader, release_list)
    tasks.load_release_list(release_list_pk=release_list.pk)

    reply = loader.post(address(release_list, "match/"))

    assert (reply.status_code, reply.json()["data"]["state"]) == (202, "matching")


def test_busy_list_is_left_alone(loader, release_list):
    confirm(loader, release_list)

    assert loader.post(address(release_list, "match/")).status_code == 409


def test_columns_that_find_no_video_are_refused(loader, release_list):
    reply = confirm(loader, release_list, [""] * len(release_list.header))

    assert reply.status_code == 422
    assert "Choose the column of the ISRC" in reply.json()["message"]


def test_columns_are_named_one_by_one(loader, release_list):
    reply = confirm(loader, release_list, ["isrc"])

    assert (reply.status_code, ReleaseList.objects.get().state) == (422, "mapping")


def test_owner_that_nobody_knows_is_not_found(loader):
    reply = send(loader, list_of(release()), "Nobody")

    assert (reply.status_code, ReleaseList.objects.count()) == (404, 0)


def test_file_that_is_no_list_is_refused(loader, owner):  # noqa: F811
    assert send(loader, "\n\n", owner.name).status_code == 422


def test_list_costs_the_same_for_many(
    viewer,
    owner,  # noqa: F811
    django_assert_num_queries,
):
    for _ in range(5):
        ReleaseList.objects.create(
            name="ours.csv", key="x", actor=UserFactory(), content_owner=owner
        )

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        assert len(viewer.get(LISTS).json()["results"]) == 5


def test_releases_are_searched_in_few_queries(
    viewer,
    owner,  # noqa: F811
    django_assert_num_queries,
):
    for number in range(5):
        Release.objects.create(
            content_owner=owner,
            key=str(number),
            isrc=f"GBAYE680000{number}",
            title="Night Engine",
            search_text=f"night engine gbaye680000{number}",
        )

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        everything = viewer.get(f"{RELEASES}?search=night").json()
    (one,) = viewer.get(f"{RELEASES}?search=night+GBAYE6800003").json()["results"]

    assert everything["pagination"]["total"] == 5
    assert one["isrc"] == "GBAYE6800003"


@pytest.mark.security
@pytest.mark.parametrize("button", ["", "columns/", "match/"])
def test_viewer_loads_nothing(viewer, loader, release_list, button):
    where = address(release_list, button) if button else LISTS

    assert viewer.post(where, {}, format="json").status_code == 403
