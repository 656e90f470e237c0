"""New uploads: lists are read as far as they may hold something unknown."""

import pytest

from catalog.models import Video
from tests.youtube_sync.services.conftest import OBSERVED, calls, known_videos
from youtube_sync.client import UploadsPage, YouTubeClient
from youtube_sync.models import QuotaEntry, RefreshRun, UploadsWalk
from youtube_sync.services import refresh_requests

pytestmark = pytest.mark.django_db
State = RefreshRun.State
LIST = "playlistItems.list"


@pytest.fixture
def upload(sandbox, channel):
    """Put a video on YouTube that the catalogue does not know."""

    def make(video_id, published_at="2026-01-01T00:00:00Z"):
        snippet = {"publishedAt": published_at}
        options = OBSERVED | {"channel_id": channel.channel_id, "snippet": snippet}
        sandbox.add_video(video_id, **options)

    return make


@pytest.fixture
def after_each_page(monkeypatch):
    """Let something happen on YouTube after each page of uploads."""
    read = YouTubeClient.list_uploads

    def install(happen):
        def list_uploads(self, *arguments):
            page = read(self, *arguments)
            happen()
            return page

        monkeypatch.setattr(YouTubeClient, "list_uploads", list_uploads)

    return install


def a_month_later():
    UploadsWalk.objects.update(ended_at="2020-01-01T00:00:00Z")


def test_new_uploads_are_found(sandbox, make_video, start, go, upload):
    make_video()
    for number in range(70):
        upload(f"fresh{number:06}")

    run = go(start(with_uploads=True))

    assert Video.objects.count() == 71
    assert run.new_count == 70
    assert len(calls(sandbox, LIST)) == 2
    assert Video.objects.get(video_id="fresh000003").title == OBSERVED["title"]


def test_list_is_read_to_its_end_once_then_to_what_is_known(
    sandbox, channel, start, go
):
    known_videos(sandbox, channel, 120)

    go(start(with_uploads=True))
    to_the_end = len(calls(sandbox, LIST))
    go(start(with_uploads=True))

    assert (to_the_end, len(calls(sandbox, LIST))) == (3, 4)
    assert sandbox.units_spent == QuotaEntry.objects.total_units()


def test_old_upload_behind_known_ones_is_found(sandbox, channel, start, go, upload):
    known_videos(sandbox, channel, 60)
    upload("hidden00001", "2012-01-01T00:00:00Z")

    run = go(start(with_uploads=True))

    assert run.new_count == 1
    assert Video.objects.filter(video_id="hidden00001").exists()


def test_list_is_read_to_its_end_again_every_month(sandbox, channel, start, go, upload):
    known_videos(sandbox, channel, 60)
    go(start(with_uploads=True))
    upload("hidden00001", "2012-01-01T00:00:00Z")

    missed = go(start(with_uploads=True)).new_count
    a_month_later()

    assert (missed, go(start(with_uploads=True)).new_count) == (0, 1)


def test_list_that_grows_while_it_is_read_hides_nothing(
    sandbox, start, go, upload, after_each_page
):
    for number in range(120):
        upload(f"fresh{number:06}")
    later = iter(range(10))
    after_each_page(lambda: upload(f"later{next(later):06}", "2026-06-01T00:00:00Z"))

    first = go(start(with_uploads=True)).new_count
    second = go(start(with_uploads=True)).new_count

    assert first == 120
    assert second >= 2
    listed = Video.objects.filter(video_id__startswith="later")
    assert listed.filter(video_id__in=["later000000", "later000001"]).count() == 2


def test_video_that_a_shrinking_list_hid_is_found_a_month_later(
    sandbox, start, go, upload, after_each_page
):
    for number in range(60):
        upload(f"fresh{number:06}", f"2026-01-01T00:{59 - number:02}:00Z")
    newest = iter(["fresh000000"])

    def delete_the_newest():
        if video_id := next(newest, ""):
            sandbox.sandbox.store.delete("video", video_id)

    after_each_page(delete_the_newest)
    found = go(start(with_uploads=True)).new_count
    hidden = {f"fresh{n:06}" for n in range(60)} - set(
        Video.objects.values_list("video_id", flat=True)
    )
    a_month_later()

    go(start(with_uploads=True))

    assert found == 58
    assert hidden == {"fresh000000", "fresh000050"}
    assert Video.objects.filter(video_id="fresh000050").exists()


def test_page_that_is_gone_starts_the_channel_again(sandbox, start, go, upload):
    for number in range(120):
        upload(f"fresh{number:06}")
    sandbox.add_fault("error", LIST, skip=1, reason="invalidPageToken")

    run = go(start(with_uploads=True))

    assert (run.state, run.new_count) == (State.COMPLETED, 120)
    assert len(calls(sandbox, LIST)) == 2 + 3
    assert sandbox.units_spent == QuotaEntry.objects.total_units()


def test_search_that_was_cancelled_is_made_up_for(
    sandbox, start, go, upload, publisher, after_each_page
):
    for number in range(120):
        upload(f"fresh{number:06}")
    run = start(with_uploads=True)
    after_each_page(
        lambda: (
            refresh_requests.cancel_refresh(run=run, actor=publisher)
            if RefreshRun.objects.filter(pk=run.pk, state="running").exists()
            else None
        )
    )

    stopped = go(run)
    go(start(with_uploads=True))

    assert (stopped.state, stopped.new_count) == (State.CANCELLED, 50)
    assert Video.objects.count() == 120


def test_channel_without_uploads_is_passed_over(sandbox, make_video, start, go):
    make_video()
    sandbox.add_fault("error", LIST, reason="playlistNotFound")

    assert go(start(with_uploads=True)).state == State.COMPLETED


def test_video_that_its_list_leaves_out_is_read_by_its_id(
    sandbox, make_video, start, go, upload, monkeypatch
):
    video = make_video()
    upload("unlisted001")
    sandbox.edit_video(video.video_id, title="Edited in Studio")
    nothing = UploadsPage([], "")
    monkeypatch.setattr(YouTubeClient, "list_uploads", lambda *_: nothing)

    run = go(start(with_uploads=True))

    assert Video.objects.get().title == "Edited in Studio"
    assert (run.new_count, run.missing_count) == (0, 0)
