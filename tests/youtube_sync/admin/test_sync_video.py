"""Sync now: from the diff to the queued push."""

import re

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Video
from tests.factories.catalog import ConflictFactory, ContentOwnerFactory
from tests.factories.youtube_sync import YouTubeAccountFactory
from youtube_sync import tasks
from youtube_sync.models import PlanItem, PushPlan, RefreshRun

pytestmark = pytest.mark.django_db


def address_of(video):
    return f"/admin/youtube_sync/pushplan/video/{video.pk}/"


def open_page(browser, video):
    reply = browser.get(address_of(video))
    assert reply.status_code == 200
    return reply.content.decode()


def digest_in(page):
    return re.search(r'name="digest" value="(\w+)"', page)[1]


def test_page_shows_diff_price_and_budget(publishing, account, make_video):
    video = make_video(title="New title")

    page = open_page(publishing, video)

    assert "Old title" in page
    assert "New title" in page
    assert "51 units" in page
    assert "10,000 of 10,000" in page


def test_looking_stores_nothing_and_calls_nobody(
    sandbox, publishing, account, make_video
):
    video = make_video(title="New title")

    open_page(publishing, video)

    assert not PushPlan.objects.exists()
    assert not sandbox.requests


def test_price_of_content_id_is_unknown(publishing, account, make_asset_video):
    video = make_asset_video(isrc="QZABC2500002")

    page = open_page(publishing, video)

    assert "Content ID calls of unknown price" in page


def test_pushing_queues_one_job_for_what_was_seen(publishing, account, make_video):
    video = make_video(title="New title")
    digest = digest_in(open_page(publishing, video))

    reply = publishing.post(address_of(video), {"digest": digest})

    plan = PushPlan.objects.get()
    assert reply["Location"] == f"/admin/youtube_sync/pushplan/{plan.pk}/change/"
    assert (plan.state, plan.is_urgent) == (PushPlan.State.CONFIRMED, True)
    job = ProcrastinateJob.objects.get(args__plan_pk=plan.pk)
    assert (job.queue_name, job.status) == ("youtube", "todo")


def test_edit_since_the_page_was_shown_is_not_pushed_unseen(
    publishing, account, make_video
):
    video = make_video(title="New title")

    page = publishing.post(address_of(video), {"digest": "0" * 16}).content.decode()

    assert "changed since you saw them" in page
    assert not PushPlan.objects.exists()
    assert not ProcrastinateJob.objects.filter(queue_name="youtube").exists()


def test_invalid_value_is_blocked_with_its_reason(publishing, account, make_video):
    video = make_video(title="a" * 101)

    page = open_page(publishing, video)

    assert "YouTube allows 100" in page
    assert "Everything is blocked" in page


def test_open_conflict_blocks_its_field(publishing, account, make_video):
    video = make_video(title="New title")
    ConflictFactory(video=video, field="title")

    page = open_page(publishing, video)

    assert "An open conflict must be decided first." in page


def test_without_an_account_the_page_says_so(publishing, make_video):
    video = make_video(title="New title")

    page = open_page(publishing, video)

    assert "No YouTube account is connected" in page
    assert "Connect an account" not in page


def test_account_of_another_owner_is_not_used(publishing, make_video):
    YouTubeAccountFactory(content_owner=ContentOwnerFactory())
    video = make_video(title="New title")

    assert "No YouTube account is connected" in open_page(publishing, video)


def test_account_that_needs_reconnecting_cannot_push(publishing, account, make_video):
    account.state = "needs_reconnect"
    account.save(update_fields=["state"])
    video = make_video(title="New title")

    page = open_page(publishing, video)

    assert "connected again first" in page


def test_video_without_edits_has_nothing_to_push(publishing, account, make_video):
    page = open_page(publishing, make_video())

    assert "There are no unpushed edits" in page


# Reading before the push


def test_page_tells_how_old_the_shown_values_are(publishing, account, make_video):
    video = make_video(title="New title")

    page = open_page(publishing, video)

    read_at = video.statistics.snippet_as_of
    assert f"YouTube’s values are of {read_at:%Y-%m-%d %H:%M} UTC." in page


