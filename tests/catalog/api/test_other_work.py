"""Clean-up, spellings, names kept whole, primary assets, and the review of Shorts."""

import pytest
from django.contrib.auth.models import User
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import ChangeSet, NeverSplitName, Scope
from tests.api_clients import client_of
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    ClaimFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db

CLEAN_UP = "/api/custom-id-clean-up/"
SPELLINGS = "/api/spellings/"
NAMES = "/api/never-split-names/"
SHORTS = "/api/shorts-verdicts/"


@pytest.fixture
def editor():
    return client_of(is_superuser=True, username="editor")


@pytest.fixture
def uncleaned():
    channel = ChannelFactory(partner_custom_id="LBL-0042", partner_name="Blue Label")
    video_id = "unclean0001"
    return VideoFactory(
        channel=channel,
        video_id=video_id,
        custom_id=video_id,
        primary_asset=AssetFactory(),
    )


def test_clean_up_is_counted_and_planned(editor, uncleaned):
    outlook = editor.get(CLEAN_UP).json()
    reply = editor.post(CLEAN_UP, {"with_label": True})

    plan = ChangeSet.objects.get()
    assert outlook == {"ready_count": 1, "skipped": []}
    assert (reply.status_code, reply.json()["data"]["kind"]) == (202, "clean_up")
    assert reply["Location"].endswith(f"/api/change-sets/{plan.pk}/")
    assert dict(plan.changes.values_list("field", "new")) == {
        "custom_id": "LBL-0042",
        "label": "Blue Label",
    }


def test_clean_up_tells_why_videos_stay(editor, uncleaned):
    uncleaned.channel.partner_custom_id = ""
    uncleaned.channel.save(update_fields=["partner_custom_id"])

    (skipped,) = editor.get(CLEAN_UP).json()["skipped"]

    assert skipped["video_count"] == 1
    assert "no partner custom ID" in skipped["reason"]


def test_clean_up_is_not_there_for_who_sees_a_part():
    rights = ("catalog.view_channel", "catalog.bulk_edit_video")
    part = client_of(*rights, username="part")
    Scope.objects.create(user=User.objects.get(username="part"), label="Blue")

    replies = [part.get(CLEAN_UP), part.post(CLEAN_UP)]

    assert [reply.status_code for reply in replies] == [404, 404]


def test_spellings_are_found_among_the_videos_of_a_filter(editor):
    for name in ("Björk", "Björk", "BJORK", "Bach"):
        VideoFactory(artist=[name], label="Blue")
    VideoFactory(artist=["björk"], label="Red")

    found = editor.get(SPELLINGS, {"field": "artist", "label": "Blue"}).json()

    assert found == {
        "groups": [
            {
                "usual": "Björk",
                "spellings": [
                    {"text": "Björk", "video_count": 2},
                    {"text": "BJORK", "video_count": 1},
                ],
            }
        ]
    }


@pytest.mark.parametrize("query", ["", "field=title", "field=artist&nothing=1"])
def test_spellings_of_what_has_none_are_refused(editor, query):
    assert editor.get(f"{SPELLINGS}?{query}").status_code == 400


def test_name_is_kept_whole_once(editor):
    name = {"name": "Earth, Wind & Fire"}

    statuses = [editor.post(NAMES, name).status_code for _ in range(2)]

    rows = editor.get(NAMES).json()["results"]
    assert statuses == [201, 200]
    assert [row["name"] for row in rows] == [name["name"]]


def test_name_is_split_again(editor):
    kept = editor.post(NAMES, {"name": "Earth, Wind & Fire"}).json()

    assert editor.delete(f"{NAMES}{kept['pk']}/").status_code == 204
    assert not NeverSplitName.objects.exists()


def test_primary_asset_is_chosen_and_left_to_the_rule(editor):
    video = VideoFactory(primary_asset=None)
    owner = video.channel.content_owner
    first, second = (
        AssetFactory(asset_id=asset_id, content_owner=owner)
        for asset_id in ("A000000000000001", "A000000000000002")
    )
    for asset in (first, second):
        ClaimFactory(asset=asset, video_id=video.video_id)
    address = f"/api/videos/{video.video_id}/primary-asset/"

    chosen = [
        editor.put(address, {"asset_id": asset_id}).json()["asset_id"]
        for asset_id in (second.asset_id, None)
    ]

    assert chosen == [second.asset_id, first.asset_id]


def test_asset_without_a_claim_is_refused(editor):
    video, asset = VideoFactory(), AssetFactory()
    address = f"/api/videos/{video.video_id}/primary-asset/"

    assert editor.put(address, {"asset_id": asset.asset_id}).status_code == 422


def test_rules_about_shorts_run_again_as_a_plan(editor):
    reply = editor.post(f"{SHORTS}run-rules/")

    plan = ChangeSet.objects.get()
    assert reply.status_code == 202
    assert reply["Location"].endswith(f"/api/change-sets/{plan.pk}/")
    assert ProcrastinateJob.objects.filter(task_name__contains="change_set").exists()


def test_youtube_is_asked_once_at_a_time(editor, settings):
    settings.SHORTS_PROBE_ENABLED = True

    answers = [editor.post(f"{SHORTS}probe/").json()["data"] for _ in range(2)]

    assert [answer["is_new"] for answer in answers] == [True, False]


def test_youtube_is_not_asked_where_that_is_off(editor, settings):
    settings.SHORTS_PROBE_ENABLED = False

    reply = editor.post(f"{SHORTS}probe/")

    assert reply.status_code == 422
    assert not ProcrastinateJob.objects.exists()
