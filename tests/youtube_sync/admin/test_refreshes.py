"""Refreshes in the admin: asked for, looked at, cancelled, and by whom."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Change, Observation, Video
from catalog.origins import origin_links
from tests.factories.catalog import ContentOwnerFactory, VideoFactory
from tests.factories.youtube_sync import YouTubeAccountFactory
from youtube_sync.models import RefreshRead, RefreshRun

pytestmark = pytest.mark.django_db
LIST = "/admin/youtube_sync/refreshrun/"


def page_of(run):
    return f"{LIST}{run.pk}/change/"


def started():
    jobs = ProcrastinateJob.objects.filter(task_name="youtube_sync.tasks.run_refresh")
    return [job.args["refresh_pk"] for job in jobs]


@pytest.fixture
def run(account):
    return RefreshRun.objects.create(
        account=account, scope="catalogue", total_count=1200, read_count=400
    )


def test_catalogue_is_asked_for_once(publishing, account):
    page = publishing.post(LIST + "start/", follow=True).content.decode()
    publishing.post(LIST + "start/")

    run = RefreshRun.objects.get()
    assert (run.scope, run.with_uploads, run.with_counters) == ("catalogue", True, True)
    assert started() == [run.pk]
    assert "YouTube is being asked about the catalogue." in page


def test_catalogue_needs_an_account(publishing):
    page = publishing.post(LIST + "start/", follow=True).content.decode()

    assert "No YouTube account is connected." in page
    assert not RefreshRun.objects.exists()


def test_video_is_asked_for_on_its_page(publishing, account, make_video):
    video = make_video()

    page = publishing.get(f"/admin/catalog/video/{video.pk}/change/").content.decode()
    reply = publishing.post(f"{LIST}video/{video.pk}/")

    run = RefreshRun.objects.get()
    assert f"{LIST}video/{video.pk}/" in page
    assert reply.url == f"/admin/catalog/video/{video.pk}/change/"
    assert (run.scope, run.targets.get().video) == ("video", video)
    assert started() == [run.pk]


def test_selection_is_kept_when_it_is_asked_for(publishing, account, make_video):
    chosen, _ = make_video("chosen00000"), make_video("another0000")
    action = {"action": "refresh_videos", "_selected_action": [chosen.pk]}

    publishing.post("/admin/catalog/video/", action)

    run = RefreshRun.objects.get()
    assert [target.video for target in run.targets.all()] == [chosen]


def test_selection_of_two_owners_makes_two_runs(publishing, account, make_video):
    other = YouTubeAccountFactory(content_owner=ContentOwnerFactory())
    theirs = VideoFactory(channel__content_owner=other.content_owner)
    keys = [make_video().pk, theirs.pk]
    action = {"action": "refresh_videos", "_selected_action": keys}

    publishing.post("/admin/catalog/video/", action)

    accounts = set(RefreshRun.objects.values_list("account", flat=True))
    assert accounts == {account.pk, other.pk}


def test_run_shows_how_far_it_is(viewer, run):
    page = viewer.get(page_of(run)).content.decode()

    assert "400</span> of 1,200 videos" in page
    assert "Cancel this refresh" not in page


def test_run_is_cancelled(publishing, run):
    page = publishing.post(f"{LIST}{run.pk}/cancel/", follow=True).content.decode()
    again = publishing.post(f"{LIST}{run.pk}/cancel/", follow=True).content.decode()

    run.refresh_from_db()
    assert run.state == RefreshRun.State.CANCELLED
    assert "What was read stays." in page
    assert "This refresh is over already." in again


@pytest.mark.parametrize("address", ["start/", "video/{video}/", "{run}/cancel/"])
def test_buttons_are_for_publishers(viewer, run, make_video, address):
    address = address.format(video=make_video().pk, run=run.pk)

    reply = viewer.post(LIST + address)

    assert reply.status_code == 403


def test_list_takes_few_queries(viewer, run, account, django_assert_max_num_queries):
    for _ in range(20):
        RefreshRun.objects.create(account=account, scope="video")

    with django_assert_max_num_queries(25):
        page = viewer.get(LIST).content.decode()

    assert f"Refresh {run.pk}" in page


def test_history_leads_to_the_refresh(run, make_video):
    observation = Observation.objects.create(
        content_owner=run.account.content_owner, source="refresh", as_of=run.created_at
    )
    RefreshRead.objects.create(run=run, observation=observation)
    Change.objects.create(
        video=make_video(), observation=observation, field="title", old="A", new="B"
    )

    link = origin_links([observation.pk])[observation.pk]

    assert (link.text, link.address) == (f"Refresh {run.pk}", page_of(run))
    assert Video.objects.count() == 1
