"""The history names each way in, and who let somebody else's plan be carried out."""

import pytest
from django.urls import reverse

from catalog.admin.history import history_lines
from catalog.changesets import selection
from catalog.choices import Source
from catalog.models import Change, ChangeSet, ShortsVerdict, Video
from catalog.services import change_sets, shorts
from catalog.services.custom_ids import Cause, start_clean_up
from tests.factories.catalog import (
    ChangeFactory,
    ObservationFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db


def plan_title(video, actor):
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=actor,
        plan_source={"name": "values", "values": {"title": "New title"}},
    )
    selection.select_ticked(made, [video.pk])
    change_sets.request_plan(made)
    return made


def page_of(name, row):
    return reverse(f"admin:catalog_{name}_change", args=[row.pk])


def test_plan_of_a_colleague_names_both_people(editor):
    video, colleague = VideoFactory(), UserFactory(username="planner")
    change_set = plan_title(video, colleague)

    editor.post(reverse("admin:catalog_changeset_apply", args=[change_set.pk]))

    change_set.refresh_from_db()
    assert (change_set.actor, change_set.applied_by) == (colleague, editor.person)
    applied_by = f"Applied by {editor.person.username}"
    line = next(history_lines(video.changes.history()))
    assert (line.who, line.applied_by) == ("planner", editor.person.username)
    history = editor.get(reverse("admin:catalog_change_changelist"))
    for page in (editor.get(page_of("video", video)), history):
        assert applied_by in page.content.decode()
    page = editor.get(page_of("changeset", change_set)).content.decode()
    assert f"<dt>Applied by</dt><dd>{editor.person.username}</dd>" in page


def test_plan_of_ones_own_names_one_person(editor):
    video = VideoFactory()
    change_set = plan_title(video, editor.person)

    change_sets.request_apply(change_set, actor=editor.person)

    assert change_set.applied_by == editor.person
    assert next(history_lines(video.changes.history())).applied_by == ""


def test_decision_on_shorts_has_its_own_door(editor):
    verdict = ShortsVerdictFactory(verdict="unknown", method="rule")
    videos = Video.objects.filter(pk=verdict.video_id)

    made = shorts.decide_shorts(
        videos=videos, verdict=ShortsVerdict.Verdict.YES, actor=editor.person
    )

    assert made.get_kind_display() == "Shorts review"


def test_clean_up_of_custom_ids_has_its_own_door(editor):
    VideoFactory(channel__partner_custom_id="PARTNER", custom_id="CMS")

    made = start_clean_up(cause=Cause.PERSON, actor=editor.person)

    assert made.get_kind_display() == "Clean-up of custom IDs"


@pytest.mark.parametrize(
    ("source", "door"),
    [
        (Source.REPORT, "Report"),
        (Source.REFRESH, "Refresh"),
        (Source.PUSH_REPLY, "Reply to a push"),
    ],
)
def test_what_youtube_said_names_how_it_was_heard(source, door):
    observation = ObservationFactory(source=source)
    change = ChangeFactory(change_set=None, observation=observation)

    line = next(history_lines(Change.objects.filter(pk=change.pk)))

    assert (line.who, line.door) == ("YouTube", door)


@pytest.mark.parametrize("kind", ["releases", "clean_up", "shorts"])
def test_history_and_list_filter_by_door(editor, kind):
    made = ChangeSet.objects.create(kind=kind, state="applied", actor=editor.person)
    ChangeFactory(change_set=made, observation=None, outcome="applied")
    changes = reverse("admin:catalog_change_changelist")
    change_sets_of = reverse("admin:catalog_changeset_changelist")

    rows = editor.get(f"{changes}?origin={kind}").context["cl"].result_list
    listed = editor.get(f"{change_sets_of}?kind={kind}").context["cl"].result_list

    assert len(rows) == 1
    assert list(listed) == [made]


def test_fill_from_releases_leads_to_the_accepted_matches(editor):
    made = ChangeSet.objects.create(kind="releases", actor=editor.person)

    page = editor.get(page_of("changeset", made)).content.decode()

    matches = reverse("admin:catalog_releasematch_changelist")
    assert f'href="{matches}?state=accepted"' in page
    assert "Fill from releases" in page
