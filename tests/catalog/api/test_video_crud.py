"""Videos are added, replaced, hidden and restored; a stale write is refused."""

from datetime import UTC, datetime

import pytest

from catalog.choices import Source
from catalog.models import Change, ChangeSet, Video
from catalog.observations.observe import observe_videos
from tests.api_clients import client_of
from tests.catalog.api.conftest import READING
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    ConflictFactory,
    VideoFactory,
)

VIDEOS = "/api/videos/"


@pytest.fixture
def adder(db):
    return client_of(
        *READING, "catalog.view_conflict", "catalog.change_video", "catalog.add_video"
    )


@pytest.fixture
def channel(db):
    return ChannelFactory()


@pytest.fixture
def video(db):
    return VideoFactory(title="Old", label="Blue", primary_asset=AssetFactory())


def address(video, rest=""):
    return f"{VIDEOS}{video.video_id}/{rest}"


def add(client, channel, **values):
    body = {"video_id": "newvideo001", "channel_id": channel.channel_id, **values}
    return client.post(VIDEOS, body, format="json")


# ADDING


def test_video_is_added_with_what_is_wanted_of_it(adder, channel):
    reply = add(adder, channel, title=" New ", artist=["Ada"], reason="Announced")

    shown = adder.get(reply["Location"]).json()
    assert reply.status_code == 201
    assert (shown["title"], shown["artist"], shown["channel_id"]) == (
        "New",
        ["Ada"],
        channel.channel_id,
    )
    assert shown["pending_fields"] == ["title"]
    rows = adder.get(f"{VIDEOS}newvideo001/history/").json()["results"]
    assert {row["field"] for row in rows} == {"created", "title", "artist"}
    assert {row["reason"] for row in rows} == {"Announced"}


def test_added_video_is_found_by_its_words(adder, channel):
    add(adder, channel, title="Needle")

    found = adder.get(f"{VIDEOS}?search=needle").json()["results"]

    assert [row["video_id"] for row in found] == ["newvideo001"]


def test_first_fact_about_an_added_video_meets_what_is_wanted(adder, channel):
    add(adder, channel, title="Ours")

    facts = {
        "video_id": "newvideo001",
        "channel_id": channel.channel_id,
        "title": "Theirs",
        "description": "Seen",
    }
    observe_videos(
        content_owner=channel.content_owner,
        source=Source.REPORT,
        as_of=datetime(2026, 3, 10, tzinfo=UTC),
        facts=[facts],
    )

    shown = adder.get(f"{VIDEOS}newvideo001/").json()
    assert (shown["title"], shown["description"]) == ("Ours", "Seen")
    assert [row["field"] for row in shown["conflicts"]] == ["title"]


def test_known_video_is_not_added_again(adder, channel):
    add(adder, channel, title="First")

    reply = add(adder, channel, title="Second")

    assert (reply.status_code, reply.json()["error_type"]) == (409, "video_exists")
    assert Video.objects.get().title == "First"


@pytest.mark.parametrize(
    ("values", "status", "named"),
    [
        ({"video_id": "short"}, 400, "video_id"),
        ({"colour": "red"}, 400, "colour"),
        ({"channel_id": "UCnowhere"}, 404, "channel_id"),
        ({"isrc": "wrong"}, 422, "fields"),
    ],
)
def test_video_that_cannot_be_added_leaves_nothing(
    adder, channel, values, status, named
):
    reply = add(adder, channel, **values)

    assert (reply.status_code, list(reply.json()["details"])) == (status, [named])
    assert not Video.objects.exists()
    assert not ChangeSet.objects.exists()


def test_editor_without_the_permission_adds_nothing(editor, channel):
    assert add(editor, channel).status_code == 403


# REPLACING


def test_answer_of_a_get_can_be_sent_back(adder, video):
    body = adder.get(address(video)).json() | {"title": "New", "tags": ["a"]}

    reply = adder.put(address(video), body, format="json")

    assert reply.status_code == 200, reply.json()
    assert (reply.json()["title"], reply.json()["tags"]) == ("New", ["a"])
    assert Change.objects.count() == 2


