"""The life of a change set: plan, preview, apply, cancel, fail, resume, expire."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from catalog import tasks
from catalog.changesets import preview, selection, sources
from catalog.changesets.sources import Expression
from catalog.exceptions import ChangeSetStateError, PlanFailedError, SelectionError
from catalog.models import Change, ChangeSet, Video
from catalog.services import applying, change_sets
from tests.factories.catalog import AssetFactory, UserFactory, VideoFactory

pytestmark = pytest.mark.django_db
State = ChangeSet.State


@selection.lister("test")
def _titled(query, actor):
    return Video.objects.filter(title__startswith=query)


@sources.planner("test_suffix")
def _suffix(change_set):
    videos = selection.selected_videos(change_set)
    suffix = change_set.plan_source["suffix"]
    return sources.expressions(
        videos, {"title": Expression("v.title || %s", (suffix,))}
    )


@pytest.fixture
def editor():
    return UserFactory()


@pytest.fixture
def change_set(editor):
    """A draft that appends to the titles of all videos that begin with Song."""
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor,
        plan_source={"name": "test_suffix", "suffix": " (Live)"},
    )
    selection.select_filter(made, name="test", query="Song")
    return made


@pytest.fixture
def small_steps(monkeypatch):
    """Everything is work for a worker, in batches of two videos."""
    monkeypatch.setattr(change_sets, "AT_ONCE", 0)
    monkeypatch.setattr("catalog.changesets.apply.BATCH", 2)


def songs(count, **values):
    return [VideoFactory(title=f"Song {n}", **values) for n in range(count)]


def titles():
    return sorted(Video.objects.values_list("title", flat=True))


def reloaded(change_set):
    return ChangeSet.objects.get(pk=change_set.pk)


def outcomes(change_set):
    rows = change_set.changes.order_by("pk").values_list("outcome", flat=True)
    return list(rows)


def test_plan_leaves_the_catalogue_untouched(change_set):
    songs(3)
    VideoFactory(title="Another")

    change_sets.request_plan(change_set)

    assert change_set.state == State.PLANNED
    assert (change_set.expected_count, change_set.selected_count) == (3, 3)
    assert titles() == ["Another", "Song 0", "Song 1", "Song 2"]
    change = change_set.changes.order_by("pk").first()
    assert (change.old, change.new) == ("Song 0", "Song 0 (Live)")


def test_plan_counts_what_stays_and_keeps_what_is_wrong_with_a_value(change_set):
    songs(1)
    VideoFactory(title="Song " + "x" * 95)
    change_set.plan_source["suffix"] = ""
    change_set.save()
    change_sets.request_plan(change_set)
    assert (change_set.expected_count, change_set.unchanged_count) == (0, 2)

    change_set.plan_source["suffix"] = " <b>"
    change_set.save()
    change_sets.request_plan(change_set)

    assert (change_set.invalid_count, change_set.unchanged_count) == (2, 0)
    worst = change_set.changes.order_by("pk").last()
    assert worst.outcome == "invalid"
    assert [finding["level"] for finding in worst.findings] == ["error", "error"]
    assert "104 characters" in worst.findings[1]["text"]


def test_apply_writes_exactly_the_planned_rows(change_set):
    songs(2)
    change_sets.request_plan(change_set)
    songs(1)

    change_sets.request_apply(change_set)

    assert reloaded(change_set).state == State.APPLIED
    assert reloaded(change_set).applied_count == 2
    assert titles() == ["Song 0", "Song 0 (Live)", "Song 1 (Live)"]


def test_apply_skips_what_moved_since_the_plan(change_set, editor):
    first, _ = songs(2)
    change_sets.request_plan(change_set)
    edit = change_sets.start_change_set(
        kind=ChangeSet.Kind.FORM,
        actor=editor,
        plan_source={"name": "values", "values": {"title": "Edited"}},
        has_preview=False,
    )
    selection.select_ticked(edit, [first.pk])
    change_sets.request_plan(edit)
    assert edit.state == State.APPLIED

    change_sets.request_apply(change_set)

    assert titles() == ["Edited", "Song 1 (Live)"]
    assert outcomes(change_set) == ["moved", "applied"]
    assert reloaded(change_set).skipped_count == 1


def test_rows_are_left_out_and_taken_in_again(change_set):
    songs(3)
    change_sets.request_plan(change_set)
    first, second, _ = change_set.changes.order_by("pk")

    change_sets.leave_out(change_set, change_set.changes.exclude(pk=first.pk))
    assert (change_set.expected_count, change_set.excluded_count) == (1, 2)
    change_sets.take_in(change_set, Change.objects.filter(pk=second.pk))
    change_sets.request_apply(change_set)

    assert titles() == ["Song 0 (Live)", "Song 1 (Live)", "Song 2"]
    assert reloaded(change_set).excluded_count == 1


def test_worker_plans_and_applies_in_batches(change_set, small_steps):
    songs(5)
    change_sets.request_plan(change_set)
    assert change_set.state == State.PLANNING
    tasks.run_change_set(change_set.pk)
    planned = reloaded(change_set)
    assert (planned.state, planned.expected_count) == (State.PLANNED, 5)

    change_sets.request_apply(planned)
    assert planned.state == State.APPLYING
    tasks.run_change_set(change_set.pk)

    done = reloaded(change_set)
    assert (done.state, done.applied_count, done.skipped_count) == ("applied", 5, 0)
    assert titles() == [f"Song {n} (Live)" for n in range(5)]
    assert set(Video.objects.values_list("row_version", flat=True)) == {2}


def test_task_run_twice_applies_once(change_set, small_steps):
    songs(3)
    change_sets.request_plan(change_set)
    tasks.run_change_set(change_set.pk)
    change_sets.request_apply(reloaded(change_set))

    tasks.run_change_set(change_set.pk)
    tasks.run_change_set(change_set.pk)

    assert titles() == [f"Song {n} (Live)" for n in range(3)]
    assert reloaded(change_set).applied_count == 3


def test_slice_that_is_over_is_taken_up_by_another_job(change_set, small_steps):
    songs(5)
    change_sets.request_plan(change_set)
    tasks.run_change_set(change_set.pk)
    planned = reloaded(change_set)
    change_sets.request_apply(planned)

    assert applying.run_apply(change_set=planned, seconds=0) is False
    assert reloaded(change_set).state == State.APPLYING
    assert applying.run_apply(change_set=planned) is True

    assert reloaded(change_set).applied_count == 5


def test_cancel_stops_at_the_edge_of_a_batch(change_set, small_steps, monkeypatch):
    songs(5)
    change_sets.request_plan(change_set)
    tasks.run_change_set(change_set.pk)
    planned = reloaded(change_set)
    change_sets.request_apply(planned)
    applying._apply_batch(planned.pk)

    change_sets.cancel(reloaded(change_set))
    tasks.run_change_set(change_set.pk)

    done = reloaded(change_set)
    assert (done.state, done.applied_count) == (State.CANCELLED, 2)
    assert outcomes(done) == ["applied"] * 2 + ["cancelled"] * 3
    assert titles()[:3] == ["Song 0 (Live)", "Song 1 (Live)", "Song 2"]


def test_failed_application_is_resumed_where_it_stopped(
    change_set, small_steps, monkeypatch
):
    songs(5)
    change_sets.request_plan(change_set)
    tasks.run_change_set(change_set.pk)
    planned = reloaded(change_set)
    change_sets.request_apply(planned)
    applying._apply_batch(planned.pk)
    with monkeypatch.context() as broken:
        broken.setattr(applying.apply, "apply_next_batch", refuse)
        tasks.run_change_set(change_set.pk)
    failed = reloaded(change_set)
    assert (failed.state, failed.applied_count) == (State.FAILED, 2)
    assert "tuple was refused" in failed.error

    change_sets.resume(failed)
    tasks.run_change_set(change_set.pk)

    assert reloaded(change_set).applied_count == 5
    assert set(Video.objects.values_list("row_version", flat=True)) == {2}


def refuse(change_set):
    raise DatabaseError("tuple was refused")


def test_plan_that_cannot_be_worked_out_fails_with_the_reason(editor, small_steps):
    songs(1)
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor,
        plan_source={"name": "test_division"},
    )
    selection.select_filter(made, name="test", query="Song")
    change_sets.request_plan(made)

    tasks.run_change_set(made.pk)

    failed = reloaded(made)
    assert failed.state == State.FAILED
    assert "invalid regular expression" in failed.error


@sources.planner("test_division")
def _bad_regex(change_set):
    videos = selection.selected_videos(change_set)
    wrong = Expression("regexp_replace(v.title, %s, '')", ("(",))
    return sources.expressions(videos, {"title": wrong})


def test_small_plan_that_cannot_be_worked_out_stays_a_draft(editor):
    songs(1)
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK, actor=editor, plan_source={"name": "test_division"}
    )
    selection.select_filter(made, name="test", query="Song")

    with pytest.raises(PlanFailedError, match="invalid regular expression"):
        change_sets.request_plan(made)

    assert reloaded(made).state == State.DRAFT


def test_selection_of_an_unknown_list_is_refused(change_set):
    selection.select_filter(change_set, name="gone", query="")

    with pytest.raises(SelectionError):
        change_sets.request_plan(change_set)


@pytest.mark.parametrize("state", ["applied", "discarded", "applying", "cancelled"])
def test_plan_is_refused_in_another_state(change_set, state):
    ChangeSet.objects.filter(pk=change_set.pk).update(state=state)

    with pytest.raises(ChangeSetStateError):
        change_sets.request_plan(change_set)


def test_nothing_to_apply_is_refused(change_set):
    change_sets.request_plan(change_set)

    with pytest.raises(PlanFailedError, match="Nothing is left"):
        change_sets.request_apply(change_set)


def test_discarded_plan_cannot_be_applied(change_set):
    songs(1)
    change_sets.request_plan(change_set)

    change_sets.discard(change_set)

    with pytest.raises(ChangeSetStateError):
        change_sets.request_apply(change_set)
    assert titles() == ["Song 0"]


def test_plans_expire_after_a_week(change_set):
    songs(1)
    change_sets.request_plan(change_set)
    fresh = ChangeSet.objects.create(kind="bulk", state=State.PLANNED)
    before = timezone.now() - timedelta(days=7, minutes=1)
    ChangeSet.objects.filter(pk=change_set.pk).update(
        created_at=before, planned_at=before
    )

    tasks.expire_plans(0)

    assert reloaded(change_set).state == State.EXPIRED
    assert reloaded(fresh).state == State.PLANNED


def test_week_begins_anew_with_a_corrected_plan(change_set):
    songs(1)
    before = timezone.now() - timedelta(days=8)
    ChangeSet.objects.filter(pk=change_set.pk).update(created_at=before)
    change_sets.request_plan(change_set)

    tasks.expire_plans(0)

    assert reloaded(change_set).state == State.PLANNED


def test_another_plan_than_the_previewed_one_is_not_applied(change_set):
    songs(1)
    change_sets.request_plan(change_set)
    previewed = change_set.plan_version
    change_set.plan_source["suffix"] = " (Demo)"
    change_set.save()
    change_sets.request_plan(change_set)

    with pytest.raises(ChangeSetStateError, match="made anew"):
        change_sets.request_apply(change_set, previewed=previewed)
    assert titles() == ["Song 0"]

    change_sets.request_apply(change_set, previewed=change_set.plan_version)
    assert titles() == ["Song 0 (Demo)"]


def test_row_that_was_left_out_stays_out_when_the_plan_is_corrected(change_set):
    first, _ = songs(2)
    change_sets.request_plan(change_set)
    change_sets.leave_out(change_set, change_set.changes.filter(video=first))
    change_set.plan_source["suffix"] = " (Demo)"
    change_set.save()

    change_sets.request_plan(change_set)

    assert outcomes(change_set) == ["excluded", "planned"]
    assert (change_set.expected_count, change_set.excluded_count) == (1, 1)


def test_drift_counts_who_came_and_who_left(change_set):
    songs(2)
    change_sets.request_plan(change_set)
    VideoFactory(title="Song of today")
    change_set.selection["query"] = "Song o"
    change_set.save()

    found = preview.drift(change_set)

    assert (found.only_now_count, found.no_more_count) == (1, 2)


def test_lost_job_is_queued_again(change_set, small_steps):
    songs(1)
    change_sets.request_plan(change_set)

    tasks.requeue_lost_change_sets(0)
    again = reloaded(change_set).job_id
    tasks.requeue_lost_change_sets(0)

    assert again is not None
    assert reloaded(change_set).job_id == again


def test_value_of_a_video_without_asset_is_planned_with_a_warning(editor):
    with_asset = VideoFactory(primary_asset=AssetFactory(), label="Old")
    without = VideoFactory(label="Old")
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor,
        plan_source={"name": "values", "values": {"label": "New"}},
    )
    selection.select_ticked(made, [with_asset.pk, without.pk])

    change_sets.request_plan(made)

    assert (made.expected_count, made.warning_count) == (2, 1)
    warned = made.changes.get(video=without)
    assert warned.findings[0]["level"] == "warning"


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"publish_at": "2099-01-01T00:00:00Z"}, "Only a private video"),
        (
            {"publish_at": "2001-01-01T00:00:00Z", "privacy_status": "private"},
            "in the past",
        ),
        ({"publish_at": "2099-01-01T00:00:00Z", "privacy_status": "private"}, None),
        ({"publish_at": ""}, None),
    ],
)
def test_schedule_is_for_private_videos_and_the_future(editor, values, word):
    video = VideoFactory(privacy_status="public", publish_at="")
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor,
        plan_source={"name": "values", "values": values},
    )
    selection.select_ticked(made, [video.pk])

    change_sets.request_plan(made)

    texts = [f["text"] for c in made.changes.all() for f in c.findings or ()]
    assert texts == [] if word is None else word in texts[0]


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({"privacy_status": "public"}, True),
        ({"privacy_status": "unlisted"}, True),
        ({"privacy_status": "public", "publish_at": ""}, False),
    ],
)
def test_scheduled_video_is_made_public_with_a_warning(editor, values, warned):
    video = VideoFactory(privacy_status="private", publish_at="2099-01-01T00:00:00Z")
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor,
        plan_source={"name": "values", "values": values},
    )
    selection.select_ticked(made, [video.pk])

    change_sets.request_plan(made)

    change = made.changes.get(field="privacy_status")
    assert (change.outcome, bool(change.findings)) == ("planned", warned)
    assert bool(change_sets.warnings_of(made)) == warned


def test_rows_of_a_video_stand_as_its_form_has_the_fields(editor):
    values = {"notes": "n", "label": "L", "isrc": "QZABC2500001", "title": "T"}
    first, second = VideoFactory.create_batch(2)
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor,
        plan_source={"name": "values", "values": values},
    )
    selection.select_ticked(made, [second.pk, first.pk])

    change_sets.request_plan(made)

    rows = made.changes.order_by("video_id", "pk").values_list("video_id", "field")
    assert list(rows) == [
        (video.pk, name)
        for video in (first, second)
        for name in ("title", "isrc", "label", "notes")
    ]
