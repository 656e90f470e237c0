"""A person decides conflicts, one by one or a whole selection at once."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.exceptions import ConflictSnapshotError, StaleEditError
from catalog.models import Change, ChangeSet, Conflict, Video
from catalog.services.conflicts import resolve_conflict, resolve_conflicts, seen_now
from catalog.services.videos import update_video
from tests.catalog.observations.conftest import (  # noqa: F401 - fixtures
    edit,
    editor,
    observe,
    owner,
    video,
)
from tests.catalog.observations.test_concurrency import in_thread
from tests.factories.catalog import ConflictFactory, UserFactory, VideoFactory
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db


def make_conflict(number=0, field="title", **values):
    video = VideoFactory(title=f"Ours {number}", snapshot__title=f"Theirs {number}")
    given = {"base": "Old", "ours": f"Ours {number}", "theirs": f"Theirs {number}"}
    return ConflictFactory(video=video, field=field, **given | values)


@pytest.mark.parametrize(
    ("take_theirs", "title", "state"),
    [(True, "Theirs 0", "took_theirs"), (False, "Ours 0", "kept_ours")],
)
def test_conflict_is_resolved_by_a_person(editor, take_theirs, title, state):  # noqa: F811
    conflict = make_conflict()

    resolve_conflict(conflict=conflict, take_theirs=take_theirs, actor=editor)

    assert Video.objects.get().title == title
    resolved = Conflict.objects.get()
    assert (resolved.state, resolved.closed_by) == (state, editor)


def test_selection_is_one_change_set(editor):  # noqa: F811
    for number in range(3):
        make_conflict(number)

    resolution = resolve_conflicts(
        conflicts=Conflict.objects.all(), take_theirs=True, actor=editor
    )

    change_set = ChangeSet.objects.get()
    assert (change_set.kind, change_set.actor) == ("conflict", editor)
    assert (resolution.resolved_count, resolution.left_count) == (3, 0)
    titles = set(Video.objects.values_list("title", flat=True))
    assert titles == {"Theirs 0", "Theirs 1", "Theirs 2"}
    assert not Video.objects.exclude(pending_fields=[]).exists()


@pytest.mark.parametrize("take_theirs", [True, False])
def test_number_of_queries_does_not_grow(editor, take_theirs):  # noqa: F811
    def query_count(amount):
        for number in range(amount):
            make_conflict(number)
        with CaptureQueriesContext(connection) as queries:
            resolve_conflicts(
                conflicts=Conflict.objects.all(), take_theirs=take_theirs, actor=editor
            )
        return len(queries)

    query_count(1)  # what a person may see is asked once and kept
    few = query_count(101)  # from here on one event tells of all

    assert query_count(200) == few


def test_value_that_our_limits_refuse_can_be_taken(editor):  # noqa: F811
    conflict = make_conflict(theirs="A title <with brackets>")

    resolve_conflict(conflict=conflict, take_theirs=True, actor=editor)

    assert Video.objects.get().title == "A title <with brackets>"


def test_taken_values_can_be_told_from_the_change_set(editor):  # noqa: F811
    make_conflict()

    resolve_conflicts(conflicts=Conflict.objects.all(), take_theirs=True, actor=editor)

    change = Change.objects.get()
    assert (change.old, change.new, change.outcome) == (
        "Ours 0",
        "Theirs 0",
        "applied",
    )


def test_kept_values_stay_pending_and_pages_hear_of_it(editor, observe, edit):  # noqa: F811
    observe(title="Old")
    edit(title="Ours")
    observe(title="Theirs", day=1)
    before = LiveEvent.objects.filter(type="video.changed").count()

    resolve_conflicts(conflicts=Conflict.objects.all(), take_theirs=False, actor=editor)

    assert (video().title, video().pending_fields) == ("Ours", ["title"])
    assert LiveEvent.objects.filter(type="video.changed").count() == before + 1


def test_closed_conflict_is_left_alone(editor):  # noqa: F811
    conflict = make_conflict(state="kept_ours")

    assert resolve_conflict(conflict=conflict, take_theirs=True, actor=editor) is None

    assert Video.objects.get().title == "Ours 0"


def test_value_that_was_edited_without_its_conflict_is_left(editor):  # noqa: F811
    make_conflict(ours="Something else")

    resolution = resolve_conflicts(
        conflicts=Conflict.objects.all(), take_theirs=True, actor=editor
    )

    assert (resolution.resolved_count, resolution.left_count) == (0, 1)
    assert Video.objects.get().title == "Ours 0"


def test_what_no_page_sent_is_refused(editor):  # noqa: F811
    make_conflict()

    with pytest.raises(ConflictSnapshotError):
        resolve_conflicts(
            conflicts=Conflict.objects.all(),
            take_theirs=True,
            actor=editor,
            seen="5:9:",
        )


def test_empty_selection_decides_nothing(editor):  # noqa: F811
    resolution = resolve_conflicts(
        conflicts=Conflict.objects.none(), take_theirs=True, actor=editor
    )

    assert (resolution.resolved_count, resolution.change_set) == (0, None)


# Between the page and the decision; each step commits


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("take_theirs", [True, False])
def test_conflicts_that_were_seen_are_decided(take_theirs):
    make_conflict(1)
    make_conflict(2)

    resolution = resolve_conflicts(
        conflicts=Conflict.objects.all(),
        take_theirs=take_theirs,
        actor=UserFactory(),
        seen=seen_now(),
    )

    assert (resolution.resolved_count, resolution.left_count) == (2, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("take_theirs", [True, False])
def test_conflict_that_moved_since_it_was_seen_stays_open(
    observe,  # noqa: F811
    edit,  # noqa: F811
    take_theirs,
):
    make_conflict()
    observe(title="Old")
    edit(title="Ours")
    observe(title="Third", day=1)
    seen = seen_now()

    observe(title="Fourth", day=2)
    resolution = resolve_conflicts(
        conflicts=Conflict.objects.all(),
        take_theirs=take_theirs,
        actor=UserFactory(),
        seen=seen,
    )

    assert resolution.resolved_count == 1
    assert [c.theirs for c in resolution.left] == ["Fourth"]
    assert video().title == "Ours"


@pytest.mark.django_db(transaction=True)
def test_edit_since_the_page_was_made_is_not_overwritten(observe, edit, editor):  # noqa: F811
    observe(title="Old")
    edit(title="Ours")
    observe(title="Third", day=1)
    conflict, seen = Conflict.objects.get(), seen_now()
    edit(title="Better")

    with pytest.raises(StaleEditError, match="title moved"):
        resolve_conflict(conflict=conflict, take_theirs=True, actor=editor, seen=seen)

    assert video().title == "Better"
    assert Conflict.objects.get().state == "open"


@pytest.mark.django_db(transaction=True)
def test_conflict_of_a_merge_that_was_not_done_counts_as_unseen(editor):  # noqa: F811
    """Its transaction began before the page was made and commits after it."""
    written, may_commit = threading.Event(), threading.Event()

    def merge():
        with transaction.atomic():
            make_conflict()
            written.set()
            may_commit.wait(20)

    merging = in_thread(merge)
    written.wait(20)
    seen = seen_now()
    may_commit.set()
    merging.join(20)

    resolution = resolve_conflicts(
        conflicts=Conflict.objects.all(), take_theirs=True, actor=editor, seen=seen
    )

    assert (resolution.resolved_count, resolution.left_count) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_selection_that_an_edit_left_is_skipped(editor):  # noqa: F811
    first, second = make_conflict(1), make_conflict(2)
    seen = seen_now()
    update_video(video=first.video, values={"title": "Theirs 1"}, actor=editor)

    resolution = resolve_conflicts(
        conflicts=Conflict.objects.all(), take_theirs=True, actor=editor, seen=seen
    )

    states = dict(Conflict.objects.values_list("pk", "state"))
    assert states == {first.pk: "edited", second.pk: "took_theirs"}
    assert resolution.left_count == 0
