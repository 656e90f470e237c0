"""`/api/change-sets/`: plan, preview, apply, results and revert."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import ChangeSet, Video
from catalog.services import change_sets
from tests.api_clients import client_of
from tests.factories.catalog import ChangeFactory, ChangeSetFactory, VideoFactory

CHANGE_SETS = "/api/change-sets/"
RIGHTS = (
    "catalog.view_video",
    "catalog.view_changeset",
    "catalog.bulk_edit_video",
    "catalog.change_changeset",
    "catalog.add_changeset",
)


@pytest.fixture
def editor(db):
    return client_of(*RIGHTS, username="bulk-editor")


@pytest.fixture
def video(db):
    return VideoFactory(video_id="firstvideo1", title="Old", label="Blue")


def address(pk, rest=""):
    return f"{CHANGE_SETS}{pk}/{rest}"


def planned(client, status=201, **body):
    reply = client.post(CHANGE_SETS, body, format="json")
    assert reply.status_code == status, reply.json()
    return reply.json()["data"]


def post(client, pk, rest, **body):
    return client.post(address(pk, rest), body, format="json")


def rows(client, pk, query=""):
    return client.get(address(pk, f"changes/{query}")).json()["results"]


def test_values_are_planned_shown_and_applied(editor, video):
    plan = planned(editor, video_ids=[video.video_id], values={"label": " Red "})

    (row,) = rows(editor, plan["pk"])
    assert (plan["state"], plan["kind"], plan["expected_count"]) == (
        "planned",
        "api",
        1,
    )
    assert (row["field"], row["old"], row["new"]) == ("label", "Blue", "Red")
    video.refresh_from_db()
    assert video.label == "Blue"

    reply = post(editor, plan["pk"], "apply/", plan_version=plan["plan_version"])

    video.refresh_from_db()
    assert (reply.status_code, reply.json()["data"]["state"]) == (202, "applied")
    assert video.label == "Red"
    assert rows(editor, plan["pk"])[0]["outcome"] == "applied"


def test_answer_leads_to_the_change_set(editor, video):
    reply = editor.post(
        CHANGE_SETS,
        {"video_ids": [video.video_id], "values": {"label": "Red"}},
        format="json",
    )

    shown = editor.get(reply["Location"]).json()
    assert shown["pk"] == reply.json()["data"]["pk"]


def test_steps_are_planned_for_a_filter(editor, video):
    VideoFactory(title="Old", label="Other")
    step = {"field": "title", "operation": "replace", "find": "Old", "new": "New"}

    plan = planned(editor, filter={"label": "blue"}, steps=[step], reason="Typo")

    assert [row["video_id"] for row in rows(editor, plan["pk"])] == [video.video_id]
    shown = editor.get(address(plan["pk"])).json()
    assert (shown["reason"], shown["steps"][0]["find"]) == ("Typo", "Old")


def test_filter_of_many_videos_is_planned_by_a_worker(editor, video, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 0)

    plan = planned(editor, 202, filter={"label": "blue"}, values={"label": "Red"})

    change_set = ChangeSet.objects.get(pk=plan["pk"])
    assert ProcrastinateJob.objects.filter(pk=change_set.job_id).exists()
    change_sets.run_plan(change_set=change_set)
    assert len(rows(editor, plan["pk"])) == 1


def test_identifiers_of_any_kind_choose_videos(editor, video):
    plan = planned(
        editor,
        identifiers=[video.isrc, "https://youtu.be/nosuchvideo"],
        values={"label": "Red"},
    )

    shown = editor.get(address(plan["pk"])).json()
    assert plan["expected_count"] == 1
    assert shown["missing_identifiers"] == ["https://youtu.be/nosuchvideo"]


def test_plan_that_was_made_anew_is_not_applied(editor, video):
    plan = planned(editor, video_ids=[video.video_id], values={"label": "Red"})

    reply = post(editor, plan["pk"], "apply/", plan_version="2020-01-01T00:00:00+00:00")

    assert (reply.status_code, reply.json()["error_type"]) == (409, "change_set_state")


def test_rows_are_left_out_and_taken_in_again(editor, video):
    other = VideoFactory(video_id="othervideo1", label="Blue")
    plan = planned(editor, filter={"label": "Blue"}, values={"label": "Red"})
    key = rows(editor, plan["pk"], "?video_id=othervideo1")[0]["pk"]

    left_out = post(editor, plan["pk"], "leave-out/", changes=[key]).json()["data"]
    taken_in = post(editor, plan["pk"], "take-in/", changes=[key]).json()["data"]
    post(editor, plan["pk"], "leave-out/", changes=[key])
    post(editor, plan["pk"], "apply/")

    other.refresh_from_db()
    assert (left_out["expected_count"], taken_in["expected_count"]) == (1, 2)
    assert other.label == "Blue"
    assert len(rows(editor, plan["pk"], "?outcome=excluded")) == 1


def test_revert_plans_the_old_values(editor, video):
    plan = planned(editor, video_ids=[video.video_id], values={"label": "Red"})
    post(editor, plan["pk"], "apply/")

    back = post(editor, plan["pk"], "revert/", reason="Wrong", fields=["label"])
    post(editor, back.json()["data"]["pk"], "apply/")

    video.refresh_from_db()
    assert (back.status_code, video.label) == (201, "Blue")
    shown = editor.get(address(plan["pk"])).json()
    assert shown["reverted_by"] == [back.json()["data"]["pk"]]


def test_discarded_plan_cannot_be_applied(editor, video):
    plan = planned(editor, video_ids=[video.video_id], values={"label": "Red"})

    dropped = post(editor, plan["pk"], "discard/").json()["data"]
    reply = post(editor, plan["pk"], "apply/")

    assert (dropped["state"], reply.status_code) == ("discarded", 409)


def test_cancelled_change_set_stops(editor, video):
    change_set = ChangeSetFactory(state="applying", applied_at=None)

    reply = post(editor, change_set.pk, "cancel/")

    change_set.refresh_from_db()
    assert reply.status_code == 202
    assert change_set.cancel_requested_at is not None
    assert change_set.job_id is not None


def test_failed_change_set_goes_on(editor):
    change_set = ChangeSetFactory(state="failed")

    reply = post(editor, change_set.pk, "resume/")

    assert reply.json()["data"]["state"] == "planning"


def test_drift_counts_what_matches_only_now(editor, video):
    plan = planned(editor, filter={"label": "blue"}, values={"title": "New"})
    VideoFactory(label="Blue")

    found = editor.get(address(plan["pk"], "drift/")).json()

    assert found == {"only_now_count": 1, "no_more_count": 0}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"values": {"label": "x"}}, "non_field_errors"),
        ({"filter": {}}, "non_field_errors"),
        ({"filter": {}, "video_ids": ["a"], "values": {}}, "values"),
        ({"filter": {}, "values": {"colour": "red"}}, "values"),
        ({"filter": {}, "values": {"reason": "red"}}, "values"),
        ({"filter": {"colour": "red"}, "values": {"label": "x"}}, "filter"),
        ({"filter": {}, "steps": []}, "steps"),
        ({"filter": {}, "steps": [{"field": "colour"}]}, "steps"),
    ],
)
def test_request_that_makes_no_sense_is_refused(editor, video, body, named):
    reply = editor.post(CHANGE_SETS, body, format="json")

    assert (reply.status_code, list(reply.json()["details"])) == (400, [named])
    assert not ChangeSet.objects.exists()


def test_values_that_break_a_rule_are_named(editor, video):
    body = {"video_ids": [video.video_id], "values": {"isrc": "short"}}

    reply = editor.post(CHANGE_SETS, body, format="json")

    assert reply.status_code == 422
    assert list(reply.json()["details"]["fields"]) == ["isrc"]
    assert not ChangeSet.objects.exists()


def test_list_is_narrowed_by_state_person_and_video(editor, video):
    wanted = ChangeSetFactory(state="planned", actor__username="somebody")
    ChangeFactory(change_set=wanted, video=video)
    ChangeSetFactory(actor=wanted.actor)
    ChangeSetFactory(state="planned")
    query = f"?state=planned&actor=somebody&video_id={video.video_id}"

    found = editor.get(CHANGE_SETS + query).json()["results"]

    assert [row["pk"] for row in found] == [wanted.pk]


@pytest.mark.parametrize("query", ["outcome=lost", "colour=red", "page=0"])
def test_malformed_parameters_of_rows_are_named(editor, query):
    change_set = ChangeSetFactory()

    reply = editor.get(address(change_set.pk, f"changes/?{query}"))

    assert (reply.status_code, list(reply.json()["details"])) == (
        400,
        [query.split("=")[0]],
    )


def test_unknown_change_set_is_not_found(editor):
    assert editor.get(address(987654321)).json()["error_type"] == "change_set_not_found"


@pytest.mark.parametrize("rest", ["apply/", "discard/", "cancel/", "revert/"])
def test_viewers_decide_nothing(db, video, rest):
    viewer = client_of("catalog.view_video", "catalog.view_changeset")
    change_set = ChangeSetFactory(state="planned")

    assert viewer.get(address(change_set.pk)).status_code == 200
    assert post(viewer, change_set.pk, rest).status_code == 403


def test_rows_need_the_same_queries_for_any_number(
    editor, video, django_assert_num_queries
):
    change_set = ChangeSetFactory()
    for _ in range(5):
        ChangeFactory(change_set=change_set)

    # Session, user, its permissions twice, change set, count, rows.
    with django_assert_num_queries(7):
        assert len(rows(editor, change_set.pk)) == 5


def test_steps_and_values_leave_other_videos_alone(editor, video):
    VideoFactory(title="Other")

    plan = planned(editor, video_ids=[video.video_id], values={"title": "New"})
    post(editor, plan["pk"], "apply/")

    assert sorted(Video.objects.values_list("title", flat=True)) == ["New", "Other"]


def test_videos_that_nobody_knows_are_named(editor):
    body = {"video_ids": ["nosuchvideo"], "values": {"label": "x"}}

    reply = editor.post(CHANGE_SETS, body, format="json")

    assert (reply.status_code, reply.json()["error_type"]) == (422, "selection")
    assert "nosuchvideo" in reply.json()["message"]
    assert not ChangeSet.objects.exists()
