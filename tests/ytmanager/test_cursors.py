"""Machines read a whole list by key, without gaps or repetitions."""

import pytest

from tests.api_clients import client_of
from tests.factories.catalog import VideoFactory

VIDEOS = "/api/videos/"


@pytest.fixture
def viewer(db):
    return client_of("catalog.view_video")


def walk(client, address, direction="next"):
    """The IDs page by page, and the address of the last page."""
    pages = []
    while address:
        body = client.get(address).json()
        pages.append([row["video_id"] for row in body["results"]])
        last, address = address, body["pagination"][direction]
    return pages, last


def test_all_rows_come_once_in_both_directions(viewer):
    ids = [VideoFactory().video_id for _ in range(5)]

    forward, last = walk(viewer, f"{VIDEOS}?cursor=&per_page=2")
    backward, _ = walk(viewer, last, "previous")

    assert forward == [ids[:2], ids[2:4], ids[4:]]
    assert backward == [ids[4:], ids[2:4], ids[:2]]


def test_rows_that_come_meanwhile_shift_nothing(viewer):
    ids = [VideoFactory().video_id for _ in range(2)]
    first = viewer.get(f"{VIDEOS}?cursor=&per_page=1").json()
    ids.append(VideoFactory().video_id)

    rest, _ = walk(viewer, first["pagination"]["next"])

    assert rest == [ids[1:2], ids[2:]]


def test_filters_hold_on_every_page(viewer):
    wanted = [VideoFactory(label="Blue").video_id for _ in range(3)]
    VideoFactory(label="Red")

    pages, _ = walk(viewer, f"{VIDEOS}?cursor=&per_page=1&label=Blue")

    assert sum(pages, []) == wanted


def test_nothing_is_counted(viewer, django_assert_num_queries):
    VideoFactory()

    # Session, user, its permissions twice, rows.
    with django_assert_num_queries(5):
        body = viewer.get(f"{VIDEOS}?cursor=").json()

    assert body["pagination"] == {"per_page": 50, "next": None, "previous": None}


def test_empty_list_has_no_neighbours(viewer):
    body = viewer.get(f"{VIDEOS}?cursor=").json()

    assert (body["results"], body["pagination"]["next"]) == ([], None)


@pytest.mark.parametrize("query", ["abc", "%00", "after-x", "after--1", "after-1%0A"])
def test_made_up_cursor_is_refused(viewer, query):
    reply = viewer.get(f"{VIDEOS}?cursor={query}")

    assert (reply.status_code, list(reply.json()["details"])) == (400, ["cursor"])


@pytest.mark.parametrize("query", ["order=asc", "sort_by=title", "page=2"])
def test_cursor_and_other_pages_exclude_each_other(viewer, query):
    reply = viewer.get(f"{VIDEOS}?cursor=&{query}")

    assert (reply.status_code, reply.json()["error_type"]) == (422, "contradiction")


def test_browsable_page_shows_the_addresses(viewer):
    VideoFactory(), VideoFactory()

    page = viewer.get(f"{VIDEOS}?cursor=&per_page=1", headers={"accept": "text/html"})

    assert page.status_code == 200
    assert "cursor=" in page.content.decode()