def test_put_names_the_fields_that_are_missing(adder, video):
    body = adder.get(address(video)).json()
    del body["title"], body["label"]

    reply = adder.put(address(video), body, format="json")

    assert (reply.status_code, set(reply.json()["details"])) == (
        400,
        {"title", "label"},
    )


def test_put_judges_only_what_was_edited(adder, video):
    Video.objects.filter(pk=video.pk).update(notes="")
    video = VideoFactory(isrc="OLDSTYLE")
    body = adder.get(address(video)).json() | {"title": "New"}

    reply = adder.put(address(video), body, format="json")

    assert (reply.status_code, reply.json()["isrc"]) == (200, "OLDSTYLE")


# HIDING


def test_deleted_video_is_hidden_and_comes_back(adder, video):
    hidden = adder.delete(address(video))
    listed = adder.get(VIDEOS).json()["results"]
    restored = adder.post(address(video, "restore/"))

    assert (hidden.status_code, hidden.json()["is_hidden"]) == (200, True)
    assert listed == []
    assert restored.json()["is_hidden"] is False
    rows = adder.get(address(video, "history/")).json()["results"]
    assert [row["field"] for row in rows] == ["is_hidden", "is_hidden"]


# STALE WRITES


def test_known_answer_is_not_sent_again(adder, video):
    first = adder.get(address(video))

    second = adder.get(address(video), headers={"If-None-Match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert second["ETag"] == first["ETag"]


def test_known_list_is_not_sent_again_until_it_moves(adder, video):
    tag = adder.get(VIDEOS)["ETag"]

    known = adder.get(VIDEOS, headers={"If-None-Match": f'"x", W/{tag}'})
    adder.patch(address(video), {"title": "New"})
    moved = adder.get(VIDEOS, headers={"If-None-Match": tag})

    assert (known.status_code, moved.status_code) == (304, 200)


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_stale_write_is_refused(adder, video, method):
    first = adder.get(address(video))
    adder.patch(address(video), {"title": "Somebody else's"})

    reply = getattr(adder, method)(
        address(video),
        first.json() if method == "put" else {"label": "Mine"},
        headers={"If-Match": first["ETag"]},
        format="json",
    )

    video.refresh_from_db()
    assert (reply.status_code, reply.json()["error_type"]) == (
        412,
        "precondition_failed",
    )
    assert (video.title, video.label, video.is_hidden) == (
        "Somebody else's",
        "Blue",
        False,
    )


@pytest.mark.parametrize("header", ["*", "{tag}", '"other", {tag}'])
def test_write_that_saw_the_newest_goes_through(adder, video, header):
    tag = adder.get(address(video))["ETag"]

    reply = adder.patch(
        address(video), {"title": "New"}, headers={"If-Match": header.format(tag=tag)}
    )

    assert reply.status_code == 200
    assert reply["ETag"] == adder.get(address(video))["ETag"] != tag


def test_write_that_loses_a_race_after_the_check_is_refused(adder, video, monkeypatch):
    from catalog.api import views

    tag = adder.get(address(video))["ETag"]
    save = views.update_video

    def somebody_else_first(**facts):
        save(**facts | {"values": {"title": "First"}, "base": None})
        return save(**facts)

    monkeypatch.setattr(views, "update_video", somebody_else_first)
    reply = adder.patch(address(video), {"title": "Second"}, headers={"If-Match": tag})

    video.refresh_from_db()
    assert (reply.status_code, video.title) == (412, "First")


def test_browsable_page_has_no_validator(adder, video):
    page = adder.get(address(video), headers={"accept": "text/html"})

    assert (page.status_code, "ETag" in page) == (200, False)


def test_conflicts_of_a_video_are_listed_open_and_closed(adder, video):
    ConflictFactory(video=video)
    ConflictFactory(video=video, state="agreed", field="label")
    ConflictFactory()

    rows = adder.get(address(video, "conflicts/")).json()["results"]

    assert [(row["field"], row["state"]) for row in rows] == [
        ("label", "agreed"),
        ("title", "open"),
    ]
