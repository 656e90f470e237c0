"""Sync records, accounts, the quota and refreshes through the API."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.api_clients import client_of
from tests.factories.youtube_sync import MetadataSyncFactory, YouTubeAccountFactory
from tests.youtube_sync.services.conftest import VIDEO_ID
from youtube_sync.models import RefreshRun
from youtube_sync.services import quota, refresh

pytestmark = pytest.mark.django_db

RECORDS, REFRESHES = "/api/sync-records/", "/api/refresh-runs/"


def test_records_of_a_video_are_listed(viewer, django_assert_max_num_queries):
    wanted = MetadataSyncFactory(pre_image={"snippet": {"title": "Old"}})
    MetadataSyncFactory()

    with django_assert_max_num_queries(6):
        rows = viewer.get(f"{RECORDS}?video_id={wanted.video.video_id}").json()

    [row] = rows["results"]
    assert (row["pk"], row["plan"]) == (wanted.pk, wanted.item.plan_id)
    assert row["fields"] == {"title": {"before": "Old", "sent": "New"}}
    assert "pre_image" not in row
    shown = viewer.get(f"{RECORDS}{wanted.pk}/").json()
    assert shown["pre_image"] == {"snippet": {"title": "Old"}}


def test_account_is_shown_without_its_tokens(viewer):
    account = YouTubeAccountFactory()

    [row] = viewer.get("/api/youtube-accounts/").json()["results"]
    shown = viewer.get(f"/api/youtube-accounts/{account.pk}/").json()

    assert row == shown
    assert (row["name"], row["state"]) == (account.name, "connected")
    assert not {name for name in row if "token" in name}


def test_quota_tells_what_is_left(viewer, settings):
    settings.YOUTUBE_DAILY_QUOTA = 1000
    quota.reserve(units=100, call="videos.update")

    body = viewer.get("/api/quota/").json()

    assert (body["limit"], body["used"], body["is_closed"]) == (1000, 100, False)
    assert (body["left_for_bulk"], body["left_for_single_pushes"]) == (850, 900)
    assert body["day"] == quota.pacific_day().isoformat()


@pytest.mark.parametrize(
    "path",
    [RECORDS, "/api/youtube-accounts/", "/api/quota/", REFRESHES, "/api/push-plans/"],
)
def test_each_list_asks_for_its_permission(path):
    assert client_of("catalog.view_video").get(path).status_code == 403


# REFRESHES


def ask(client, **body):
    return client.post(REFRESHES, body, format="json")


def jobs():
    return ProcrastinateJob.objects.filter(task_name__endswith="run_refresh").count()


def test_catalogue_is_refreshed(publisher_client, account, make_video, connected):
    make_video()

    reply = ask(publisher_client)

    [run] = reply.json()["data"]
    assert (reply.status_code, run["scope"], run["state"]) == (
        202,
        "catalogue",
        "waiting",
    )
    assert jobs() == 1
    refresh.run_refresh(run=RefreshRun.objects.get(pk=run["pk"]), clients=connected)
    shown = publisher_client.get(f"{REFRESHES}{run['pk']}/").json()
    assert (shown["state"], shown["read_count"]) == ("completed", 1)


def test_named_videos_are_refreshed(publisher_client, account, make_video):
    make_video()
    make_video("othervideo1")

    [run] = ask(publisher_client, video_ids=[VIDEO_ID]).json()["data"]

    assert run["scope"] == "selection"
    targets = RefreshRun.objects.get(pk=run["pk"]).targets
    assert [target.video.video_id for target in targets.all()] == [VIDEO_ID]


def test_refresh_is_cancelled_once(publisher_client, account, make_video):
    make_video()
    [run] = ask(publisher_client).json()["data"]

    replies = [
        publisher_client.post(f"{REFRESHES}{run['pk']}/cancel/") for _ in range(2)
    ]

    assert [reply.status_code for reply in replies] == [202, 409]
    assert replies[0].json()["data"]["state"] == "cancelled"


def test_refresh_needs_an_account_and_a_right(viewer, publisher_client, db):
    assert ask(viewer).status_code == 403
    assert ask(publisher_client).json()["error_type"] == "account_not_connected"
    assert not RefreshRun.objects.exists()


def test_list_of_refreshes_is_filtered(viewer, publisher_client, account, make_video):
    make_video()
    [run] = ask(publisher_client).json()["data"]

    found = viewer.get(f"{REFRESHES}?scope=catalogue&state=waiting").json()
    other = viewer.get(f"{REFRESHES}?scope=video").json()

    assert [row["pk"] for row in found["results"]] == [run["pk"]]
    assert other["results"] == []
