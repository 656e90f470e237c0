"""`/api/videos/bulk/`: many edits in one request, with a result for each."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import ChangeSet
from catalog.services import applying, change_sets
from tests.api_clients import client_of
from tests.factories.catalog import VideoFactory

BULK = "/api/videos/bulk/"


@pytest.fixture
def editor(db):
    return client_of(
        "catalog.view_video", "catalog.bulk_edit_video", "catalog.view_changeset"
    )


@pytest.fixture
def videos(db):
    return [
        VideoFactory(video_id=f"bulkvideo{n:02}", label="Blue", title=f"Old {n}")
        for n in range(2)
    ]


def item(video, version=None, **values):
    row = {"video_id": video if isinstance(video, str) else video.video_id}
    seen = {"row_version": version} if version else {}
    return {**row, "values": values, **seen}


def send(client, *items, **more):
    body = {"items": list(items), **more} if items else more
    return client.post(BULK, body, format="json")


def outcomes(reply):
    return [row["outcome"] for row in reply.json()["data"]["results"]]


def labels(videos):
    for video in videos:
        video.refresh_from_db()
    return [video.label for video in videos]


def test_each_video_gets_its_own_values(editor, videos):
    reply = send(
        editor,
        item(videos[0], label=" Red "),
        item(videos[1], label="Blue"),
        reason="x",
    )

    change_set = reply.json()["data"]["change_set"]
    assert (reply.status_code, outcomes(reply)) == (200, ["applied", "unchanged"])
    assert labels(videos) == ["Red", "Blue"]
    assert (change_set["kind"], change_set["reason"], change_set["state"]) == (
        "api",
        "x",
        "applied",
    )


def test_values_that_are_there_already_leave_no_trace(editor, videos):
    reply = send(editor, item(videos[0], label="Blue"))

    assert reply.json()["data"]["change_set"] is None
    assert not ChangeSet.objects.exists()


def test_reject_all_saves_nothing_when_one_value_is_wrong(editor, videos):
    reply = send(editor, item(videos[0], label="Red"), item(videos[1], isrc="wrong"))

    (row,) = reply.json()["details"]["rows"]
    assert (reply.status_code, reply.json()["error_type"]) == (422, "batch_rejected")
    assert (row["video_id"], [*row["refused"]]) == (videos[1].video_id, ["isrc"])
    assert labels(videos) == ["Blue", "Blue"]
    assert not ChangeSet.objects.exists()


def test_reject_failed_leaves_the_video_of_a_wrong_value_alone(editor, videos):
    reply = send(
        editor,
        item(videos[0], label="Red"),
        item(videos[1], label="Red", isrc="wrong"),
        policy="reject_failed",
    )

    results = reply.json()["data"]["results"]
    assert outcomes(reply) == ["applied", "rejected"]
    assert [*results[1]["refused"]] == ["isrc"]
    assert labels(videos) == ["Red", "Blue"]


def test_ignore_failed_leaves_only_the_wrong_value_out(editor, videos):
    reply = send(
        editor, item(videos[0], label="Red", isrc="wrong"), policy="ignore_failed"
    )

    (row,) = reply.json()["data"]["results"]
    assert (row["outcome"], [*row["refused"]]) == ("applied", ["isrc"])
    assert labels(videos[:1]) == ["Red"]


@pytest.mark.parametrize(
    ("policy", "outcome", "label"),
    [("reject_failed", "rejected", "Blue"), ("ignore_failed", "applied", "Red")],
)
def test_rules_over_two_fields_obey_the_policy(editor, videos, policy, outcome, label):
    moment = "2100-01-01T00:00:00Z"  # of a public video, which is not allowed

    reply = send(editor, item(videos[0], label="Red", publish_at=moment), policy=policy)

    (row,) = reply.json()["data"]["results"]
    assert (row["outcome"], [*row["refused"]]) == (outcome, ["publish_at"])
    assert labels(videos[:1]) == [label]


def test_rule_over_two_fields_rejects_all(editor, videos):
    reply = send(
        editor,
        item(videos[0], label="Red"),
        item(videos[1], publish_at="2100-01-01T00:00:00Z"),
    )

    (row,) = reply.json()["details"]["rows"]
    assert (reply.status_code, row["video_id"]) == (422, videos[1].video_id)
    assert labels(videos) == ["Blue", "Blue"]


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([("nosuchvideo", None)], "not in the catalogue"),
        ([("bulkvideo00", None), ("bulkvideo00", None)], "named twice"),
        ([("bulkvideo00", 99)], "since row version 99"),
    ],
)
def test_row_that_names_no_video_as_it_is_now_is_refused(editor, videos, rows, refused):
    items = [item(name, version, label="Red") for name, version in rows]

    reply = send(editor, *items, policy="reject_failed")

    assert set(outcomes(reply)) == {"rejected"}
    assert refused in reply.content.decode()
    assert labels(videos) == ["Blue", "Blue"]


def test_version_that_was_seen_is_accepted(editor, videos):
    reply = send(editor, item(videos[0], videos[0].row_version, label="Red"))

    assert outcomes(reply) == ["applied"]


def test_many_videos_are_a_workers(editor, videos, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)

    reply = send(
        editor,
        *(item(video, label="Red") for video in videos),
        item("nosuchvideo", label="Red"),
        policy="reject_failed",
    )

    change_set = ChangeSet.objects.get()
    assert reply.status_code == 202
    assert outcomes(reply) == ["accepted", "accepted", "rejected"]
    assert ProcrastinateJob.objects.filter(pk=change_set.job_id).exists()
    change_sets.run_plan(change_set=change_set)
    change_set.refresh_from_db()
    applying.run_apply(change_set=change_set)
    assert labels(videos) == ["Red", "Red"]
    rows = editor.get(f"{reply['Location']}changes/").json()["results"]
    assert [row["outcome"] for row in rows] == ["applied", "applied"]


def test_worker_rejects_all_and_says_why(editor, videos, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)
    send(
        editor,
        item(videos[0], label="Red"),
        item(videos[1], publish_at="2100-01-01T00:00:00Z"),
    )

    change_sets.run_plan(change_set=ChangeSet.objects.get())

    change_set = ChangeSet.objects.get()
    assert (change_set.state, "Nothing was changed" in change_set.error) == (
        "failed",
        True,
    )
    assert labels(videos) == ["Blue", "Blue"]


def test_filter_gives_all_its_videos_the_same_values(editor, videos):
    other = VideoFactory(label="Green")

    reply = send(editor, filter={"label": "blue"}, values={"label": "Red"})

    assert reply.json()["data"]["change_set"]["applied_count"] == 2
    assert labels([*videos, other]) == ["Red", "Red", "Green"]


@pytest.mark.parametrize(
    ("policy", "status"), [("reject_all", 422), ("ignore_failed", 200)]
)
def test_wrong_value_for_a_filter_obeys_the_policy(editor, videos, policy, status):
    values = {"label": "Red", "isrc": "wrong"}

    reply = send(editor, filter={}, values=values, policy=policy)

    assert reply.status_code == status
    assert labels(videos) == (["Red"] * 2 if status == 200 else ["Blue"] * 2)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "non_field_errors"),
        ({"items": []}, "items"),
        ({"items": [{"video_id": "x"}]}, "items"),
        ({"items": [{"video_id": "x", "values": {"colour": "red"}}]}, "items"),
        ({"items": [{"video_id": "x", "values": {}}]}, "items"),
        ({"filter": {}}, "non_field_errors"),
        ({"filter": {"colour": "red"}, "values": {"label": "x"}}, "filter"),
        ({"filter": {}, "values": {"label": "x"}, "policy": "hope"}, "policy"),
        ({"items": [{"video_id": "x", "values": {"label": "x"}}] * 1001}, "items"),
    ],
)
def test_request_that_makes_no_sense_is_refused(editor, body, named):
    reply = editor.post(BULK, body, format="json")

    assert (reply.status_code, list(reply.json()["details"])) == (400, [named])


def test_queries_do_not_grow_with_the_items(
    editor, videos, django_assert_max_num_queries
):
    many = [VideoFactory(label="Blue") for _ in range(10)]

    with django_assert_max_num_queries(75):
        send(editor, *(item(video, label="Red") for video in many))

    assert set(labels(many)) == {"Red"}


def test_bulk_edits_need_their_permission(db, videos):
    single = client_of("catalog.view_video", "catalog.change_video")

    assert send(single, item(videos[0], label="Red")).status_code == 403
