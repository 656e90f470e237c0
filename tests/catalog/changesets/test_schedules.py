"""A publishing time leans on the privacy that the same plan gives."""

import pytest

from catalog.changesets import selection
from catalog.models import Change, ChangeSet, Video
from catalog.services import change_sets
from catalog.services.edits import run_change_set
from tests.factories.catalog import UserFactory, VideoFactory

pytestmark = pytest.mark.django_db
LATER = "2099-01-01T00:00:00Z"


@pytest.fixture
def plan():
    """Plan these values for one video."""

    def make(video, **values):
        made = change_sets.start_change_set(
            kind=ChangeSet.Kind.BULK,
            actor=UserFactory(),
            plan_source={"name": "values", "values": values},
        )
        selection.select_ticked(made, [video.pk])
        change_sets.request_plan(made)
        return made

    return make


def rows(change_set, field):
    return change_set.changes.filter(field=field)


def test_schedule_is_refused_once_its_privacy_is_left_out(plan):
    video = VideoFactory(privacy_status="public")
    change_set = plan(video, privacy_status="private", publish_at=LATER)

    change_sets.leave_out(change_set, rows(change_set, "privacy_status"))

    schedule = rows(change_set, "publish_at").get()
    assert schedule.outcome == "invalid"
    assert "Only a private video" in schedule.findings[0]["text"]
    assert (change_set.expected_count, change_set.invalid_count) == (0, 1)


def test_schedule_is_planned_again_with_its_privacy(plan):
    video = VideoFactory(privacy_status="public")
    change_set = plan(video, privacy_status="private", publish_at=LATER)
    privacy = rows(change_set, "privacy_status")
    change_sets.leave_out(change_set, privacy)

    change_sets.take_in(change_set, privacy)

    schedule = rows(change_set, "publish_at").get()
    assert (schedule.outcome, schedule.findings) == ("planned", None)
    assert (change_set.expected_count, change_set.invalid_count) == (2, 0)


def test_privacy_is_warned_of_once_the_cleared_schedule_is_left_out(plan):
    video = VideoFactory(privacy_status="private", publish_at=LATER)
    change_set = plan(video, privacy_status="public", publish_at="")
    schedule = rows(change_set, "publish_at")

    change_sets.leave_out(change_set, schedule)
    warned = rows(change_set, "privacy_status").get().findings
    change_sets.take_in(change_set, schedule)

    assert [finding["level"] for finding in warned] == ["warning"]
    assert rows(change_set, "privacy_status").get().findings is None


def test_other_findings_stay_when_a_plan_is_judged_again(plan):
    video = VideoFactory(privacy_status="public")
    change_set = plan(video, privacy_status="private", publish_at=LATER)
    note = {"level": "warning", "text": "From a sheet."}
    rows(change_set, "publish_at").update(findings=[note])

    change_sets.leave_out(change_set, rows(change_set, "privacy_status"))
    refused = rows(change_set, "publish_at").get()
    change_sets.take_in(change_set, rows(change_set, "privacy_status"))

    assert [finding["level"] for finding in refused.findings] == ["warning", "error"]
    assert rows(change_set, "publish_at").get().findings == [note]


def test_schedule_is_skipped_when_its_privacy_moved_before_the_apply(plan):
    video = VideoFactory(privacy_status="public")
    change_set = plan(video, privacy_status="private", publish_at=LATER)
    others = Video.objects.filter(pk=video.pk)
    run_change_set(
        videos=others,
        values={"privacy_status": "unlisted"},
        actor=UserFactory(),
        kind=ChangeSet.Kind.FORM,
    )

    change_sets.request_apply(change_set)

    video.refresh_from_db()
    assert (video.privacy_status, video.publish_at) == ("unlisted", "")
    assert (change_set.applied_count, change_set.skipped_count) == (0, 2)
    outcomes = change_set.changes.values_list("outcome", flat=True)
    assert set(outcomes) == {Change.Outcome.MOVED}
