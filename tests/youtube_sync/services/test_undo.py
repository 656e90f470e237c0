"""Undo on YouTube: what goes back, what stays, and its price."""

import pytest
from django.core.exceptions import PermissionDenied

from catalog.models import Video
from catalog.services.videos import update_video
from tests.factories.catalog import UserFactory
from tests.youtube_sync.services.conftest import pending_of, run, written
from youtube_sync.exceptions import NothingToPushError, PlanStateError
from youtube_sync.models import PushPlan
from youtube_sync.services import plans, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def send_back(publisher, connected):
    """Take a plan back as a publisher does; returns the plan of the way back."""

    def send(plan):
        undo.request_undo(plan=plan, actor=publisher)
        back = undo.create_undo_plan(plan=plan, actor=publisher)
        return run(plans.confirm_plan(plan=back, actor=publisher), connected)

    return send


@pytest.fixture
def pushed(make_plan, connected):
    return lambda: run(make_plan(), connected)


def test_push_is_taken_back_on_youtube(sandbox, make_video, pushed, send_back):
    video = make_video(title="New title", tags=["new"])
    before = sandbox.video(video.video_id)
    sandbox_before = {"title": "Old title", "tags": ["live", "1999"]}
    plan = pushed()

    back = send_back(plan)

    snippet = sandbox.video(video.video_id)["snippet"]
    assert {name: snippet[name] for name in sandbox_before} == sandbox_before
    assert sandbox.video(video.video_id)["status"] == before["status"]
    assert (back.state, back.reverts) == (PushPlan.State.COMPLETED, plan)
    assert pending_of(video) == []
    assert len(written(sandbox)) == 2


def test_asset_is_taken_back(sandbox, make_asset_video, pushed, send_back):
    video = make_asset_video(label="New label")
    plan = pushed()

    send_back(plan)

    asset = sandbox.asset(video.primary_asset.asset_id)
    assert asset["metadataMine"]["label"] == "Analytical"


def test_undo_has_a_price_before_it_is_asked_for(make_video, pushed):
    for number in range(2):
        make_video(f"video{number:06}", title="New", description="New")

    found = undo.preview_undo(pushed())

    assert (found.field_count, found.moved_count, found.price.units) == (4, 0, 101)


def test_field_that_the_office_edited_since_stays(
    sandbox, make_video, pushed, send_back, publisher
):
    video = make_video(title="New title", description="New text")
    plan = pushed()
    video.refresh_from_db()
    editor = UserFactory(permissions=["catalog.change_video"])
    update_video(video=video, values={"title": "Newest"}, actor=editor)

    found = undo.preview_undo(plan)
    send_back(plan)

    assert (found.field_count, found.moved_count) == (1, 1)
    snippet = sandbox.video(video.video_id)["snippet"]
    assert (snippet["title"], snippet["description"]) == (
        "New title",
        "The official video.",
    )
    assert pending_of(video) == ["title"]


def test_field_that_moved_on_youtube_is_not_overwritten(
    sandbox, make_video, pushed, send_back
):
    video = make_video(title="New title")
    plan = pushed()
    sandbox.edit_video(video.video_id, title="Theirs")

    back = send_back(plan)

    assert sandbox.video(video.video_id)["snippet"]["title"] == "Theirs"
    assert back.items.get().state == "conflict"


def test_other_edits_of_the_video_are_not_sent_along(
    sandbox, make_video, pushed, send_back, publisher
):
    video = make_video(title="New title")
    plan = pushed()
    video.refresh_from_db()
    editor = UserFactory(permissions=["catalog.change_video"])
    update_video(video=video, values={"tags": ["later"]}, actor=editor)

    send_back(plan)

    snippet = sandbox.video(video.video_id)["snippet"]
    assert (snippet["title"], snippet["tags"]) == ("Old title", ["live", "1999"])
    assert pending_of(video) == ["tags"]


def test_undo_of_an_undo_is_the_push_again(sandbox, make_video, pushed, send_back):
    video = make_video(title="New title")

    send_back(send_back(pushed()))

    assert sandbox.video(video.video_id)["snippet"]["title"] == "New title"


def test_plan_under_way_is_not_taken_back(make_video, make_plan, publisher):
    make_video(title="New title")

    with pytest.raises(PlanStateError):
        undo.request_undo(plan=make_plan(), actor=publisher)


def test_plan_of_nothing_has_nothing_to_take_back(
    make_video, make_plan, connected, publisher, sandbox
):
    video = make_video(title="New title")
    sandbox.edit_video(video.video_id, title="New title")
    plan = run(make_plan(), connected)

    with pytest.raises(NothingToPushError):
        undo.request_undo(plan=plan, actor=publisher)


def test_undo_is_for_publishers(make_video, pushed):
    make_video(title="New title")
    plan = pushed()

    with pytest.raises(PermissionDenied):
        undo.request_undo(plan=plan, actor=UserFactory())


def test_way_back_needs_the_values_first(make_video, pushed, publisher):
    make_video(title="New title")

    with pytest.raises(PlanStateError):
        undo.create_undo_plan(plan=pushed(), actor=publisher)


def test_nothing_of_the_catalogue_moves_before_it_is_asked(make_video, pushed):
    video = make_video(title="New title")

    undo.preview_undo(pushed())

    assert Video.objects.get(pk=video.pk).title == "New title"
