"""Whose a video is: kept as a key, written and shown as a username."""

import pytest

from catalog.bulk.plan import plan_source
from catalog.exceptions import InvalidEditError, StaleEditError
from catalog.models import Change, ChangeSet, Video
from catalog.services import bulk_edits, change_sets, reverts
from catalog.services.edits import run_source
from catalog.services.videos import edit_videos, update_video
from tests.factories.catalog import UserFactory, VideoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return UserFactory(username="anna")


@pytest.fixture
def actor():
    return UserFactory(username="actor")


def assignee_of(video):
    return Video.objects.get(pk=video.pk).value_of("assignee")


def test_assignee_is_saved_with_names_in_the_history(anna, actor):
    video = VideoFactory()

    update_video(video=video, values={"assignee": "anna"}, actor=actor)

    change = Change.objects.get(field="assignee")
    assert Video.objects.get(pk=video.pk).assignee == anna
    assert (change.old, change.new) == ("", "anna")


def test_same_assignee_again_is_no_change(anna, actor):
    video = VideoFactory(assignee=anna)

    made = update_video(video=video, values={"assignee": "anna"}, actor=actor)

    assert made is None


@pytest.mark.parametrize("name", ["nobody-here", "gone"])
def test_only_people_who_may_sign_in_are_assigned(name, actor):
    UserFactory(username="gone", is_active=False)
    video = VideoFactory()

    with pytest.raises(InvalidEditError) as refused:
        update_video(video=video, values={"assignee": name}, actor=actor)

    assert refused.value.details["fields"] == {
        "assignee": [f"Nobody who may sign in has the username {name}."]
    }


def test_other_edits_leave_the_assignee_alone(anna, actor):
    video = VideoFactory(assignee=anna, title="Old")

    update_video(video=video, values={"title": "New"}, actor=actor)

    assert assignee_of(video) == "anna"


def test_assignee_that_moved_meanwhile_is_not_overwritten(anna, actor):
    video = VideoFactory(assignee=anna)

    with pytest.raises(StaleEditError) as refused:
        update_video(
            video=video,
            values={"assignee": "actor"},
            base={"assignee": ""},
            actor=actor,
        )

    assert refused.value.details["fields"]["assignee"]["theirs"] == "anna"


def test_assignment_of_many_is_reverted(anna, actor):
    mine, free = VideoFactory(assignee=actor), VideoFactory()
    videos = Video.objects.filter(pk__in=[mine.pk, free.pk])
    done = edit_videos(videos=videos, values={"assignee": "anna"}, actor=actor)

    revert = reverts.revert_change_set(change_set=done, actor=actor)
    change_sets.request_apply(revert)

    assert (assignee_of(mine), assignee_of(free)) == ("actor", "")


@pytest.mark.parametrize(("operation", "expected"), [("assign", "anna"), ("clear", "")])
def test_bulk_edit_assigns_and_clears(operation, expected, anna, actor):
    video = VideoFactory(assignee=actor)
    step = {"operation": operation, "field": "assignee", "value": "anna"}
    source = plan_source(Video.objects.filter(pk=video.pk), [step])

    run_source(change_set=ChangeSet(kind="bulk", actor=actor), source=source)

    assert assignee_of(video) == expected


def test_assign_only_where_nobody_is(anna, actor):
    mine, free = VideoFactory(assignee=actor), VideoFactory()
    step = {
        "operation": "assign",
        "field": "assignee",
        "value": "anna",
        "only_empty": True,
    }
    source = plan_source(Video.objects.filter(pk__in=[mine.pk, free.pk]), [step])

    run_source(change_set=ChangeSet(kind="bulk", actor=actor), source=source)

    assert (assignee_of(mine), assignee_of(free)) == ("actor", "anna")


def test_examples_of_a_bulk_edit_name_both_people(anna, actor):
    video = VideoFactory(assignee=actor)
    change_set = bulk_edits.start(actor=actor)
    change_set.selection = {"kind": "ticked"}
    change_set.selected_videos.create(place=1, video=video)
    step = {"operation": "assign", "field": "assignee", "value": "anna"}

    [example] = bulk_edits.try_steps(change_set, [step])

    assert [(c.old, c.new) for c in example.changes] == [("actor", "anna")]
