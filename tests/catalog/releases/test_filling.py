"""Decisions about matches, and the change set that they lead to."""

import pytest

from catalog.exceptions import MatchDecisionError, PlanFailedError
from catalog.models import ReleaseMatch
from catalog.releases import decisions, filling
from catalog.services import change_sets
from tests.catalog.releases.conftest import list_of, match_of, release
from tests.factories.catalog import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return UserFactory()


@pytest.fixture
def accept(actor):
    return lambda matches: decisions.accept_matches(matches=matches, actor=actor)


def all_matches():
    return ReleaseMatch.objects.all()


def planned(change_set):
    rows = change_set.changes.filter(outcome="planned")
    return {(change.field): change.new for change in rows}


def test_accepted_match_fills_what_is_missing(loaded, video, accept, actor):
    ours = video(title="Ada Lovelace - Night Engine", label="Kept Label")
    loaded(list_of(release()))
    accept(all_matches())

    change_set = filling.plan_filling(actor=actor)

    assert planned(change_set) == {
        "isrc": "GBAYE6800001",
        "upc": "036000291452",
        "artist": ["Ada Lovelace"],
        "album": "First Notes",
        "genre": ["Pop"],
    }
    change_sets.request_apply(change_set)
    ours.refresh_from_db()
    assert (ours.isrc, ours.label) == ("GBAYE6800001", "Kept Label")
    assert change_set.get_kind_display() == "Fill from releases"


def test_values_are_overwritten_only_when_asked(loaded, video, accept, actor):
    video(title="Ada Lovelace - Night Engine", label="Old Label")
    loaded(list_of(release()))
    accept(all_matches())

    change_set = filling.plan_filling(actor=actor, names=["label"], overwrites=True)

    assert planned(change_set) == {"label": "Analytical Records"}


def test_empty_values_of_a_release_never_clear(loaded, video, accept, actor):
    video(title="Ada Lovelace - Night Engine", label="Old Label")
    loaded(list_of(release(label="", genre="")))
    accept(all_matches())

    change_set = filling.plan_filling(actor=actor, overwrites=True)

    assert not {"label", "genre"} & set(planned(change_set))


def test_nothing_accepted_is_no_plan(loaded, video, actor):
    video(title="Ada Lovelace - Night Engine")
    loaded(list_of(release()))

    with pytest.raises(PlanFailedError):
        filling.plan_filling(actor=actor)


def test_plan_without_a_field_is_refused(actor):
    with pytest.raises(PlanFailedError):
        filling.plan_filling(actor=actor, names=[])


def test_accepting_all_takes_the_sure_and_clear_ones(loaded, video, actor):
    sure = video(isrc="GBAYE6800001", title="Night Engine")
    unsure = video(title="Night Engines of Ada", length_seconds=216)
    torn = video(isrc="GBAYE6800003", title="Both")
    loaded(
        list_of(
            release(),
            release(isrc="GBAYE6800003", title="Both"),
            release(isrc="GBAYE6800003", title="Both", upc="4006381333931"),
        )
    )

    count = decisions.accept_clear_matches(matches=all_matches(), least=95, actor=actor)

    assert count == 1
    assert match_of(sure).state == "accepted"
    assert not all_matches().accepted().filter(video__in=[unsure, torn]).exists()


def test_accepting_one_of_several_refuses_its_rivals(loaded, video, accept):
    video(isrc="GBAYE6800001", title="Night Engine")
    loaded(list_of(release(), release(upc="4006381333931")))
    chosen = all_matches().first()

    accept(all_matches().filter(pk=chosen.pk))

    states = set(all_matches().values_list("pk", "state"))
    assert (chosen.pk, "accepted") in states
    assert sorted(state for _, state in states) == ["accepted", "refused"]


def test_accepting_several_for_one_video_is_refused(loaded, video, accept):
    video(isrc="GBAYE6800001", title="Night Engine")
    loaded(list_of(release(), release(upc="4006381333931")))

    with pytest.raises(MatchDecisionError, match="Night Engine"):
        accept(all_matches())

    assert all_matches().proposed().count() == 2


def test_refusing_one_of_two_makes_the_other_clear(loaded, video, actor):
    video(isrc="GBAYE6800001", title="Night Engine")
    loaded(list_of(release(), release(upc="4006381333931")))
    first, second = all_matches()

    decisions.refuse_matches(matches=all_matches().filter(pk=first.pk), actor=actor)

    second.refresh_from_db()
    assert not second.is_ambiguous


def test_decision_can_be_taken_back(loaded, video, accept):
    video(isrc="GBAYE6800001", title="Night Engine")
    loaded(list_of(release(), release(upc="4006381333931")))
    accept(all_matches().filter(pk=all_matches().first().pk))

    decisions.reopen_matches(matches=all_matches().accepted())

    assert all_matches().proposed().count() == 2
    assert all(match.is_ambiguous for match in all_matches())


def test_many_accepted_matches_wait_for_a_worker(loaded, video, accept, actor):
    video(title="Ada Lovelace - Night Engine")
    loaded(list_of(release()))
    accept(all_matches())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(change_sets, "AT_ONCE", 0)
        change_set = filling.plan_filling(actor=actor)
    assert change_set.state == "planning"
    change_sets.run_plan(change_set=change_set)

    change_set.refresh_from_db()
    assert (change_set.state, change_set.expected_count) == ("planned", 6)
