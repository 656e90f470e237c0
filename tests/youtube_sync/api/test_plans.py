"""`/api/push-plans/` and `/api/videos/{id}/sync/`: from a draft to its undo."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Video
from tests.factories.catalog import VideoFactory
from tests.factories.youtube_sync import PlanItemFactory, PushPlanFactory
from tests.youtube_sync.services.conftest import VIDEO_ID, pending_of, run
from youtube_sync.models import PushPlan

pytestmark = pytest.mark.django_db

PLANS = "/api/push-plans/"


def address(plan, rest=""):
    return f"{PLANS}{plan['pk'] if isinstance(plan, dict) else plan.pk}/{rest}"


def post(client, url, **body):
    return client.post(url, body, format="json")


def draft(client, **selection):
    reply = post(client, PLANS, **(selection or {"filter": {}}))
    assert reply.status_code == 201, reply.json()
    [plan] = reply.json()["data"]
    return plan


def jobs():
    return ProcrastinateJob.objects.filter(task_name__endswith="run_plan").count()


def test_plan_is_drafted_and_priced(publisher_client, account, make_video):
    make_video(title="New title")
    make_video("quietvideo1")

    plan = draft(publisher_client)

    assert (plan["state"], plan["item_count"], plan["price_units"]) == ("draft", 1, 51)
    assert plan["account"] == account.name
    shown = publisher_client.get(address(plan)).json()
    assert shown["forecast"]["units"] == 51
    assert shown["blocked_reasons"] == []
    assert jobs() == 0


def test_plan_takes_the_videos_that_are_named(publisher_client, account, make_video):
    make_video(title="New title")
    make_video("othervideo1", title="Other title")

    plan = draft(publisher_client, video_ids=["othervideo1"])

    rows = publisher_client.get(address(plan, "items/")).json()["results"]
    assert [row["target_id"] for row in rows] == ["othervideo1"]
    assert rows[0]["fields"] == {
        "title": {"observed": "Old title", "wanted": "Other title"}
    }


def test_videos_that_nobody_knows_are_named(publisher_client):
    reply = publisher_client.post(PLANS, {"video_ids": ["unknownvid1"]}, format="json")

    assert (reply.status_code, reply.json()["error_type"]) == (422, "selection")
    assert "unknownvid1" in reply.json()["message"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "Give either"),
        ({"video_ids": ["x"], "filter": {}}, "Give either"),
        ({"video_ids": []}, "video_ids"),
        ({"filter": {"colour": "red"}}, "colour"),
        ({"filter": {"privacy_status": "lost"}}, "privacy_status"),
    ],
)
def test_selection_that_says_nothing_is_refused(publisher_client, body, named):
    reply = publisher_client.post(PLANS, body, format="json")

    assert reply.status_code == 400
    assert named in reply.content.decode()
    assert not PushPlan.objects.exists()


def test_nothing_pending_makes_no_plan(publisher_client, account, make_video):
    make_video()

    reply = post(publisher_client, PLANS, filter={})

    assert (reply.status_code, reply.json()["error_type"]) == (422, "nothing_to_push")


def test_confirmed_plan_is_pushed_and_taken_back(
    publisher_client, account, make_video, connected, sandbox
):
    video = make_video(title="New title")
    plan = draft(publisher_client)

    reply = post(publisher_client, address(plan, "confirm/"))
    assert (reply.status_code, reply.json()["data"]["state"], jobs()) == (
        202,
        "confirmed",
        1,
    )
    run(PushPlan.objects.get(pk=plan["pk"]), connected)
    [item] = publisher_client.get(address(plan, "items/")).json()["results"]
    assert (item["state"], item["fields"]["title"]["result"]) == ("success", "sent")

    back = post(publisher_client, address(plan, "undo/")).json()["data"]

    assert (back["state"], back["plan"]["reverts"]) == ("applied", plan["pk"])
    assert pending_of(video) == ["title"]
    assert post(publisher_client, address(back["plan"], "confirm/")).status_code == 202
    run(PushPlan.objects.get(pk=back["plan"]["pk"]), connected)
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "Old title"


def test_plan_is_paused_resumed_and_cancelled(publisher_client, account, make_video):
    make_video(title="New title")
    plan = draft(publisher_client)
    post(publisher_client, address(plan, "confirm/"))

    states = [
        post(publisher_client, address(plan, f"{name}/")).json()["data"]["state"]
        for name in ("pause", "resume", "cancel")
    ]

    assert states == ["paused", "confirmed", "cancelled"]


def test_plan_is_put_first_and_back(publisher_client, account, make_video):
    make_video(title="New title")
    plan = draft(publisher_client)

    places = [
        post(publisher_client, address(plan, f"{name}/")).json()["data"]["is_urgent"]
        for name in ("put-first", "put-back")
    ]

    assert places == [True, False]


def test_items_are_left_out_and_taken_in(publisher_client, account, make_video):
    make_video(title="New title")
    plan = draft(publisher_client)
    [item] = publisher_client.get(address(plan, "items/")).json()["results"]

    left = post(publisher_client, address(plan, "leave-out/"), items=[item["pk"]])
    taken = post(publisher_client, address(plan, "take-in/"), items=[item["pk"]])

    counts = [reply.json()["data"]["left_out_count"] for reply in (left, taken)]
    assert (counts, taken.json()["data"]["price_units"]) == ([1, 0], 51)


def test_failed_items_are_sent_once_more(
    publisher_client, account, make_video, connected, sandbox
):
    make_video(title="New title")
    sandbox.add_fault("forbidden", "videos.update")
    plan = draft(publisher_client)
    post(publisher_client, address(plan, "confirm/"))
    run(PushPlan.objects.get(pk=plan["pk"]), connected)

    reply = post(publisher_client, address(plan, "retry/"))

    assert reply.json()["data"]["state"] == "confirmed"
    assert run(PushPlan.objects.get(pk=plan["pk"]), connected).state == "completed"


@pytest.mark.parametrize("name", ["resume", "retry", "undo"])
def test_wrong_state_is_a_conflict(publisher_client, name):
    plan = PushPlanFactory()

    reply = post(publisher_client, address(plan, f"{name}/"))

    assert (reply.status_code, reply.json()["error_type"]) == (409, "plan_state")


@pytest.mark.parametrize(
    "name",
    [
        *("confirm", "pause", "resume", "cancel", "retry", "undo"),
        *("leave-out", "put-first", "put-back"),
    ],
)
def test_plans_are_controlled_by_publishers_only(viewer, name):
    plan = PushPlanFactory()

    reply = post(viewer, address(plan, f"{name}/"), items=[1])

    plan.refresh_from_db()
    assert (reply.status_code, plan.state) == (403, "draft")
    assert post(viewer, PLANS, filter={}).status_code == 403


def test_list_is_filtered_and_takes_few_queries(viewer, django_assert_max_num_queries):
    for _ in range(3):
        PlanItemFactory()
    wanted = PushPlanFactory(state="cancelled")

    with django_assert_max_num_queries(6):
        rows = viewer.get(f"{PLANS}?state=cancelled").json()["results"]

    assert [row["pk"] for row in rows] == [wanted.pk]
    assert viewer.get(PLANS).json()["pagination"]["total"] == 4


# ONE VIDEO


def sync(client, video_id=VIDEO_ID, **body):
    return post(client, f"/api/videos/{video_id}/sync/", **body)


def test_video_is_pushed_as_it_was_shown(
    publisher_client, account, make_video, connected, sandbox
):
    make_video(title="New title")
    shown = publisher_client.get(f"/api/videos/{VIDEO_ID}/sync/").json()

    reply = sync(publisher_client, digest=shown["digest"])

    assert (shown["price_units"], shown["is_sendable"]) == (51, True)
    assert reply.status_code == 202
    plan = PushPlan.objects.get(pk=reply.json()["data"]["pk"])
    assert (plan.is_urgent, jobs()) == (True, 1)
    run(plan, connected)
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "New title"


def test_video_is_pushed_without_a_look(publisher_client, account, make_video):
    make_video(title="New title")

    assert sync(publisher_client).json()["data"]["state"] == "confirmed"


def test_video_that_moved_since_the_look_is_not_pushed(
    publisher_client, account, make_video
):
    make_video(title="New title")

    reply = sync(publisher_client, digest="0123456789abcdef")

    assert (reply.status_code, reply.json()["error_type"]) == (409, "plan_state")
    assert not PushPlan.objects.exists()


def test_video_without_edits_or_account_is_not_pushed(
    publisher_client, account, make_video
):
    make_video()
    VideoFactory(video_id="foreignvid1", title="A", snapshot__title="B")

    refused = [sync(publisher_client), sync(publisher_client, "foreignvid1")]

    assert [reply.json()["error_type"] for reply in refused] == [
        "nothing_to_push",
        "account_not_connected",
    ]
    assert Video.objects.filter(pending_fields=["title"]).count() == 1


def test_video_is_pushed_by_publishers_only(viewer, account, make_video):
    make_video(title="New title")

    assert sync(viewer).status_code == 403
    assert viewer.get(f"/api/videos/{VIDEO_ID}/sync/").status_code == 403


def test_unknown_video_is_not_found(publisher_client):
    assert sync(publisher_client, "unknownvid1").json()["error_type"] == (
        "video_not_found"
    )
