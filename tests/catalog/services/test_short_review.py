"""The review of Shorts: undo, rules again, answers of YouTube."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from catalog import tasks
from catalog.client import Answer
from catalog.exceptions import ReviewError
from catalog.models import Change, ChangeSet, ShortsVerdict, Video
from catalog.services import change_sets, reverts, short_review
from catalog.services.shorts import decide_shorts
from tests.factories.catalog import (
    ChangeSetFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db
YES, NO = ShortsVerdict.Verdict.YES, ShortsVerdict.Verdict.NO
HINT = "30 s may be a Short. A claim says that it may be a Short."


@pytest.fixture
def editor():
    return UserFactory()


def undecided(seconds=30, **values):
    video = VideoFactory(length_seconds=seconds, **values.pop("video", {}))
    usual = {"verdict": "unknown", "method": "rule", "evidence": HINT}
    return ShortsVerdictFactory(video=video, **{**usual, **values})


def decide(short, verdict, actor):
    videos = Video.objects.filter(pk=short.pk)
    return decide_shorts(videos=videos, verdict=verdict, actor=actor)


def test_undo_brings_back_what_stood_there(editor):
    short = undecided()
    change_set = decide(short, YES, editor)

    made = short_review.undo_decision(change_set=change_set, actor=editor)

    short.refresh_from_db()
    assert (short.verdict, short.method, short.evidence) == ("unknown", "rule", HINT)
    assert (short.decided_by, short.overruled) == (None, None)
    assert (made.state, made.reverts) == ("applied", change_set)
    last = Change.objects.filter(video=short.pk, field="short").latest("pk")
    assert (last.old, last.new, last.outcome) == ("yes", "unknown", "applied")


def test_undo_brings_back_the_proof_of_a_report(editor):
    short = undecided(verdict="yes", method="report", evidence="Listed.")
    change_set = decide(short, NO, editor)

    short_review.undo_decision(change_set=change_set, actor=editor)

    short.refresh_from_db()
    assert (short.verdict, short.method, short.evidence) == ("yes", "report", "Listed.")


def test_undo_after_somebody_decided_again_is_refused(editor):
    short = undecided()
    first = decide(short, YES, editor)
    decide(short, NO, UserFactory())

    with pytest.raises(ReviewError):
        short_review.undo_decision(change_set=first, actor=editor)

    short.refresh_from_db()
    assert short.verdict == "no"
    assert not ChangeSet.objects.filter(kind="revert").exists()


def test_undo_of_something_else_is_refused(editor):
    with pytest.raises(ReviewError, match="no decision"):
        short_review.undo_decision(change_set=ChangeSetFactory(), actor=editor)


def test_reverting_an_undo_is_a_persons_decision_again(editor):
    short = undecided()
    undone = short_review.undo_decision(
        change_set=decide(short, YES, editor), actor=editor
    )

    again = reverts.revert_change_set(change_set=undone, actor=editor)
    change_sets.request_apply(again)

    short.refresh_from_db()
    assert (short.verdict, short.method, short.decided_by) == ("yes", "manual", editor)


def run_rules(editor):
    change_set = short_review.plan_rules(actor=editor)
    change_sets.run_plan(change_set=change_set)
    change_set.refresh_from_db()
    return change_set


def test_rules_plan_only_what_would_flip(editor):
    flips = undecided(seconds=300)
    undecided(seconds=30)
    undecided(seconds=300, verdict="no")

    change_set = run_rules(editor)

    (change,) = change_set.changes.all()
    assert (change.video_id, change.old, change.new) == (flips.pk, "unknown", "no")
    flips.refresh_from_db()
    assert flips.verdict == "unknown"


def test_rules_are_applied_after_the_preview(editor):
    flips = undecided(seconds=300)

    change_sets.request_apply(run_rules(editor))

    flips.refresh_from_db()
    assert (flips.verdict, flips.method) == ("no", "rule")
    assert flips.evidence == "300 s is longer than 180 s."


@pytest.mark.parametrize("method", ["manual", "report", "probe"])
def test_rules_leave_stronger_verdicts_alone(editor, method):
    undecided(seconds=300, verdict="yes", method=method)

    assert run_rules(editor).expected_count == 0


def test_rules_skip_what_a_person_decided_since_the_plan(editor):
    first = undecided(seconds=300)
    confirmed = undecided(seconds=30, verdict="no")
    change_set = run_rules(editor)
    decide(first, YES, editor)
    decide(confirmed, NO, editor)

    change_sets.request_apply(change_set)

    assert (change_set.applied_count, change_set.skipped_count) == (0, 2)
    first.refresh_from_db()
    assert (first.verdict, first.method) == ("yes", "manual")


def test_rules_of_many_videos_are_applied_by_a_worker(editor, monkeypatch):
    for _ in range(3):
        undecided(seconds=300)
    change_set = run_rules(editor)
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)
    monkeypatch.setattr("catalog.changesets.apply.BATCH", 2)

    change_sets.request_apply(change_set)
    tasks.run_change_set(change_set_pk=change_set.pk)

    change_set.refresh_from_db()
    assert (change_set.state, change_set.applied_count) == ("applied", 3)
    assert ShortsVerdict.objects.filter(verdict="no").count() == 3


def test_rules_that_ran_can_be_reverted(editor):
    flips = undecided(seconds=300)
    change_set = run_rules(editor)
    change_sets.request_apply(change_set)

    change_sets.request_apply(
        reverts.revert_change_set(change_set=change_set, actor=editor)
    )

    flips.refresh_from_db()
    assert flips.verdict == "unknown"


def probe(answers, editor, **options):
    asked = []

    def ask(video_id):
        asked.append(video_id)
        return answers(video_id) if callable(answers) else answers

    count = short_review.probe_shorts(ask=ask, actor=editor, **options)
    return count, asked


@pytest.mark.parametrize("verdict", ["yes", "no"])
def test_clear_answer_becomes_a_verdict_with_a_history(editor, verdict):
    short = undecided()

    count, _ = probe(Answer(verdict), editor)

    short.refresh_from_db()
    assert count == 1
    assert (short.verdict, short.method) == (verdict, "probe")
    assert "youtube.com/shorts answered" in short.evidence
    change = Change.objects.get(video=short.pk, field="short")
    assert (change.old, change.new, change.change_set.actor) == (
        "unknown",
        verdict,
        editor,
    )


def test_unclear_answer_is_noted_and_decides_nothing(editor):
    short = undecided()

    count, _ = probe(Answer("unknown", "Status 429."), editor)

    short.refresh_from_db()
    assert (count, short.verdict, short.probe_note) == (0, "unknown", "Status 429.")
    assert not ChangeSet.objects.exists()


def test_unclear_answers_in_a_row_end_the_questions(editor):
    for _ in range(8):
        undecided()

    _, asked = probe(Answer("unknown", "Status 429."), editor)

    assert len(asked) == short_review.UNKNOWN_LIMIT


def test_only_what_can_be_asked_is_asked(editor):
    wanted = undecided()
    undecided(method="manual")
    undecided(verdict="no")
    undecided(video={"privacy_status": "private"})
    undecided(video={"not_found_at": datetime(2026, 1, 1, tzinfo=UTC)})
    undecided(video={"published_at": timezone.now() - timedelta(hours=3)})
    undecided(probed_at=timezone.now() - timedelta(days=1))

    _, asked = probe(Answer("yes"), editor)

    assert asked == [wanted.video.video_id]


def test_answers_are_saved_on_the_way(editor):
    for _ in range(short_review.SAVED_TOGETHER + 2):
        undecided()

    def answer(video_id):
        saved = ShortsVerdict.objects.filter(verdict="yes").count()
        return Answer("yes", str(saved))

    count, _ = probe(answer, editor)

    assert count == short_review.SAVED_TOGETHER + 2
    notes = set(ShortsVerdict.objects.values_list("probe_note", flat=True))
    assert notes == {"0", str(short_review.SAVED_TOGETHER)}


def test_person_who_decides_during_the_questions_wins(editor):
    short = undecided()

    def answer(video_id):
        decide(short, YES, editor)
        return Answer("no")

    probe(answer, editor)

    short.refresh_from_db()
    assert (short.verdict, short.method) == ("yes", "manual")


def test_task_asks_nothing_while_the_setting_is_off(editor, settings):
    settings.SHORTS_PROBE_BASE = "http://127.0.0.1:1"
    short = undecided()

    tasks.probe_shorts(user_pk=editor.pk)

    short.refresh_from_db()
    assert short.probed_at is None


def test_task_asks_when_the_setting_is_on(editor, settings):
    settings.SHORTS_PROBE_ENABLED = True
    settings.SHORTS_PROBE_BASE = "http://127.0.0.1:1"
    short = undecided()

    tasks.probe_shorts(user_pk=editor.pk)

    short.refresh_from_db()
    assert short.verdict == "unknown"
    assert "did not answer" in short.probe_note
