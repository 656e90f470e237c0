"""Pushing plans over real HTTP to the sandbox, with the real database."""

import pytest

from catalog.models import Conflict, Video, VideoSnapshot
from catalog.origins import origin_links
from tests.youtube_sync.services.conftest import (
    ASSET_ID,
    PROVIDED,
    VIDEO_ID,
    pending_of,
    run,
    want,
    written,
)
from youtube_sync.models import (
    MetadataSync,
    PlanItem,
    PushPlan,
)
from youtube_sync.services import quota

pytestmark = pytest.mark.django_db


def test_push_of_one_field_leaves_all_else_untouched(
    sandbox, make_video, make_plan, connected
):
    make_video(title="New title")
    before = sandbox.video(VIDEO_ID)

    run(make_plan(), connected)

    after = sandbox.video(VIDEO_ID)
    assert after["snippet"]["title"] == "New title"
    for video in (before, after):
        video.pop("etag")
        video["snippet"].pop("title")
        video["snippet"].pop("localized")
    assert after == before


def test_push_ends_as_an_observation(make_video, make_plan, connected):
    video = make_video(title="New title", tags=["live"])

    plan = run(make_plan(), connected)

    assert plan.state == PushPlan.State.COMPLETED
    assert (plan.done_count, plan.failed_count) == (1, 0)
    assert pending_of(video) == []
    assert VideoSnapshot.objects.get(pk=video.pk).title == "New title"


def test_push_records_what_it_sent_and_what_stood_there(
    make_video, make_plan, connected
):
    make_video(title="New title")

    run(make_plan(), connected)

    sync = MetadataSync.objects.get()
    assert sync.state == MetadataSync.State.SUCCESS
    assert sync.fields == {"title": {"before": "Old title", "sent": "New title"}}
    assert sync.pre_image["snippet"]["tags"] == ["live", "1999"]
    assert sync.reply["title"] == "New title"
    assert sync.units == 50


def test_push_of_one_video_costs_one_read_and_one_update(
    sandbox, make_video, make_plan, connected
):
    make_video(title="New title", privacy_status="unlisted")

    run(make_plan(), connected)

    assert [r["operation"] for r in sandbox.requests] == [
        "videos.list",
        "videos.update",
    ]
    assert quota.get_budget().used == sandbox.units_spent == 51


def test_push_of_an_asset_sends_the_whole_metadata(
    sandbox, make_asset_video, make_plan, connected
):
    video = make_asset_video(isrc="QZABC2500002")

    plan = run(make_plan(), connected)

    provided = sandbox.asset(ASSET_ID)["metadataMine"]
    assert provided == PROVIDED | {"isrc": "QZABC2500002"}
    assert plan.state == PushPlan.State.COMPLETED
    assert pending_of(video) == []


def test_push_sends_title_and_isrc_to_their_two_targets(
    sandbox, make_asset_video, make_plan, connected
):
    video = make_asset_video(isrc="QZABC2500002", title="New title")

    run(make_plan(), connected)

    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "New title"
    assert sandbox.asset(ASSET_ID)["metadataMine"]["isrc"] == "QZABC2500002"
    assert pending_of(video) == []


def test_same_field_changed_on_youtube_becomes_a_conflict(
    sandbox, make_video, make_plan, connected
):
    video = make_video(title="Our title")
    sandbox.edit_video(VIDEO_ID, title="Their title")

    plan = run(make_plan(), connected)

    conflict = Conflict.objects.get()
    assert (conflict.base, conflict.ours) == ("Old title", "Our title")
    assert conflict.theirs == "Their title"
    assert not written(sandbox)
    assert plan.items.get().state == PlanItem.State.CONFLICT
    assert plan.state == PushPlan.State.FAILED
    assert pending_of(video) == ["title"]


def test_other_field_changed_on_youtube_is_carried(
    sandbox, make_video, make_plan, connected
):
    make_video(title="Our title")
    sandbox.edit_video(VIDEO_ID, tags=["studio"])

    run(make_plan(), connected)

    snippet = sandbox.video(VIDEO_ID)["snippet"]
    assert (snippet["title"], snippet["tags"]) == ("Our title", ["studio"])
    assert Video.objects.get().tags == ["studio"]


def test_history_of_a_carried_value_leads_to_the_push_and_back(
    sandbox, make_video, make_plan, connected, admin_client
):
    video = make_video(title="Our title")
    sandbox.edit_video(VIDEO_ID, tags=["studio"])

    plan = run(make_plan(), connected)

    change = video.changes.get(field="tags")
    link = origin_links([change.observation_id])[change.observation_id]
    assert link.text == f"Push plan {plan.pk}"
    history = admin_client.get("/admin/catalog/change/").content.decode()
    assert f'href="{link.address}"' in history
    sync = MetadataSync.objects.get()
    record = admin_client.get(f"/admin/youtube_sync/metadatasync/{sync.pk}/change/")
    assert f"/admin/catalog/change/?video={video.pk}" in record.content.decode()


def test_a_conflict_on_one_field_does_not_hold_up_another(
    sandbox, make_video, make_plan, connected
):
    video = make_video(title="Our title", license="youtube")
    sandbox.edit_video(VIDEO_ID, title="Their title")

    plan = run(make_plan(), connected)

    live = sandbox.video(VIDEO_ID)
    assert live["snippet"]["title"] == "Their title"
    assert live["status"]["license"] == "youtube"
    assert pending_of(video) == ["title"]
    item = plan.items.get()
    assert item.fields["license"]["result"] == "sent"
    assert item.fields["title"]["result"] == "conflict"
    assert "title" in item.message


def test_wanted_value_already_there_is_a_success_without_a_write(
    sandbox, make_video, make_plan, connected
):
    video = make_video(title="New title")
    sandbox.edit_video(VIDEO_ID, title="New title")

    plan = run(make_plan(), connected)

    assert not written(sandbox)
    assert plan.state == PushPlan.State.COMPLETED
    assert plan.items.get().state == PlanItem.State.ALREADY_THERE
    assert MetadataSync.objects.get().state == MetadataSync.State.ALREADY_THERE
    assert pending_of(video) == []


def test_field_edited_after_the_plan_is_not_sent(
    sandbox, make_video, make_plan, connected
):
    video = make_video(title="Planned title")
    plan = make_plan()
    want(video, title="Later title")

    plan = run(plan, connected)

    assert not written(sandbox)
    assert plan.items.get().state == PlanItem.State.MOVED
    assert pending_of(video) == ["title"]


def test_video_that_is_not_on_youtube_fails(sandbox, make_video, make_plan, connected):
    make_video(title="New title")
    sandbox.sandbox.catalogue.store.delete("video", VIDEO_ID)

    plan = run(make_plan(), connected)

    assert plan.items.get().state == PlanItem.State.FAILED
    assert "not found" in plan.items.get().message


def test_value_that_youtube_refuses_fails_with_the_field_named(
    sandbox, make_video, make_plan, connected
):
    make_video(category_id="29")
    plan = make_plan()
    plan.items.update(fields={"title": {"observed": "Old title", "wanted": "<b>"}})
    want(Video.objects.get(), title="<b>")

    plan = run(plan, connected)

    assert plan.items.get().message.startswith("title: ")
    assert plan.state == PushPlan.State.FAILED


# Killed workers