def test_looking_first_queues_a_read_of_this_video(publishing, account, make_video):
    video = make_video(title="New title")

    reply = publishing.post(address_of(video), {"look": "1"})

    run = RefreshRun.objects.get()
    assert (run.scope, list(run.targets.values_list("video", flat=True))) == (
        RefreshRun.Scope.VIDEO,
        [video.pk],
    )
    assert reply["Location"] == f"{address_of(video)}?refresh={run.pk}"
    assert ProcrastinateJob.objects.filter(args__refresh_pk=run.pk).exists()
    assert not PushPlan.objects.exists()


def test_page_follows_the_read_and_shows_what_it_found(
    sandbox, publishing, account, make_video
):
    video = make_video(title="New title")
    sandbox.edit_video(video.video_id, title="Changed in Studio")
    address = publishing.post(address_of(video), {"look": "1"})["Location"]
    run = RefreshRun.objects.get()

    waiting = publishing.get(address).content.decode()
    tasks.run_refresh(run.pk)
    page = publishing.get(address).content.decode()

    assert "YouTube is being read…" in waiting
    assert f'data-live-group="refresh.{run.pk}"' in waiting
    assert "YouTube is being read…" not in page
    assert "Changed in Studio" in page
    assert "An open conflict must be decided first." in page


def test_read_that_failed_is_told(publishing, account, make_video):
    video = make_video(title="New title")
    address = publishing.post(address_of(video), {"look": "1"})["Location"]
    RefreshRun.objects.update(state="failed", message="YouTube refused.")

    page = publishing.get(address).content.decode()

    assert "YouTube could not be read:" in page
    assert "YouTube refused." in page


@pytest.mark.parametrize("asked", ["x", "99999999999999999999", "7"])
def test_unknown_read_is_passed_over(publishing, account, make_video, asked):
    video = make_video(title="New title")

    reply = publishing.get(f"{address_of(video)}?refresh={asked}")

    assert reply.status_code == 200
    assert 'data-live-group="refresh' not in reply.content.decode()


def test_only_publishers_may_sync(viewer, account, make_video):
    video = make_video(title="New title")

    assert viewer.get(address_of(video)).status_code == 403
    assert viewer.post(address_of(video), {"digest": "x"}).status_code == 403


def test_page_asks_a_bounded_number_of_queries(
    publishing, account, make_video, django_assert_max_num_queries
):
    video = make_video(title="New title", tags=["new"], license="youtube")

    with django_assert_max_num_queries(30):
        open_page(publishing, video)


# The panel on the video's page and the action on the list


def test_video_page_offers_sync_now_to_publishers(publishing, account, make_video):
    video = make_video(title="New title")

    page = publishing.get(f"/admin/catalog/video/{video.pk}/change/").content.decode()

    assert address_of(video) in page
    assert "Nothing of this video was pushed yet" in page


def test_video_page_offers_no_push_to_viewers(viewer, account, make_video):
    video = make_video(title="New title")

    page = viewer.get(f"/admin/catalog/video/{video.pk}/change/").content.decode()

    assert "YouTube sync" in page
    assert address_of(video) not in page


def test_action_drafts_a_plan_of_the_selection(publishing, account, make_video):
    first = make_video("video000001", title="New")
    make_video("video000002", title="New")
    form = {"action": "push_to_youtube", "_selected_action": [first.pk]}

    reply = publishing.post("/admin/catalog/video/", form)

    plan = PushPlan.objects.get()
    assert reply["Location"] == f"/admin/youtube_sync/pushplan/{plan.pk}/change/"
    assert plan.state == PushPlan.State.DRAFT
    assert PlanItem.objects.get().video == first


def test_action_is_not_offered_to_viewers(viewer, account, make_video):
    video = make_video(title="New")
    form = {"action": "push_to_youtube", "_selected_action": [video.pk]}

    viewer.post("/admin/catalog/video/", form)

    assert not PushPlan.objects.exists()
    assert "push_to_youtube" not in viewer.get("/admin/catalog/video/").content.decode()
    assert Video.objects.get().pending_fields == ["title"]
