"""The review of Shorts: list, cards, decisions, undo, rules, questions to YouTube."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog import tasks
from catalog.models import ChangeSet, ShortsVerdict
from tests.factories.catalog import ShortsVerdictFactory, VideoFactory

pytestmark = pytest.mark.django_db
LIST = "admin:catalog_shortsverdict_changelist"
JSON = {"Accept": "application/json"}


def undecided(seconds=30, **values):
    video = VideoFactory(length_seconds=seconds)
    usual = {"verdict": "unknown", "evidence": "30 s may be a Short."}
    return ShortsVerdictFactory(video=video, **{**usual, **values})


def address(name):
    return reverse(f"admin:catalog_shortsverdict_{name}")


def test_list_has_the_undecided_ones_only(viewer):
    short = undecided()
    ShortsVerdictFactory(verdict="no")
    ShortsVerdictFactory(verdict="yes")

    page = viewer.get(reverse(LIST))

    assert [row.pk for row in page.context["cl"].queryset] == [short.pk]
    assert "Review with the keyboard" not in page.rendered_content


def test_list_of_many_asks_few_queries(viewer, django_assert_max_num_queries):
    for _ in range(20):
        undecided()

    with django_assert_max_num_queries(25):
        page = viewer.get(reverse(LIST))

    assert page.context["cl"].result_count == 20


@pytest.mark.parametrize(
    ("query", "count"), [("length=minute", 1), ("length=more", 1), ("hint=yes", 1)]
)
def test_list_can_be_narrowed(viewer, query, count):
    undecided(seconds=30)
    undecided(seconds=90, evidence="A claim says that it may be a Short.")

    page = viewer.get(f"{reverse(LIST)}?{query}")

    assert page.context["cl"].result_count == count


@pytest.mark.parametrize(
    ("action", "verdict"), [("are_shorts", "yes"), ("are_no_shorts", "no")]
)
def test_ticked_ones_are_decided_together(editor, action, verdict):
    keys = [undecided().pk for _ in range(3)]

    editor.post(reverse(LIST), {"action": action, "_selected_action": keys})

    decided = ShortsVerdict.objects.filter(verdict=verdict, decided_by=editor.person)
    assert decided.count() == 3


@pytest.mark.parametrize("way", ["one", "grid"])
def test_cards_show_what_is_needed_to_decide(editor, way):
    short = undecided(probe_note="YouTube answered with status 429.")

    page = editor.get(f"{address('review')}?way={way}").rendered_content

    assert short.video.title in page
    assert "30 s may be a Short." in page
    assert "0:30" in page
    assert "2021-05-04" in page
    assert "status 429" in page


def test_cards_come_page_by_page(editor, monkeypatch):
    monkeypatch.setattr("catalog.admin.shorts_review.CARDS", 2)
    keys = sorted((undecided().pk for _ in range(3)), reverse=True)

    first = editor.get(address("review"))
    second = editor.get(first.context["next"])

    assert [card["video"].pk for card in first.context["cards"]] == keys[:2]
    assert [card["video"].pk for card in second.context["cards"]] == keys[2:]
    assert second.context["next"] == ""


@pytest.mark.parametrize("after", ["x", "-1", "²"])
def test_nonsense_in_the_address_shows_the_first_cards(editor, after):
    undecided()

    page = editor.get(address("review"), {"after": after})

    assert len(page.context["cards"]) == 1


def test_nothing_to_decide_is_told(editor):
    assert "Nothing to decide" in editor.get(address("review")).rendered_content


def test_decision_and_undo_by_the_script(editor):
    short = undecided()

    said = editor.post(
        address("decide"), {"video": short.pk, "verdict": "yes"}, headers=JSON
    )
    short.refresh_from_db()
    after_decision = short.verdict
    undone = editor.post(address("undo"), said.json(), headers=JSON)

    short.refresh_from_db()
    assert (said.status_code, undone.status_code) == (200, 200)
    assert (after_decision, short.verdict) == ("yes", "unknown")


def test_decision_and_undo_without_a_script(editor):
    short = undecided()

    page = editor.post(
        address("decide"), {"video": short.pk, "verdict": "no"}, follow=True
    )
    short.refresh_from_db()
    after_decision = short.verdict
    editor.post(address("undo"), {"change_set": page.context["undo"]}, follow=True)

    short.refresh_from_db()
    assert (after_decision, short.verdict) == ("no", "unknown")


@pytest.mark.parametrize(
    "sent", [{}, {"video": "x", "verdict": "yes"}, {"video": "1", "verdict": "maybe"}]
)
def test_decision_without_sense_is_refused(editor, sent):
    said = editor.post(address("decide"), sent, headers=JSON)

    assert said.status_code == 400
    assert not ChangeSet.objects.exists()


def test_undo_that_comes_too_late_says_so(editor):
    short = undecided()
    decide = {"video": short.pk, "verdict": "yes"}
    first = editor.post(address("decide"), decide, headers=JSON).json()
    editor.post(address("decide"), {**decide, "verdict": "no"}, headers=JSON)

    said = editor.post(address("undo"), first, headers=JSON)

    assert said.status_code == 409
    assert "decided about this video again" in said.json()["error"]


@pytest.mark.security
def test_nobody_undoes_the_decision_of_somebody_else(editor):
    change_set = ChangeSet.objects.create(kind="bulk", state="applied")

    said = editor.post(address("undo"), {"change_set": change_set.pk}, headers=JSON)

    assert said.status_code == 404


def test_rules_open_a_planned_change_set(editor, django_capture_on_commit_callbacks):
    undecided(seconds=300)

    with django_capture_on_commit_callbacks(execute=True):
        page = editor.post(address("rules"), follow=True)

    change_set = ChangeSet.objects.get()
    assert change_set.state == "planning"
    assert change_set.job_id is not None
    assert page.request["PATH_INFO"].endswith(f"/{change_set.pk}/change/")


def test_planned_verdicts_are_shown_before_they_are_applied(editor):
    undecided(seconds=300)
    editor.post(address("rules"))
    change_set = ChangeSet.objects.get()
    tasks.run_change_set(change_set_pk=change_set.pk)

    page = editor.get(
        reverse("admin:catalog_changeset_change", args=[change_set.pk])
    ).rendered_content

    assert "Apply 1 change" in page
    assert "unknown" in page


def jobs():
    return ProcrastinateJob.objects.filter(task_name="catalog.tasks.probe_shorts")


def test_youtube_is_asked_by_a_worker_once_at_a_time(editor, settings):
    settings.SHORTS_PROBE_ENABLED = True
    undecided()

    shown = editor.get(reverse(LIST)).rendered_content
    for _ in range(2):
        editor.post(address("probe"))

    assert "Ask YouTube" in shown
    assert jobs().count() == 1


def test_youtube_is_not_asked_while_that_is_switched_off(editor):
    shown = editor.get(reverse(LIST)).rendered_content
    said = editor.post(address("probe"), follow=True)

    assert "Ask YouTube" not in shown
    assert "switched off" in said.rendered_content
    assert not jobs().exists()


@pytest.mark.security
@pytest.mark.parametrize("name", ["decide", "undo", "rules", "probe"])
def test_viewer_may_change_nothing(viewer, name):
    assert viewer.post(address(name)).status_code == 403


@pytest.mark.security
def test_viewer_and_outsider_get_no_cards(viewer, outsider):
    assert viewer.get(address("review")).status_code == 403
    assert outsider.get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize("name", ["decide", "undo", "rules", "probe"])
def test_buttons_take_posts_only(editor, name):
    assert editor.get(address(name)).status_code == 405
